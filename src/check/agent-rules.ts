/** The network agent and its reports (TS 23.141 §5.2.2.1, §5.2.2.2), and who may publish about a presentity. */
import { isReportError, parseReport } from '#presence/network-report/report.ts';
import { decodeUtf8 } from '#base/utf8.ts';
import { uriOf } from '#protocol/sip/name-addr.ts';
import { parseDeltaSeconds } from '#protocol/sip/values.ts';
import { addressOfRecord } from '#protocol/sip/uri.ts';
import type { MessageRecord, RecordId, TraceRecord } from '#trace/record.ts';
import { isSuccess, requestArrival, type Evidence, type Transaction } from './evidence.ts';
import type { Rule } from './finding.ts';
import { rule } from './report.ts';

const addressIn = (uri: string): string => addressOfRecord(uri) ?? uri;
const sameAddress = (a: string, b: string): boolean => addressIn(a) === addressIn(b);

/** PUBLISH requests of network agents, each once. */
const publications = ({ transactions, entities }: Evidence): readonly Transaction[] =>
  transactions.filter(({ method, client, parent }) => method === 'PUBLISH' && parent === undefined && entities.get(client)?.kind === 'network-agent');

export const AGENT_WAS_TOLD = rule(
  'agent-was-told',
  'A network agent publishes only about users of whom an S-CSCF has told it by a third-party REGISTER.',
  'TS 24.141 §5.3.5.1',
  (evidence, blame) => {
    const published = publications(evidence);
    if (published.length === 0) return;
    /** Agent and user: since when it knows. */
    const told = new Map<string, number>();
    for (const one of evidence.transactions) {
      const { method, server, request } = one;
      if (method !== 'REGISTER' || evidence.entities.get(server)?.kind !== 'network-agent') continue;
      if ((parseDeltaSeconds(request.message.headers.get('Expires')) ?? 0) <= 0) continue;
      const key = `${server} ${addressIn(uriOf(request.message.headers.get('To') ?? '') ?? '')}`;
      told.set(key, Math.min(told.get(key) ?? Infinity, requestArrival(one) ?? Infinity));
    }
    for (const { client, request } of published) {
      const about = request.message.uri;
      if ((told.get(`${client} ${addressIn(about)}`) ?? Infinity) > request.record.sentAt)
        blame(request, `is about ${about}, of whom nobody has told the agent`);
    }
  },
);

/** The report that brought a message about: back along the causes, past the DNS. */
function reportBehind(record: MessageRecord, byId: ReadonlyMap<RecordId, TraceRecord>): MessageRecord | undefined {
  for (let cause = byId.get(record.causedBy ?? 0); cause?.kind === 'message'; cause = byId.get(cause.causedBy ?? 0)) {
    if (cause.protocol === 'Report') return cause;
    if (cause.protocol !== 'DNS') return undefined;
  }
  return undefined;
}

export const REPORT_ONCE = rule('report-once', 'A report leads to at most one publication, however long it takes.', 'TS 23.141 §5.2.2.1', (evidence, blame) => {
  const published = publications(evidence);
  if (published.length === 0) return;
  const byId = new Map(evidence.trace.records.map((record) => [record.id, record]));
  const seen = new Set<RecordId>();
  for (const { request } of published) {
    const report = reportBehind(request.record, byId);
    if (report === undefined) continue;
    if (seen.has(report.id)) blame(request, 'is the second publication that one report leads to');
    seen.add(report.id);
  }
});

export const REPORT_FORM = rule(
  'report-form',
  'A report of stage 2 can be read, says what would carry it, and goes over a link of the reference point that it names.',
  'TS 23.141 §5.2.2.2',
  ({ messages, trace }, blame) => {
    for (const record of messages) {
      if (record.protocol !== 'Report') continue;
      const report = parseReport(decodeUtf8(record.bytes));
      if (isReportError(report)) {
        blame({ record }, `cannot be read: ${report.reason.replace(/\.$/, '')}`);
        continue;
      }
      const link = trace.links.find(({ a, b }) => (a === record.from && b === record.to) || (a === record.to && b === record.from));
      if (link?.referencePoint !== report.point) blame({ record }, `goes over ${link?.referencePoint ?? 'no link'} and says ${report.point}`);
      if (record.transport !== 'none') blame({ record }, 'pretends to have a transport');
    }
  },
);

export const FOREIGN_PUBLICATION = rule(
  'foreign-publication',
  'Nobody publishes about a presentity but itself, the agents of the network in which its presence server stands, and who has shown who it is.',
  'RFC 3903 §14.1',
  ({ transactions, entities }, blame) => {
    const all = [...entities.values()].filter(({ kind }) => /-agent$/.test(kind));
    for (const { method, server, request, responses, children } of transactions) {
      const at = entities.get(server);
      if (method !== 'PUBLISH' || children.length > 0 || at?.kind !== 'presence-server') continue;
      const accepted = responses.find(isSuccess);
      if (accepted === undefined) continue;
      const publisher = uriOf(request.message.headers.first('P-Asserted-Identity') ?? '') ?? '';
      // Whoever shows who it is comes from outside: see outsider-rules.ts.
      if (publisher === '' && request.message.headers.has('Authorization')) continue;
      const agents = all.filter(({ network }) => network === at.network);
      if (!sameAddress(publisher, request.message.uri) && !agents.some(({ id }) => publisher === `sip:${id}`))
        blame(accepted, `accepts what ${publisher === '' ? 'somebody unknown' : publisher} says about ${request.message.uri}`);
    }
  },
);

export const AGENT_RULES: readonly Rule[] = [AGENT_WAS_TOLD, REPORT_ONCE, REPORT_FORM, FOREIGN_PUBLICATION];
