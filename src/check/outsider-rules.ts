/** Agents outside (TS 23.141 (clause unchecked) for what they are): whose publications a presence server takes, and that nobody is told what a calendar keeps to its owner. */
import { decodeUtf8 } from '#base/utf8.ts';
import { isHttpError, mediaTypeIn, parseHttpMessage } from '#protocol/http/message.ts';
import { CALENDAR_TYPE } from '#protocol/icalendar/calendar.ts';
import { isIcalendarError, parseCalendar } from '#protocol/icalendar/read.ts';
import { parseChallenge, parseCredentials } from '#protocol/sip/credentials.ts';
import { escapeXml } from '#protocol/xml/write.ts';
import type { MessageRecord } from '#trace/record.ts';
import { type Evidence, isSuccess } from './evidence.ts';
import type { Rule } from './finding.ts';
import { groupedInto, latestOf } from './lookup.ts';
import { rule } from './report.ts';

/** At the presence server, where the last hop ends. */
const isLast = ({ entities }: Evidence, server: string): boolean => entities.get(server)?.kind === 'presence-server';

export const OUTSIDERS = rule(
  'outside-publication',
  'A publication for which no network vouches is accepted only with an answer to a challenge of that very server, and no answer counts twice.',
  'RFC 3903 §14.3',
  (evidence, blame) => {
    /** Server and nonce: the highest count that it was accepted with. */
    const counts = new Map<string, number>();
    const answered = evidence.transactions
      .filter(({ method, server }) => method === 'PUBLISH' && isLast(evidence, server))
      .flatMap(({ request, responses }) => responses.slice(0, 1).map((response) => ({ request, response })))
      .sort((a, b) => a.response.record.sentAt - b.response.record.sentAt || a.response.record.id - b.response.record.id);
    for (const { request, response } of answered) {
      const server = response.record.from;
      for (const value of response.message.headers.lines('WWW-Authenticate')) {
        const nonce = parseChallenge(value)?.params.get('nonce');
        if (nonce !== undefined && !counts.has(`${server} ${nonce}`)) counts.set(`${server} ${nonce}`, 0);
      }
      if (!isSuccess(response) || request.message.headers.has('P-Asserted-Identity')) continue;
      const all = request.message.headers.lines('Authorization').map((value) => parseCredentials(value)?.params);
      const params = all.find((one) => counts.has(`${server} ${one?.get('nonce') ?? ''}`));
      const key = `${server} ${params?.get('nonce') ?? ''}`;
      const count = parseInt(params?.get('nc') ?? '', 16);
      if (params === undefined)
        blame(response, 'accepts a publication of somebody for whom no network vouches, and who has answered no challenge of this server');
      else if (!(count > (counts.get(key) ?? 0))) blame(response, 'accepts an answer to its challenge that has counted before, or was never counted');
      else counts.set(key, count);
    }
  },
);

interface Calendar {
  readonly asker: string;
  readonly at: number;
  readonly open: ReadonlySet<string>;
  readonly kept: ReadonlySet<string>;
}

/** Shorter words could stand anywhere. */
const SHORTEST = 4;

/** What askers were told of calendars, and which words of it are for everybody. */
function calendarsIn({ messages }: Evidence): readonly Calendar[] {
  return messages.flatMap((record): Calendar[] => {
    if (record.protocol !== 'HTTP' || record.arrivedAt === undefined) return [];
    const message = parseHttpMessage(record.bytes);
    if (isHttpError(message) || message.kind !== 'response' || mediaTypeIn(message) !== CALENDAR_TYPE) return [];
    const calendar = parseCalendar(message.body);
    if (isIcalendarError(calendar)) return [];
    const words = (isOpen: boolean): ReadonlySet<string> =>
      new Set(
        calendar.events
          .filter(({ classification }) => (classification === 'PUBLIC') === isOpen)
          .flatMap(({ summary, location }) => [summary, location])
          .filter((text) => text !== undefined && text.length >= SHORTEST) as string[],
      );
    return [{ asker: record.to, at: record.arrivedAt, open: words(true), kept: words(false) }];
  });
}

const holds = ({ bytes }: MessageRecord, word: string): boolean => {
  const text = decodeUtf8(bytes);
  return text.includes(word) || text.includes(escapeXml(word));
};

export const KEPT_PRIVATE = rule(
  'private-event',
  'What an event that is not public is about, and where, is told to nobody by whoever reads the calendar, and reaches no watcher.',
  'RFC 5545 §3.8.1.3',
  (evidence, blame) => {
    const calendars = calendarsIn(evidence);
    const everOpen = new Set(calendars.flatMap(({ open }) => [...open]));
    const neverOpen = new Set(calendars.flatMap(({ kept }) => [...kept]).filter((word) => !everOpen.has(word)));
    if (calendars.every(({ kept }) => kept.size === 0)) return;
    const latest = groupedInto(
      calendars,
      ({ asker }) => asker,
      (some) => latestOf(some, ({ at }) => at),
    );
    for (const { record } of evidence.sip) {
      const last = latest.get(record.from)?.(record.sentAt);
      const secret = [...neverOpen, ...(last === undefined ? [] : [...last.kept].filter((word) => !last.open.has(word)))];
      if (secret.some((word) => holds(record, word))) blame({ record }, 'tells of an event that its owner keeps private');
    }
  },
);

export const OUTSIDER_RULES: readonly Rule[] = [OUTSIDERS, KEPT_PRIVATE];
