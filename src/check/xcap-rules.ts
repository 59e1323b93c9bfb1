/**
 * Documents over HTTP (RFC 4825, RFC 9110): answers belong to requests, entity-tags name what they say they name, and what was put is what is got. What only XCAP demands is asked of
 * XCAP addresses alone: behind any other URL the content may change by itself.
 */
import { decodeUtf8 } from '#base/utf8.ts';
import { fieldOf, type HttpRequest, type HttpResponse, isHttpError, parseHttpMessage } from '#protocol/http/message.ts';
import type { IntentRecord, MessageRecord } from '#trace/record.ts';
import type { Evidence } from './evidence.ts';
import type { Rule } from './finding.ts';
import { ascending, groupedInto, hasWithin } from './lookup.ts';
import { rule } from './report.ts';

interface Exchange {
  readonly server: string;
  readonly request: HttpRequest;
  readonly response: HttpResponse;
  /** The answer. */
  readonly record: MessageRecord;
}

/** Requests with their answers, in the order of the answers; and answers to nothing. One thing is asked at a time on a connection. */
function exchangesIn({ messages }: Evidence): { readonly exchanges: readonly Exchange[]; readonly strays: readonly MessageRecord[] } {
  const open = new Map<string, HttpRequest>();
  const exchanges: Exchange[] = [];
  const strays: MessageRecord[] = [];
  for (const record of messages) {
    if (record.protocol !== 'HTTP') continue;
    const message = parseHttpMessage(record.bytes);
    if (isHttpError(message)) continue;
    if (message.kind === 'request') {
      if (record.arrivedAt !== undefined) open.set(`${record.src} ${record.dst}`, message);
      continue;
    }
    const way = `${record.dst} ${record.src}`;
    const request = open.get(way);
    if (request === undefined) strays.push(record);
    else if (message.status >= 200) {
      open.delete(way);
      exchanges.push({ server: record.from, request, response: message, record });
    }
  }
  return { exchanges, strays };
}

/** The document that a target names, or names a part of. */
const documentOf = ({ server, request }: Exchange): string => `${server} ${request.target.split('/~~/', 1)[0] ?? ''}`;
/** RFC 4825 §6.2: after the application comes `global`, or `users` and whose; no other address looks like that. */
const isXcap = ({ request }: Exchange): boolean => /\/[^/?]+\/(?:users\/[^/?]+|global)\/[^?]/.test(request.target);
const isChange = ({ request, response }: Exchange): boolean => (request.method === 'PUT' || request.method === 'DELETE') && response.status < 300;

export const ANSWERED = rule('http-answer', 'Every answer over HTTP answers a request on its connection.', 'RFC 9112 §9', (evidence, blame) => {
  for (const record of exchangesIn(evidence).strays) blame({ record }, 'answers nothing that was asked there');
});

export const TAGS = rule(
  'document-tag',
  'Every change of a document gives it another entity-tag, and whoever names the one that it has, and only that one, may change it.',
  'RFC 9110 §13.1.1',
  (evidence, blame) => {
    const used = new Map<string, Set<string>>();
    const current = new Map<string, string | undefined>();
    for (const exchange of exchangesIn(evidence).exchanges) {
      const { request, response, record } = exchange;
      const document = documentOf(exchange);
      const wanted = fieldOf(request, 'If-Match');
      const tag = fieldOf(response, 'ETag');
      if (current.has(document) && wanted !== undefined && wanted !== '*' && isXcap(exchange)) {
        const isRight = wanted.split(',').some((each) => each.trim() === current.get(document));
        if (isRight && response.status === 412) blame({ record }, `refuses the entity-tag ${wanted}, which is the right one`);
        if (!isRight && response.status < 300) blame({ record }, `takes the entity-tag ${wanted}, which is not the one of the document`);
      }
      if (isChange(exchange)) {
        let before = used.get(document);
        if (before === undefined) used.set(document, (before = new Set<string>()));
        if (request.method === 'PUT' && tag === undefined && isXcap(exchange)) blame({ record }, 'gives no entity-tag');
        if (tag !== undefined && before.has(tag)) blame({ record }, `gives the entity-tag ${tag}, which the document had before`);
        if (tag !== undefined) before.add(tag);
        current.set(document, request.method === 'DELETE' && !request.target.includes('/~~/') ? undefined : tag);
      } else if (request.method === 'GET' && response.status === 200 && tag !== undefined) current.set(document, tag);
    }
  },
);

interface Kept {
  readonly document: string;
  readonly text: string;
  readonly tag: string | undefined;
  readonly at: number;
}

export const ROUND_TRIPS = rule(
  'put-and-got',
  'What was put at an XCAP address is what is got there, and only a change changes it; elsewhere one entity-tag has one content.',
  'RFC 4825 §8.2, §8.3, §8.5',
  (evidence, blame) => {
    /** By target: the content as it has to be, and the entity-tag of its document. */
    const known = new Map<string, Kept>();
    const targets = new Map<string, Set<string>>();
    const keep = (address: string, kept: Kept): void => {
      known.set(address, kept);
      const addresses = targets.get(kept.document);
      if (addresses === undefined) targets.set(kept.document, new Set([address]));
      else addresses.add(address);
    };
    // What somebody does at a server itself, as the owner of a calendar does, changes what is there as well.
    const times = groupedInto(
      evidence.trace.records.filter((one): one is IntentRecord => one.kind === 'intent'),
      ({ entity }) => entity ?? '',
      (acts) => ascending(acts.map(({ at }) => at)),
    );
    const isTouched = (server: string, from: number, to: number): boolean => hasWithin(times.get(server) ?? [], from, to);
    for (const exchange of exchangesIn(evidence).exchanges) {
      const { server, request, response, record } = exchange;
      const document = documentOf(exchange);
      const address = `${server} ${request.target}`;
      const tag = fieldOf(response, 'ETag');
      if (isChange(exchange)) {
        for (const other of targets.get(document) ?? []) known.delete(other);
        targets.delete(document);
        if (request.method === 'PUT') keep(address, { document, text: decodeUtf8(request.body), tag, at: record.sentAt });
      } else if (request.method === 'GET' && response.status === 200 && tag !== undefined) {
        const last = known.get(address);
        const before = last === undefined || isTouched(server, last.at, record.sentAt) ? undefined : last;
        const text = decodeUtf8(response.body);
        if (!isXcap(exchange)) {
          if (before !== undefined && before.tag === tag && before.text !== text)
            blame({ record }, `gives another content under the entity-tag ${tag} than before`);
        } else if (before !== undefined && before.text !== text) blame({ record }, 'gives something else than what was there, although nobody changed it');
        else if (before !== undefined && before.tag !== tag) blame({ record }, `gives the entity-tag ${tag}, ${before.tag ?? 'none'} was due`);
        keep(address, { document, text, tag, at: record.sentAt });
      }
    }
  },
);

export const DATED = rule('http-date', 'Every answer over HTTP says when it was made, and says it right.', 'RFC 9110 §6.6.1', (evidence, blame) => {
  const start = Date.parse(evidence.trace.startsAt);
  for (const { response, record } of exchangesIn(evidence).exchanges) {
    const due = new Date(start + Math.floor(record.sentAt / 1000)).toUTCString();
    const said = fieldOf(response, 'Date');
    if (said !== due) blame({ record }, said === undefined ? 'does not say when it was made' : `says ${said}, and was made on ${due}`);
  }
});

export const XCAP_RULES: readonly Rule[] = [ANSWERED, TAGS, ROUND_TRIPS, DATED];
