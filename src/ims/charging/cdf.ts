/**
 * Charging data function (TS 32.260 §6.1.3.2.2; TS 32.299 §6.1.3.3, §6.2.3): takes accounting requests of the IMS nodes of its network, writes one record per
 * ACR[Event], knows duplicates, and answers.
 * Omitted: session records (START, INTERIM, STOP are refused: no entity here has sessions), the gateway function behind it and its files.
 */
import type { Chance } from '#base/chance.ts';
import type { BytesInput, Effect, Input, Intent, Machine } from '#base/machine.ts';
import type { Note } from '#base/note.ts';
import type { SimTime } from '#base/time.ts';
import type { EntityView, ViewTable } from '#base/view.ts';
import { decided, rejected } from '#ims/node/edit.ts';
import { ACCOUNTING_APPLICATION, type CxFault } from '#protocol/diameter/command.ts';
import { DIAMETER_PORT, DiameterPeers, type DiameterRequestEvent } from '#protocol/diameter/peer.ts';
import { RESULT } from '#protocol/diameter/result.ts';
import { buildAccountingAnswer, readAccountingRequest, RECORD_TYPE, type AccountingRequest } from '#protocol/diameter/rf.ts';
import { recordFields, recordTypeOf } from './cdr.ts';

export interface CdfConfig {
  readonly host: string;
  readonly domain: string;
  readonly address: string;
  /** UTC: the moment 0. */
  readonly startsAt: string;
}

/** What is kept of a record for people. */
interface Kept {
  readonly sequence: number;
  readonly type: string;
  readonly node: string;
  readonly method: string;
  readonly cause: number | undefined;
  readonly icid: string;
  readonly operators: string;
}

/** Records that can be looked at here (our choice); the books themselves are in the trace. */
const MOST_SHOWN = 200;
/** Records by which a repetition is known (our choice): it comes soon or never. */
const MOST_REMEMBERED = 10_000;

export class Cdf implements Machine {
  readonly #own: { readonly originHost: string; readonly originRealm: string };
  readonly #peers: DiameterPeers<never>;
  readonly #startsAt: number;
  /** Session and number of every record that was written: what came twice is known by it. */
  readonly #written = new Set<string>();
  #records: Kept[] = [];
  #sequence = 0;
  #duplicates = 0;
  #silent = false;
  #out: Effect[] = [];

  constructor(config: CdfConfig, chance: Chance) {
    this.#own = { originHost: config.host, originRealm: config.domain };
    this.#peers = new DiameterPeers({
      host: config.host,
      realm: config.domain,
      local: { address: config.address, port: DIAMETER_PORT },
      chance,
      application: ACCOUNTING_APPLICATION,
    });
    this.#startsAt = Date.parse(config.startsAt);
  }

  step(input: Input, now: SimTime): readonly Effect[] {
    this.#out = [];
    if (input.kind === 'intent') this.#obey(input.intent);
    else if (input.kind === 'deadline') this.#peers.fire(now, this.#out);
    else if (input.kind === 'bytes') this.#receive(input, now);
    return this.#out;
  }

  deadline(): SimTime | undefined {
    return this.#peers.deadline();
  }

  view(): EntityView {
    return { tables: [this.#summary(), this.#table()], timers: [], states: [], ...(this.#silent ? { mark: 'silent' } : {}) };
  }

  #obey(intent: Intent): void {
    if (intent.kind !== 'fall-silent' && intent.kind !== 'speak-again') {
      this.#note(rejected(`Nothing is known here of the wish "${intent.kind}".`));
      return;
    }
    this.#silent = intent.kind === 'fall-silent';
    this.#note(decided(this.#silent ? 'From now on it takes nothing and answers nothing.' : 'It takes records again.'));
  }

  #receive(input: BytesInput, now: SimTime): void {
    if (this.#silent) {
      this.#note(rejected('The charging data function is silent: what came is lost, and nobody is answered.'));
      return;
    }
    for (const event of this.#peers.receive(input, now, this.#out)) if (event.kind === 'request') this.#take(event, now);
  }

  #take(event: DiameterRequestEvent, now: SimTime): void {
    const request = readAccountingRequest(event.message);
    if (request.kind === 'cx-fault') {
      this.#refuse(event, request, now);
      return;
    }
    if (request.recordType !== RECORD_TYPE.event) {
      const note = rejected('Only sessions have records with a start and an end, and nobody here has sessions.', 'TS 32.260 §5.2.1.1');
      this.#answer(event, buildAccountingAnswer(event.message, this.#own, RESULT.unableToComply), note, now);
      return;
    }
    this.#answer(event, buildAccountingAnswer(event.message, this.#own, RESULT.success), this.#record(request, event.message.retransmitted, now), now);
  }

  /** Writes the record, once. The note says what was done. */
  #record(request: AccountingRequest, retransmission: boolean, now: SimTime): Note {
    const key = `${request.sessionId} ${request.recordNumber}`;
    // TS 32.299 §6.1.3.3: only what is marked can be a duplicate; the original may have been lost.
    if (retransmission && this.#written.has(key)) {
      this.#duplicates++;
      return decided('The request is marked as repeated, and its original was taken: the duplicate is discarded.', 'TS 32.299 §6.1.3.3');
    }
    this.#written.add(key);
    const [oldest] = this.#written;
    if (this.#written.size > MOST_REMEMBERED && oldest !== undefined) this.#written.delete(oldest);
    const { ims } = request;
    const type = recordTypeOf(ims.node);
    const fields = recordFields(request, { sequence: ++this.#sequence, closedAt: this.#startsAt + Math.floor(now / 1000), retransmission });
    this.#out.push({ kind: 'record', title: type, fields });
    this.#records.push({
      sequence: this.#sequence,
      type,
      node: request.originHost,
      method: ims.event === undefined ? ims.method : `${ims.method} (${ims.event})`,
      cause: ims.causeCode,
      icid: ims.icid ?? '',
      operators: ims.operators.map(({ originating, terminating }) => `${originating ?? '–'} → ${terminating ?? '–'}`).join('; '),
    });
    if (this.#records.length > MOST_SHOWN) this.#records = this.#records.slice(-MOST_SHOWN);
    return decided(`One record for one event: the ${type} number ${this.#sequence} is written.`, 'TS 32.260 §6.1.3.2.2');
  }

  #refuse(event: DiameterRequestEvent, fault: CxFault, now: SimTime): void {
    const note = rejected(`The record cannot be taken: ${fault.avp} is wrong (${fault.result.name}).`, 'RFC 6733 §7');
    this.#answer(event, buildAccountingAnswer(event.message, this.#own, fault.result, fault.failed), note, now);
  }

  #answer(event: DiameterRequestEvent, answer: ReturnType<typeof buildAccountingAnswer>, note: Note, now: SimTime): void {
    this.#peers.respond(event, answer, [note], now, this.#out);
  }

  #note(note: Note): void {
    this.#out.push({ kind: 'note', note });
  }

  #summary(): ViewTable {
    const rows = [[String(this.#sequence), String(this.#duplicates)]];
    return { title: 'Charging data function', columns: ['Records written', 'Duplicates discarded'], rows, empty: '' };
  }

  #table(): ViewTable {
    return {
      title: 'Charging data records',
      columns: ['Number', 'Record type', 'Node', 'SIP method', 'Cause code', 'ICID', 'Inter-operator identifiers'],
      rows: this.#records.map(({ sequence, type, node, method, cause, icid, operators }) => [
        String(sequence),
        type,
        node,
        method,
        cause === undefined ? '' : String(cause).replace('-', '\u2212'),
        icid,
        operators,
      ]),
      empty: 'Nothing has been charged yet.',
    };
  }
}
