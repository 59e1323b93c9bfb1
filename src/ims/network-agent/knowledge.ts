/** What the agent knows: of which users the S-CSCF has told it, and what each source said last of each subscriber. This much is on disk and outlives the machine. */
import { identityKey } from '#ims/node/identity.ts';
import type { NetworkReport, ReportPoint } from '#presence/network-report/report.ts';

export interface AgentUser {
  /** The public identity for which the S-CSCF registered the user here. */
  readonly identity: string;
  /** The S-CSCF that serves the user: where registration state is to be had. */
  server: string;
  /** Undefined until a NOTIFY has told. */
  registered: boolean | undefined;
  /** MSISDN without a plus: by which the other sources know the same person. */
  number: string | undefined;
}

export class Knowledge {
  readonly #users = new Map<string, AgentUser>();
  readonly #said = new Map<string, NetworkReport>();

  users(): readonly AgentUser[] {
    return [...this.#users.values()];
  }

  find(identity: string): AgentUser | undefined {
    return this.#users.get(identityKey(identity));
  }

  /** Whose number it is. */
  byNumber(number: string): AgentUser | undefined {
    return this.users().find((user) => user.number === number);
  }

  /** The S-CSCF tells of this user. */
  put(identity: string, server: string): AgentUser {
    const known = this.find(identity);
    if (known !== undefined) {
      known.server = server;
      return known;
    }
    const user: AgentUser = { identity, server, registered: undefined, number: undefined };
    this.#users.set(identityKey(identity), user);
    return user;
  }

  /** Keeps it as the last word of its source; false when an older one comes late. */
  hear(report: NetworkReport): boolean {
    const key = `${report.subscriber} ${report.point}`;
    const before = this.#said.get(key);
    if (before !== undefined && before.at > report.at) return false;
    this.#said.set(key, report);
    return true;
  }

  said(number: string | undefined, point: ReportPoint): NetworkReport | undefined {
    return number === undefined ? undefined : this.#said.get(`${number} ${point}`);
  }

  all(): readonly NetworkReport[] {
    return [...this.#said.values()];
  }
}
