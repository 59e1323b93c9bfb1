/**
 * A node outside the IMS that knows something of its subscribers: MSC Server/VLR, SGSN, GGSN or GMLC (TS 23.141 §5.2.2.2). Of what it is otherwise nothing is computed: people and
 * their phones do something (intents), and it reports that to the Presence Network Agent, by reports of stage 2 (`presence/network-report`).
 * Reporting of MSC, SGSN and GGSN is on for every subscriber of the presence service; a GMLC is asked (TS 23.141 §4.3.8). Omitted: activation through the HSS (MAP), acknowledgements.
 */
import type { Effect, Endpoint, Input, Intent, Machine } from '#base/machine.ts';
import { transition } from '#base/state-table.ts';
import type { SimTime } from '#base/time.ts';
import { decodeUtf8Strictly, encodeUtf8 } from '#base/utf8.ts';
import type { EntityView } from '#base/view.ts';
import { decided, rejected } from '#ims/node/edit.ts';
import { sameIdentity } from '#ims/node/identity.ts';
import { formatReport, labelOfReport, type NetworkReport, parseReport, type ReportPoint, SUPPLIERS } from '#presence/network-report/report.ts';
import { isoAt } from '#presence/pidf/iso-time.ts';
import { TABLES } from './tables.ts';

export interface NetworkSubscriber {
  /** MSISDN without a plus. */
  readonly number: string;
  /** IMEI. */
  readonly equipment: string;
  /** By which people call the subscriber when they tell what happens: no node of these networks knows these addresses. */
  readonly names: readonly string[];
}

export interface NetworkNodeConfig {
  readonly host: string;
  readonly address: string;
  readonly point: ReportPoint;
  /** Who is told; undefined: nobody, reporting is off. */
  readonly agent: string | undefined;
  readonly subscribers: readonly NetworkSubscriber[];
  /** UTC, ISO 8601: the moment 0. */
  readonly startsAt: string;
}

interface Known {
  readonly subscriber: NetworkSubscriber;
  state: string;
  place: { readonly place?: string; readonly placeType?: string };
  /** Asked for by the agent. */
  wanted: boolean;
  told: string | undefined;
}

const OFF = decided('The operator has not switched reporting on here: nobody is told.', 'TS 23.141 §5.2.2.2');
const [PORT, TRANSPORT] = [0, 'none'] as const;

export class NetworkNode implements Machine {
  readonly #config: NetworkNodeConfig;
  readonly #known: readonly Known[];
  #number = 0;
  /** What was sent last, and whether that was the second attempt. */
  #last: { readonly known: Known; readonly again: boolean } | undefined;
  #out: Effect[] = [];

  constructor(config: NetworkNodeConfig) {
    this.#config = config;
    const { initial } = TABLES[config.point].table;
    this.#known = config.subscribers.map((subscriber) => ({ subscriber, state: initial, place: {}, wanted: config.point !== 'Pl', told: undefined }));
  }

  step(input: Input, now: SimTime): readonly Effect[] {
    this.#out = [];
    if (input.kind === 'intent') this.#happen(input.intent, now);
    else if (input.kind === 'bytes' && input.transport === TRANSPORT) this.#asked(input.bytes, input.remote, now);
    else if (input.kind === 'transport-failed') this.#failed(now);
    return this.#out;
  }

  deadline(): SimTime | undefined {
    return undefined;
  }

  view(): EntityView {
    return {
      tables: [
        {
          title: 'Subscribers',
          columns: ['Number', 'Terminal', 'State', 'Place', 'Agent told'],
          rows: this.#known.map(({ subscriber, state, place, wanted, told }) => [
            subscriber.number,
            subscriber.equipment,
            state,
            place.place ?? '–',
            told ?? (this.#config.agent === undefined ? 'reporting is off' : wanted ? 'nothing yet' : 'has not asked'),
          ]),
          empty: 'Nobody subscribes to this network.',
        },
      ],
      timers: [],
      states: this.#known.map(({ subscriber, state }) => ({ machine: TABLES[this.#config.point].table.name, key: subscriber.number, state })),
    };
  }

  /** An agent that has come back knows nothing of the connection: what was lost with it is told once more. */
  #failed(now: SimTime): void {
    const last = this.#last;
    this.#last = undefined;
    if (last !== undefined && !last.again) {
      this.#report(last.known, now, 'The connection to the agent was gone, and the report with it: how things stand is told once more.');
      this.#last = { known: last.known, again: true };
    } else this.#note(rejected('The Presence Network Agent is not to be reached: it does not hear of this.', SUPPLIERS[this.#config.point].clause));
  }

  #happen(intent: Intent, now: SimTime): void {
    const { point } = this.#config;
    const known = this.#known.find(({ subscriber }) => subscriber.names.some((name) => sameIdentity(name, text(intent['user']) ?? '')));
    if (known === undefined) {
      this.#note(rejected(`Nobody with the name "${text(intent['user']) ?? ''}" subscribes here.`));
      return;
    }
    const step = transition(TABLES[point] as (typeof TABLES)['Pl'], known.state as 'unknown', intent.kind, () => true);
    if (step === undefined) {
      this.#note(rejected(`"${intent.kind}" means nothing here while the subscriber is ${known.state}.`, SUPPLIERS[point].clause));
      return;
    }
    const { number: key } = known.subscriber;
    this.#out.push({ kind: 'emit', event: { kind: 'state', machine: TABLES[point].table.name, key, from: step.from, on: intent.kind, to: step.to } });
    known.state = step.to;
    const [place, placeType] = [text(intent['place']), text(intent['placeType'])];
    known.place = { ...(place === undefined ? {} : { place }), ...(placeType === undefined ? {} : { placeType }) };
    if (!known.wanted)
      this.#note(
        decided(
          'This node knows now where the phone is, and keeps it to itself: the Presence Network Agent, through which watchers would hear of it, has not asked yet.',
          SUPPLIERS[point].clause,
        ),
      );
    else this.#report(known, now, 'The subscriber uses the presence service of the home network: the agent is told of this event.');
  }

  /** The agent wants to know about somebody, now and from now on. */
  #asked(bytes: Uint8Array, remote: Endpoint, now: SimTime): void {
    const { point, agent } = this.#config;
    if (agent === undefined) {
      this.#note(OFF);
      return;
    }
    const decoded = decodeUtf8Strictly(bytes);
    const request = decoded === undefined ? undefined : parseReport(decoded);
    if (remote.address !== agent || request?.kind !== 'request' || request.point !== point) {
      this.#note(rejected('This is no request of the Presence Network Agent: nothing is told.', SUPPLIERS[point].clause));
      return;
    }
    const known = this.#known.find(({ subscriber }) => subscriber.number === request.subscriber);
    if (known === undefined) {
      this.#note(rejected('Nobody with this number subscribes here: there is nothing to tell.', SUPPLIERS[point].clause));
      return;
    }
    known.wanted = true;
    this.#report(known, now, 'The agent asks: it is told what is known, and every change from now on.');
  }

  #report(known: Known, now: SimTime, reason: string): void {
    const { point, agent, address, startsAt } = this.#config;
    if (agent === undefined) {
      this.#note(OFF);
      return;
    }
    const { subscriber, state, place } = known;
    const at = isoAt(startsAt, now);
    const report: NetworkReport = {
      kind: 'report',
      point,
      number: ++this.#number,
      at,
      subscriber: subscriber.number,
      state,
      ...(point === 'Pl' ? place : { equipment: subscriber.equipment }),
    };
    known.told = `${state}, ${at.slice(11, 19)}`;
    this.#last = { known, again: false };
    this.#out.push({
      kind: 'send',
      bytes: encodeUtf8(formatReport(report)),
      protocol: 'Report',
      label: labelOfReport(report),
      transport: TRANSPORT,
      local: { address, port: PORT },
      remote: { address: agent, port: PORT },
      notes: [
        decided(reason, SUPPLIERS[point].clause),
        decided(`A report of stage 2: ${SUPPLIERS[point].protocol} would carry it, which is not computed here.`, SUPPLIERS[point].clause),
      ],
    });
  }

  #note(note: ReturnType<typeof decided>): void {
    this.#out.push({ kind: 'note', note });
  }
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
