/**
 * What an HSS tells application servers over Sh (TS 29.328 §6.1.1): here the network agent, for which Sh is Ph (TS 23.141 §4.3.5). It has peers of its own, since Sh is another application
 * than Cx. Handed to the HSS where a scenario has somebody who asks. Omitted: all data but the number, notifications.
 */
import type { Chance } from '#base/chance.ts';
import type { Effect, Endpoint, Input } from '#base/machine.ts';
import type { Note } from '#base/note.ts';
import type { SimTime } from '#base/time.ts';
import { decided, rejected } from '#ims/node/edit.ts';
import { createFailureAnswer, SH_APPLICATION } from '#protocol/diameter/command.ts';
import type { DiameterMessage } from '#protocol/diameter/message.ts';
import { DIAMETER_PORT, DiameterPeers } from '#protocol/diameter/peer.ts';
import { RESULT } from '#protocol/diameter/result.ts';
import { buildUserDataAnswer, DATA_REFERENCE, readUserDataRequest } from '#protocol/diameter/sh.ts';
import type { Subscribers } from './subscribers.ts';

export interface ShConfig {
  readonly host: string;
  readonly domain: string;
  readonly address: string;
  /** Addresses of the application servers that may ask: the operator's permission list. */
  readonly servers: readonly string[];
}

const CLAUSE = 'TS 29.328 §6.1.1.1';

export class ShService {
  readonly #config: ShConfig;
  readonly #peers: DiameterPeers<never>;

  constructor(config: ShConfig, chance: Chance) {
    this.#config = config;
    const { host, domain: realm, address } = config;
    this.#peers = new DiameterPeers({ host, realm, local: { address, port: DIAMETER_PORT }, chance, application: SH_APPLICATION });
  }

  isAbout(remote: Endpoint): boolean {
    return this.#config.servers.includes(remote.address);
  }

  deadline(): SimTime | undefined {
    return this.#peers.deadline();
  }

  step(input: Input, subscribers: Subscribers, now: SimTime, out: Effect[]): void {
    if (input.kind === 'transport-failed') this.#peers.transportFailed(input.remote, now, out);
    else if (input.kind === 'deadline') this.#peers.fire(now, out);
    else if (input.kind === 'bytes')
      for (const event of this.#peers.receive(input, now, out)) {
        if (event.kind !== 'request') continue;
        const { message, note } = this.#answer(event.message, subscribers);
        this.#peers.respond(event, message, [note], now, out);
      }
  }

  #answer(message: DiameterMessage, subscribers: Subscribers): { readonly message: DiameterMessage; readonly note: Note } {
    const origin = { originHost: this.#config.host, originRealm: this.#config.domain };
    const request = readUserDataRequest(message);
    if (request.kind === 'cx-fault')
      return {
        message: createFailureAnswer(message, origin, request.result, request.failed),
        note: rejected(`The request cannot be understood: ${request.avp} is wrong (${request.result.name}).`, 'RFC 6733 §7'),
      };
    // TS 29.328 §6.1.1.1: what a server may read is asked first, and then whether there is such a user.
    if (request.dataReference !== DATA_REFERENCE.msisdn)
      return {
        message: createFailureAnswer(message, origin, RESULT.userDataCannotBeRead),
        note: rejected('Of its users this HSS tells application servers the number and nothing else.', CLAUSE),
      };
    const subscription = subscribers.byPublic(request.publicIdentity);
    if (subscription === undefined)
      return { message: createFailureAnswer(message, origin, RESULT.userUnknown), note: rejected('Nobody has this identity here.', CLAUSE) };
    const numbers = subscription.publicIdentities.flatMap(({ identity }) => (identity.startsWith('tel:+') ? [identity.replace(/\D/g, '')] : []));
    return {
      message: buildUserDataAnswer(message, { ...origin, result: RESULT.success, numbers }),
      note: decided('The server is one of the operator, and may know the number (MSISDN) of the user.', CLAUSE),
    };
  }
}
