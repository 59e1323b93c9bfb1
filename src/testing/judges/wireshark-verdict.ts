/** Wireshark's reading of a capture beside the trace's own: the same frames, said in the same words, so that a test can compare them line by line. */
import { concatBytes } from '#base/bytes.ts';
import { stepsOf } from '#trace/steps.ts';
import { passingsOf, tracePcapng } from '#trace/pcapng.ts';
import type { MessageRecord, Trace } from '#trace/record.ts';
import { readFrames } from './tshark.ts';

/** Command codes of RFC 6733 and TS 29.229 as labels have them, without the letter for request or answer. */
const DIAMETER_COMMANDS: Readonly<Record<string, string>> = {
  257: 'CE',
  271: 'AC',
  280: 'DW',
  282: 'DP',
  300: 'UA',
  301: 'SA',
  302: 'LI',
  303: 'MA',
  304: 'RT',
  305: 'PP',
  306: 'UD',
};
/** RFC 7296 §3.1. */
const IKE_EXCHANGES: Readonly<Record<string, string>> = { 34: 'IKE_SA_INIT', 35: 'IKE_AUTH', 36: 'CREATE_CHILD_SA', 37: 'INFORMATIONAL' };
const CX = '16777216';
const SH = '16777217';
const ACCOUNTING = '3';
const BASE_COMMANDS = ['CE', 'DW', 'DP'];

const FIELDS = [
  'frame.section_number',
  'frame.time_epoch',
  'frame.protocols',
  'ipv6.src_host',
  'ip.src_host',
  'ipv6.dst_host',
  'ip.dst_host',
  'sip.Method',
  'sip.Status-Code',
  'sip.CSeq.method',
  'diameter.cmd.code',
  'diameter.flags.request',
  'diameter.applicationId',
  'dns.flags.response',
  'isakmp.exchangetype',
  'isakmp.flag_r',
  'esp.sequence',
  'http.request.method',
  'http.response.code',
  'xmpp.presence',
  'xmpp.stream',
  'xmpp.features',
  'xmpp.type',
  'ip.checksum.status',
  'udp.checksum.status',
  'tcp.checksum.status',
  'sctp.checksum.status',
  '_ws.malformed',
  '_ws.expert.severity',
  '_ws.expert.message',
] as const;
type Field = (typeof FIELDS)[number];

/** The lowest severity of an expert item, as which Wireshark counts the comments of a capture. */
const COMMENT = 0x100000;

export interface Verdict {
  /** Each frame as Wireshark reads it: `10.208000 ue1 > pcscf1.visited1.net ipv6:udp:sip 200 (NOTIFY)`. */
  readonly frames: readonly string[];
  /** Each transmission as the trace has it, in the same words. */
  readonly expected: readonly string[];
  /** Transmissions without a frame of their own. */
  readonly passedOn: number;
  /** What Wireshark objects to: malformed, expert items above comments, checksums that are wrong or were not verified; a sentence each. */
  readonly objections: readonly string[];
}

/**
 * One verdict for each trace. tshark is started once for all of them, each a section of one file: to start it takes ten times as long as to read a run. So that it
 * carries nothing over from one to the next (streams, questions that wait for an answer), every run has IP addresses of its own there.
 */
export function wiresharkVerdicts(traces: readonly Trace[]): readonly Verdict[] {
  if (traces.length > MOST_AT_ONCE) throw new Error(`more than ${MOST_AT_ONCE} runs at once`);
  // It tells associations of IPsec by their SPI alone, and those of two runs may be the same.
  const together = readTogether(traces.filter((trace) => !hasEsp(trace)));
  let read = 0;
  return traces.map((trace) => (hasEsp(trace) ? readTogether([trace])[0] : together[read++]) as Verdict);
}

const hasEsp = (trace: Trace): boolean => trace.records.some((record) => record.kind === 'message' && record.protocol === 'ESP');

function readTogether(traces: readonly Trace[]): readonly Verdict[] {
  if (traces.length === 0) return [];
  const apart = traces.map(elsewhere);
  const sections = new Map<string, Row[]>();
  for (const values of readFrames(concatBytes(...apart.map(tracePcapng)), FIELDS)) {
    const row: Row = (field) => values[FIELDS.indexOf(field)] ?? '';
    const section = row('frame.section_number');
    const rows = sections.get(section);
    if (rows === undefined) sections.set(section, [row]);
    else rows.push(row);
  }
  return apart.map((trace, i) => verdictOn(trace, sections.get(`${i + 1}`) ?? []));
}

export const wiresharkVerdict = (trace: Trace): Verdict => wiresharkVerdicts([trace])[0] as Verdict;

/** More runs than this would get addresses of no good kind. */
export const MOST_AT_ONCE = 12;

/** The same run at other IP addresses, with another beginning each; what is inside of the packets stays as it is. */
function elsewhere(trace: Trace, place: number): Trace {
  if (place === 0) return trace;
  const moved = (address: string): string =>
    address
      .replace(/^(\[?)([0-9a-f]+)(?=:)/i, (_, bracket: string, group: string) => `${bracket}${(parseInt(group, 16) + 0x20 * place).toString(16)}`)
      .replace(/^\d+(?=\.)/, (octet) => `${Number(octet) + place}`);
  return {
    ...trace,
    entities: trace.entities.map((entity) => ({ ...entity, addresses: entity.addresses.map(moved) })),
    records: trace.records.map((record) => (record.kind === 'message' ? { ...record, src: moved(record.src), dst: moved(record.dst) } : record)),
  };
}

function verdictOn(trace: Trace, rows: readonly Row[]): Verdict {
  // What gateways only pass on has no frame of its own.
  const { legs } = passingsOf(trace);
  const steps = stepsOf(trace).filter(({ message }) => !legs.has(message.id));
  const first = steps[0]?.message.sentAt ?? 0;
  const began = rows[0] === undefined ? 0 : microsecondsOf(rows[0]);
  const owners = new Map(trace.entities.flatMap(({ id, addresses }) => addresses.map((address) => [address, id] as const)));
  return {
    passedOn: legs.size,
    frames: rows.map((row) => frameText(row, began)),
    expected: steps.map(({ message }) => transmissionText(message, first, owners)),
    objections: rows.flatMap((row, i) => objectionsTo(row, steps[i]?.retransmissionOf !== undefined).map((objection) => `frame ${i + 1}: ${objection}`)),
  };
}

function microsecondsOf(row: Row): number {
  const [seconds = '', fraction = ''] = row('frame.time_epoch').split('.');
  return Number(seconds) * 1_000_000 + Number(fraction.slice(0, 6));
}

type Row = (field: Field) => string;

/** A report of stage 2: text behind an IP header, of no protocol. */
const isBare = (row: Row): boolean => /^raw:ip(v6)?:data$/.test(row('frame.protocols'));

function frameText(row: Row, began: number): string {
  const from = row('ipv6.src_host') || row('ip.src_host');
  const to = row('ipv6.dst_host') || row('ip.dst_host');
  const layers = row('frame.protocols')
    .replace(/^raw:ip(v6)?:/, '')
    // A body of SIP or Diameter may be dissected too.
    .replace(/(:sip|:diameter|:xmpp|:http)\b.*$/, '$1');
  return `${((microsecondsOf(row) - began) / 1_000_000).toFixed(6)} ${from} > ${to} ${layers} ${contentText(row)}`;
}

function contentText(row: Row): string {
  if (row('diameter.cmd.code') !== '') {
    const command = DIAMETER_COMMANDS[row('diameter.cmd.code')] ?? row('diameter.cmd.code');
    const isRequest = /^(1|True)$/.test(row('diameter.flags.request'));
    const expected = BASE_COMMANDS.includes(command) ? '0' : command === 'AC' ? ACCOUNTING : command === 'UD' ? SH : CX;
    const application = row('diameter.applicationId') === expected ? '' : ` of application ${row('diameter.applicationId')}`;
    return `${command}${isRequest ? 'R' : 'A'}${application}`;
  }
  if (row('isakmp.exchangetype') !== '')
    return `${IKE_EXCHANGES[row('isakmp.exchangetype')] ?? ''} ${/^(1|True)$/.test(row('isakmp.flag_r')) ? 'answer' : 'question'}`;
  if (row('esp.sequence') !== '') return 'ESP';
  if (isBare(row)) return 'report';
  if (row('dns.flags.response') !== '') return /^(1|True)$/.test(row('dns.flags.response')) ? 'answer' : 'query';
  if (row('http.request.method') !== '' || row('http.response.code') !== '') return row('http.request.method') || row('http.response.code');
  if (row('xmpp.stream') !== '') return 'stream';
  if (row('xmpp.features') !== '') return 'stream features';
  if (row('xmpp.presence') !== '') return `presence ${row('xmpp.type')}`.trim();
  return row('sip.Method') || `${row('sip.Status-Code')} (${row('sip.CSeq.method')})`;
}

function transmissionText({ sentAt, transport, protocol, label, src, dst }: MessageRecord, first: number, owners: ReadonlyMap<string, string>): string {
  const time = ((sentAt - first) / 1_000_000).toFixed(6);
  // The addresses are those of the two ends, whoever sends it on.
  const [from, to] = [src, dst].map((socket) => owners.get(socket.slice(0, socket.lastIndexOf(':')).replace(/^\[|\]$/g, '')) ?? socket);
  if (protocol === 'Report') return `${time} ${from ?? ''} > ${to ?? ''} data report`;
  if (protocol === 'ESP') return `${time} ${from ?? ''} > ${to ?? ''} esp ESP`;
  if (protocol === 'IKE')
    return `${time} ${from ?? ''} > ${to ?? ''} udp:isakmp ${/^[A-Z_]+/.exec(label)?.[0] ?? ''} ${label.endsWith(' answer') ? 'answer' : 'question'}`;
  // Wireshark does not say in an answer over HTTP what was asked.
  const content =
    protocol === 'HTTP'
      ? (/^\d{3}|^\w+/.exec(label)?.[0] ?? '')
      : protocol === 'DNS'
        ? dst.endsWith(':53')
          ? 'query'
          : 'answer'
        : label.replace(/^(\d{3}) [^(]*/, '$1 ');
  // A WebSocket message is shown in TCP without its framing (the frame's comment says so).
  return `${time} ${from ?? ''} > ${to ?? ''} ${transport === 'ws' ? 'tcp' : transport}:${protocol.toLowerCase()} ${content}`;
}

/** Of the header of a stream Wireshark knows the namespaces only; RFC 6120 §9.2.1 has these attributes. The comment of the capture may stand before them. */
const STREAM_ATTRIBUTES =
  /^(The handshake of TCP before it is not simulated\.,)?Unknown attribute (from|to|id|version)(,Unknown attribute (from|to|id|version))*$/;

/** Wireshark keeps account of questions and answers of DNS. */
const SENT_AGAIN = /DNS (query|response) retransmission/;

function objectionsTo(row: Row, isSentAgain: boolean): string[] {
  const objections: string[] = [];
  if (row('_ws.malformed') !== '') objections.push(`malformed ${row('_ws.malformed')}`);
  const raised = row('_ws.expert.severity')
    .split(',')
    .filter((severity) => Number(severity) > COMMENT).length;
  // What is sent again is to be seen as that.
  const sentAgain = isSentAgain && SENT_AGAIN.test(row('_ws.expert.message')) ? 1 : 0;
  // It remarks on every start line of HTTP, as chat.
  const chats = row('http.request.method') !== '' || row('http.response.code') !== '' ? 1 : 0;
  const ofStream = row('xmpp.stream') !== '' && STREAM_ATTRIBUTES.test(row('_ws.expert.message'));
  if (raised > sentAgain + chats && !ofStream) objections.push(row('_ws.expert.message'));
  const checksums = (['ip', 'udp', 'tcp', 'sctp'] as const).flatMap((layer) => row(`${layer}.checksum.status`) || []);
  // ESP has its own check value, which only the keys can verify.
  if (row('esp.sequence') !== '' || isBare(row)) return objections;
  // 1 is "good".
  if (checksums.length === 0 || checksums.some((status) => status !== '1')) objections.push(`checksum ${checksums.join(' ') || 'not verified'}`);
  return objections;
}
