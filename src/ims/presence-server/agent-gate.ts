/**
 * The door for Presence External Agents on Pex (TS 23.141 (clause unchecked)): an agent shows by digest who it is (RFC 3903 §14.1, §14.3; RFC 3261 §22.2), and a list says for whom it may publish.
 * That Pex is SIP end to end and that the presence server itself asks is our choice: the stage leaves the protocol, and a gateway for it, open.
 * Omitted: Authentication-Info, TLS, agents vouched for by their own network.
 */
import type { Chance } from '#base/chance.ts';
import { type Duration, inSeconds, between, type SimTime } from '#base/time.ts';
import type { ViewTable } from '#base/view.ts';
import { DigestGuard, type DigestUser } from '#ims/node/digest-guard.ts';
import { decided, rejected } from '#ims/node/edit.ts';
import { identityKey, sameIdentity } from '#ims/node/identity.ts';
import { parseCredentials } from '#protocol/sip/credentials.ts';
import type { SipRequest } from '#protocol/sip/message.ts';
import type { AgentAdmission, AgentVerdict } from './agents.ts';

export interface KnownAgent extends DigestUser {
  /** For whom it may publish: public identities. */
  readonly presentities: readonly string[];
}

export interface AgentGateConfig {
  readonly realm: string;
  readonly agents: readonly KnownAgent[];
  readonly nonceLifetime: Duration;
}

export class AgentGate implements AgentAdmission {
  readonly #config: AgentGateConfig;
  readonly #guard: DigestGuard<KnownAgent>;

  constructor(config: AgentGateConfig, chance: Chance) {
    this.#config = config;
    this.#guard = new DigestGuard(config.agents, config.realm, chance, { lifetime: config.nonceLifetime, purpose: 'pex-nonce' });
  }

  judge(request: SipRequest, presentity: string, now: SimTime): AgentVerdict {
    const { method, body } = request;
    // RFC 3261 §22.4: a proxy may have changed the Request-URI, so it is the identity that counts.
    const isMeant = (uri: string): boolean => sameIdentity(identityKey(uri), presentity);
    const judgement = this.#guard.judge({ authorization: this.#ownCredentials(request), method, body, isMeant }, now);
    if (judgement.kind === 'challenge') {
      const { because, reason, value } = judgement;
      if (because === 'unknown')
        return refused(403, 'Nobody has agreed with an agent of that name that it may publish here.', 'RFC 3903 §14.1', 'Authorization');
      const why = `${reason} Nobody vouches for whoever publishes from outside, so it has to show who it is.`;
      return { ...refused(401, why, because === 'replayed' ? 'RFC 3903 §14.3' : 'RFC 3261 §22.2', 'Authorization'), fields: [['WWW-Authenticate', value]] };
    }
    const { username, presentities } = judgement.user;
    if (!presentities.some((one) => sameIdentity(one, presentity)))
      return refused(403, `The agent is who it says it is, ${username}, and may not publish for this user.`, 'RFC 3903 §14.1');
    const note = decided(`The response was made with the password of ${username}, which may publish for this user.`, 'RFC 3903 §14.1');
    return { kind: 'admitted', source: { kind: 'external-agent', identity: `sip:${username}` }, note };
  }

  viewTable(now: SimTime): ViewTable {
    const used = this.#guard.used(now);
    const rows = this.#config.agents.map(({ username, presentities }) => {
      const nonces = used.filter(({ user }) => user === username);
      const told = nonces.map(
        ({ nonce, count, until }) => `${nonce} (${count}${until === undefined ? '' : `, ${Math.ceil(inSeconds(between(now, until)))} s left`})`,
      );
      return [username, presentities.join(', ') || 'nobody', told.join('; ') || '–'];
    });
    return { title: 'Agents outside', columns: ['Agent', 'May publish for', 'Nonces (used how often)'], rows, empty: 'No agent outside is known.' };
  }

  /** Of several credentials those for this realm; the first, where none are. */
  #ownCredentials(request: SipRequest): string | undefined {
    const given = request.headers.lines('Authorization');
    return given.find((value) => parseCredentials(value)?.params.get('realm') === this.#config.realm) ?? given[0];
  }
}

const refused = (status: number, reason: string, clause: string, header?: string): Extract<AgentVerdict, { kind: 'refused' }> => ({
  kind: 'refused',
  status,
  fields: [],
  note: rejected(reason, clause, header),
});
