/**
 * One entity on a bench: it is fed SIP, time and wishes, and what it does comes back in readable form. Its questions to the DNS are answered from the zones of
 * the plan and its questions over Cx by the plan's own HSS, unless a test answers them itself: all from real entities and codecs, nothing pretends.
 */
import type { Effect, Endpoint, Input, Intent, Machine, SendEffect, StateChange, Transport } from '#base/machine.ts';
import type { Note } from '#base/note.ts';
import { after, seconds, START, type SimTime } from '#base/time.ts';
import { encodeDnsMessage, parseDnsMessage } from '#protocol/dns/message.ts';
import { answerQuery, createZone, type Zone } from '#protocol/dns/zone.ts';
import { type CxRequest, readCxRequest } from '#protocol/diameter/cx.ts';
import { type DiameterMessage, encodeDiameterMessage, parseDiameterMessage } from '#protocol/diameter/message.ts';
import { createRequest, createResponse, encodeSipMessage, parseSipMessage, type SipMessage, type SipRequest, type SipResponse } from '#protocol/sip/message.ts';
import { ALL_PARTS } from '#scenario/all-parts.ts';
import { buildEntities } from '#scenario/build.ts';
import { numberZone } from '#scenario/directory.ts';
import { entityOf, type NetworkPlan, planNetwork } from '#scenario/plan.ts';
import type { NetworkOptions, Role } from '#scenario/scenario.ts';
import { zonesOf } from '#scenario/zones.ts';

/** A request over Cx, answered by the test: with a message, with silence, or (undefined) by the plan's HSS. */
export type CxAnswerer = (request: CxRequest, message: DiameterMessage) => DiameterMessage | 'silence' | undefined;

export interface BenchOptions {
  readonly network?: NetworkOptions;
  readonly cx?: CxAnswerer;
  readonly seed?: number;
  /** The entity on the bench, when it is not the plan's own. */
  readonly machine?: Machine;
}

export interface Sent<M extends SipMessage = SipMessage> {
  readonly message: M;
  readonly transport: Transport;
  readonly local: Endpoint;
  readonly remote: Endpoint;
  readonly notes: readonly Note[];
}

/** What the entity did with one input, and with the answers of DNS and HSS that it asked for on the way. */
export class Outcome {
  readonly effects: Effect[] = [];
  readonly cx: CxRequest[] = [];

  get sip(): readonly Sent[] {
    return this.effects.filter((one): one is SendEffect => one.kind === 'send' && one.protocol === 'SIP').map(read);
  }
  get requests(): readonly Sent<SipRequest>[] {
    return this.sip.filter((one): one is Sent<SipRequest> => one.message.kind === 'request');
  }
  get responses(): readonly Sent<SipResponse>[] {
    return this.sip.filter((one): one is Sent<SipResponse> => one.message.kind === 'response');
  }
  /** Of the final answers. */
  get statuses(): readonly number[] {
    return this.responses.map((one) => one.message.status).filter((status) => status >= 200);
  }
  get methods(): readonly string[] {
    return this.requests.map((one) => one.message.method);
  }
  get states(): readonly StateChange[] {
    return this.effects.flatMap((one) => (one.kind === 'emit' ? [one.event] : []));
  }
  /** All notes, free-standing and travelling. */
  get notes(): readonly Note[] {
    return this.effects.flatMap((one) => (one.kind === 'note' ? [one.note] : one.kind === 'send' ? one.notes : []));
  }
  request(method: string): Sent<SipRequest> {
    const found = this.requests.find((one) => one.message.method === method);
    if (found === undefined) throw new Error(`no ${method} was sent: ${this.sip.map((one) => startLine(one.message)).join(', ') || 'nothing'}`);
    return found;
  }
  response(status: number): Sent<SipResponse> {
    const found = this.responses.find((one) => one.message.status === status);
    if (found === undefined) throw new Error(`no ${status} was sent: ${this.sip.map((one) => startLine(one.message)).join(', ') || 'nothing'}`);
    return found;
  }
}

const startLine = (message: SipMessage): string => (message.kind === 'request' ? message.method : String(message.status));

function read(effect: SendEffect): Sent {
  const message = parseSipMessage(effect.bytes);
  if (message.kind === 'sip-error') throw new Error(`an entity sent what cannot be read: ${message.reason}`);
  return { message, transport: effect.transport, local: effect.local, remote: effect.remote, notes: effect.notes };
}

const SIP_PORT = 5060;

export class EntityBench {
  readonly plan: NetworkPlan;
  readonly machine: Machine;
  readonly address: string;
  readonly host: string;
  now: SimTime = START;
  cx: CxAnswerer | undefined;
  readonly #zones: readonly Zone[];
  readonly #hss: Machine | undefined;

  constructor(role: Role, options: BenchOptions = {}) {
    this.plan = planNetwork(options.network ?? {});
    const own = entityOf(this.plan, role);
    const machines = buildEntities(this.plan, options.seed ?? 1, '2026-01-05T09:00:00Z', ALL_PARTS);
    const machine = options.machine ?? machines.get(own.id);
    if (machine === undefined) throw new Error(`no entity ${own.id}`);
    this.machine = machine;
    this.address = own.address;
    this.host = own.id;
    this.cx = options.cx;
    this.#hss = machines.get(entityOf(this.plan, own.networkRole === 'home2' ? 'hss2' : 'hss1').id);
    const zones = (['visited1', 'home1', 'home2'] as const).flatMap((network) => zonesOf(this.plan, network));
    this.#zones = [...zones, ...(this.plan.entities.has('enum1') ? [numberZone(this.plan)] : [])].map(createZone);
  }

  /** Where that entity of the plan takes SIP. */
  at(role: Role, port = SIP_PORT): Endpoint {
    return { address: entityOf(this.plan, role).address, port };
  }

  /** A message arrives from `remote` at the local `port`. */
  deliver(message: SipMessage | Uint8Array, remote: Endpoint, port = SIP_PORT, transport: Transport = 'udp'): Outcome {
    const bytes = message instanceof Uint8Array ? message : encodeSipMessage(message);
    const connection = transport === 'udp' ? {} : { connection: `${remote.address} ${remote.port}` };
    return this.step({ kind: 'bytes', bytes, transport, local: { address: this.address, port }, remote, ...connection });
  }

  /** The receiver of `sent` answers. */
  answer(sent: Sent<SipRequest>, status: number, headers: readonly (readonly [string, string])[] = [], toTag = 'peer'): Outcome {
    const response = createResponse(sent.message, status, undefined, toTag);
    for (const [name, value] of headers) response.headers.append(name, value);
    return this.deliver(response, sent.remote, sent.local.port, sent.transport);
  }

  wish(intent: Intent): Outcome {
    return this.step({ kind: 'intent', intent });
  }

  /** Lets so many seconds pass, waking the entity whenever it asks for it. */
  advance(length: number): Outcome {
    const until = after(this.now, seconds(length));
    const outcome = new Outcome();
    for (let next = this.machine.deadline(), wakes = 0; next !== undefined && next <= until; next = this.machine.deadline()) {
      if (++wakes > 100_000) throw new Error('the entity does not come to rest');
      this.now = next > this.now ? next : this.now;
      this.#run({ kind: 'deadline' }, outcome);
    }
    this.now = until;
    return outcome;
  }

  step(input: Input): Outcome {
    const outcome = new Outcome();
    this.#run(input, outcome);
    return outcome;
  }

  /** The rows of one of its tables. */
  rows(title: string): readonly (readonly string[])[] {
    const table = this.machine.view(this.now).tables.find((one) => one.title === title);
    if (table === undefined) throw new Error(`no table "${title}"`);
    return table.rows;
  }

  #run(first: Input, outcome: Outcome): void {
    const inputs = [first];
    for (let input = inputs.shift(); input !== undefined; input = inputs.shift()) {
      for (const effect of this.machine.step(input, this.now)) {
        outcome.effects.push(effect);
        if (effect.kind !== 'send') continue;
        if (effect.protocol === 'DNS') inputs.push(...this.#answerDns(effect));
        else if (effect.protocol === 'Diameter') inputs.push(...this.#answerCx(effect, outcome));
      }
    }
  }

  #answerDns(effect: SendEffect): Input[] {
    const query = parseDnsMessage(effect.bytes);
    const answer = query.kind === 'dns-error' || query.response ? undefined : answerQuery(this.#zones, query);
    return answer === undefined ? [] : [back(effect, encodeDnsMessage(answer))];
  }

  #answerCx(effect: SendEffect, outcome: Outcome): Input[] {
    const message = parseDiameterMessage(effect.bytes);
    if (message.kind === 'diameter-error') throw new Error('an entity sent Diameter that cannot be read');
    const request = message.request ? readCxRequest(message) : undefined;
    if (request !== undefined && request.kind !== 'cx-fault') {
      outcome.cx.push(request);
      const answer = this.cx?.(request, message);
      if (answer === 'silence') return [];
      if (answer !== undefined) return [back(effect, encodeDiameterMessage(answer))];
    }
    if (this.#hss === undefined || this.#hss === this.machine) return [];
    return this.#hss.step(back(effect, effect.bytes, true), this.now).flatMap((one) => (one.kind === 'send' ? [back(one, one.bytes, true)] : []));
  }
}

/** The answer to what was sent; `same` for what was sent itself, as it arrives at the other side. Both come from where the first one went. */
function back(effect: SendEffect, bytes: Uint8Array, same = false): Input {
  const { transport, local, remote, connection } = effect;
  return {
    kind: 'bytes',
    bytes,
    transport,
    local: same ? remote : local,
    remote: same ? local : remote,
    ...(connection === undefined ? {} : { connection }),
  };
}

let count = 0;

/** A request with all mandatory fields, each time a new transaction and, unless Call-ID is given, a new dialog; `fields` replaces, undefined leaves out. */
export function sipRequest(method: string, uri: string, fields: Readonly<Record<string, string | undefined>> = {}, body?: Uint8Array): SipRequest {
  count++;
  const all: Record<string, string | undefined> = {
    Via: `SIP/2.0/UDP [2001:db8:ffff::1];branch=z9hG4bKbench${count}`,
    'Max-Forwards': '70',
    From: '<sip:user1_public1@home1.net>;tag=bench',
    To: `<${uri}>`,
    'Call-ID': `bench-${count}`,
    CSeq: `${count} ${method}`,
    ...fields,
  };
  const headers = Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
  return createRequest(method, uri, headers, body);
}
