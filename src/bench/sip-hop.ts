/**
 * A hop's work on the SUBSCRIBE that an S-CSCF receives, against JsSIP's parser on the same texts.
 * Ours: parse from bytes, read twelve named header fields, pop a Route, push a Via, decrement Max-Forwards, serialise to bytes.
 * Theirs: `parseMessage` on the text alone. Texts differ per iteration; batches of both are interleaved; medians are told.
 */
import { createRequire } from 'node:module';
import { encodeUtf8 } from '#base/utf8.ts';
import { encodeSipMessage, parseSipMessage } from '#protocol/sip/message.ts';
import { median, processorTime } from './measure.ts';

export interface SipHopFigures {
  /** Microseconds for one hop of ours. */
  readonly ours: number;
  /** Microseconds for one `parseMessage` of JsSIP. */
  readonly jssip: number;
  readonly ratio: number;
}

interface JsSipParser {
  parseMessage(text: string, ua: object): { readonly method?: string } | undefined;
}

const READ = [
  'Via',
  'Route',
  'From',
  'To',
  'Call-ID',
  'CSeq',
  'Max-Forwards',
  'Event',
  'Expires',
  'Contact',
  'P-Asserted-Identity',
  'P-Charging-Vector',
] as const;

/** About 1100 bytes: four Via, two Record-Route, one Route, the P- fields of TS 24.141 A.3.2.1 (clause unchecked). */
export function subscribeText(n: number): string {
  const id = (n * 2654435761 + 12345).toString(36);
  const user = `user${n % 9973}_public${n % 7}`;
  return [
    `SUBSCRIBE sip:${user}@home2.net SIP/2.0`,
    `Via: SIP/2.0/UDP icscf2-s.home2.net;branch=z9hG4bK${id}a1`,
    `Via: SIP/2.0/UDP scscf1.home1.net;branch=z9hG4bK${id}b2;received=2001:db8:1::${(n % 65535).toString(16)}`,
    `Via: SIP/2.0/UDP pcscf1.visited1.net:5088;branch=z9hG4bK${id}c3`,
    `Via: SIP/2.0/UDP [2001:db8:9::${(n % 4095).toString(16)}]:1357;branch=z9hG4bK${id}d4;rport=1357`,
    'Max-Forwards: 67',
    `Route: <sip:scscf2.home2.net;lr;x=${n}>`,
    `Record-Route: <sip:scscf1.home1.net;lr;n=${id}>`,
    `Record-Route: <sip:pcscf1.visited1.net:5088;lr;n=${id}>`,
    `P-Asserted-Identity: "Watcher ${n}" <sip:watcher${n}@home1.net>`,
    `P-Charging-Vector: icid-value="${id}0000pcscf1"; orig-ioi=home1.net`,
    'P-Access-Network-Info: 3GPP-UTRAN-TDD; utran-cell-id-3gpp=234151D0FCE11',
    'Privacy: none',
    `From: <sip:watcher${n}@home1.net>;tag=${id}t`,
    `To: <sip:${user}@home2.net>`,
    `Call-ID: b89rjhnedlrfjflslj${id}@ue1`,
    `CSeq: ${100 + (n % 1000)} SUBSCRIBE`,
    'Require: sec-agree',
    'Event: presence',
    'Expires: 7200',
    'Accept: application/pidf+xml;q=0.3, application/rpid+xml;q=0.5',
    `Contact: <sip:[2001:db8:9::${(n % 4095).toString(16)}]:1357>`,
    'Supported: 100rel, path',
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n');
}

/** One hop; gives the bytes that would be sent. */
export function sipHop(bytes: Uint8Array, branch: string): Uint8Array {
  const message = parseSipMessage(bytes);
  if (message.kind !== 'request') throw new Error(`The text of the bench was not taken: ${message.kind === 'sip-error' ? message.reason : 'a response'}`);
  const headers = message.headers;
  let read = 0;
  for (const name of READ) read += (headers.get(name) as string).length;
  headers.removeFirst('Route');
  headers.prepend('Via', 'SIP/2.0/UDP scscf2.home2.net;branch=z9hG4bK' + branch + read);
  headers.set('Max-Forwards', String(Number(headers.get('Max-Forwards')) - 1));
  return encodeSipMessage(message);
}

/** Runs for about `seconds`. */
export function measureSipHop(seconds = 3): SipHopFigures {
  const jssip = createRequire(import.meta.url)('jssip/lib/Parser.js') as JsSipParser;
  const ua = {};
  const ours: number[] = [];
  const theirs: number[] = [];
  let n = 0;
  let sink = 0;
  const run = (count: number, work: (text: string, bytes: Uint8Array, i: number) => number): number => {
    const texts: string[] = [];
    const encoded: Uint8Array[] = [];
    for (let i = 0; i < count; i++) {
      const text = subscribeText(n++);
      texts.push(text);
      encoded.push(encodeUtf8(text));
    }
    const used = processorTime(() => {
      for (let i = 0; i < count; i++) sink += work(texts[i] as string, encoded[i] as Uint8Array, i);
    });
    return used / count;
  };
  const hop = (_text: string, bytes: Uint8Array, i: number): number => sipHop(bytes, i.toString(36)).length;
  const parse = (text: string): number => {
    if (jssip.parseMessage(text, ua)?.method !== 'SUBSCRIBE') throw new Error('JsSIP did not take the text of the bench');
    return 1;
  };
  for (let i = 0; i < 5; i++) {
    run(2000, hop);
    run(100, parse);
  }
  const until = performance.now() + seconds * 1000;
  do {
    ours.push(run(900, hop));
    theirs.push(run(30, parse));
  } while (performance.now() < until);
  if (sink === 0) throw new Error('nothing was measured');
  // Batches that ran next to each other are compared: the load of the machine then falls on both.
  const ratio = median(theirs.map((time, i) => time / (ours[i] as number)));
  return { ours: median(ours), jssip: median(theirs), ratio };
}
