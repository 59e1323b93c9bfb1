/**
 * Subscription Locator Function (TS 23.228 §5.8.1; TS 29.228 §6.4 for Dx): where a network has several HSSs, it knows which of them holds whom. It is a redirect
 * agent (RFC 6733 §6.12): it forwards nothing, and its answer names the HSS that the one who asked has to ask instead.
 * Omitted: Dh (the same for application servers), Redirect-Host-Usage (without it the answer is good for that one request).
 */
import type { Chance } from '#base/chance.ts';
import type { Effect, Input, Machine } from '#base/machine.ts';
import type { Note } from '#base/note.ts';
import type { SimTime } from '#base/time.ts';
import type { EntityView } from '#base/view.ts';
import { decided, rejected } from '#ims/node/edit.ts';
import { identityKey } from '#ims/node/identity.ts';
import { AVP, textAvp } from '#protocol/diameter/avp.ts';
import { createFailureAnswer } from '#protocol/diameter/command.ts';
import { readCxRequest } from '#protocol/diameter/cx.ts';
import type { DiameterMessage } from '#protocol/diameter/message.ts';
import { DIAMETER_PORT, type DiameterEvent, DiameterPeers } from '#protocol/diameter/peer.ts';
import { RESULT } from '#protocol/diameter/result.ts';

export interface SlfConfig {
  readonly host: string;
  readonly domain: string;
  readonly address: string;
  /** Public identities, each with the Diameter identity of its HSS. */
  readonly holders: readonly { readonly identity: string; readonly hss: string }[];
}

export class Slf implements Machine {
  readonly #config: SlfConfig;
  readonly #holders: ReadonlyMap<string, string>;
  readonly #peers: DiameterPeers<never>;

  constructor(config: SlfConfig, chance: Chance) {
    this.#config = config;
    this.#holders = new Map(config.holders.map(({ identity, hss }) => [identityKey(identity), hss]));
    this.#peers = new DiameterPeers({ host: config.host, realm: config.domain, local: { address: config.address, port: DIAMETER_PORT }, chance });
  }

  step(input: Input, now: SimTime): readonly Effect[] {
    const out: Effect[] = [];
    if (input.kind === 'bytes') for (const event of this.#peers.receive(input, now, out)) this.#answer(event, now, out);
    if (input.kind === 'deadline') this.#peers.fire(now, out);
    return out;
  }

  deadline(): SimTime | undefined {
    return this.#peers.deadline();
  }

  view(): EntityView {
    return {
      tables: [
        {
          title: 'Who is held where',
          columns: ['Public identity', 'HSS'],
          rows: [...this.#holders],
          empty: 'No identity is known here.',
        },
      ],
      timers: [],
      states: [],
    };
  }

  #answer(event: DiameterEvent<never>, now: SimTime, out: Effect[]): void {
    if (event.kind !== 'request') return;
    const { message, note } = this.#judge(event.message);
    this.#peers.respond(event, message, [note], now, out);
  }

  #judge(message: DiameterMessage): { readonly message: DiameterMessage; readonly note: Note } {
    const origin = { originHost: this.#config.host, originRealm: this.#config.domain };
    const request = readCxRequest(message);
    if (request === undefined)
      return { message: createFailureAnswer(message, origin, RESULT.commandUnsupported), note: rejected('This command is not one of Cx.', 'RFC 6733 §7.1') };
    if (request.kind === 'cx-fault') {
      return {
        message: createFailureAnswer(message, origin, request.result, request.failed),
        note: rejected(`The request cannot be understood: ${request.avp} is wrong (${request.result.name}).`, 'RFC 6733 §7'),
      };
    }
    const identity = request.kind === 'SAR' ? (request.publicIdentities[0] ?? '') : request.publicIdentity;
    const hss = this.#holders.get(identityKey(identity));
    if (hss === undefined)
      return {
        message: createFailureAnswer(message, origin, RESULT.userUnknown),
        note: rejected('No HSS of this network holds this identity.', 'TS 23.228 §5.15.2'),
      };
    const answer = createFailureAnswer(message, origin, RESULT.redirectIndication);
    return {
      message: { ...answer, avps: [...answer.avps, textAvp(AVP.redirectHost, `aaa://${hss}:${DIAMETER_PORT};transport=sctp`)] },
      note: decided(`The identity is held by ${hss}: the one who asks is sent there, for this one question.`, 'RFC 6733 §6.12'),
    };
  }
}
