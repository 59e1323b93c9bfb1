/** The form of a torture test: a message of RFC 4475, written down from the RFC, and what a generic element makes of it. */
import { concatBytes } from '#base/bytes.ts';
import { encodeUtf8 } from '#base/utf8.ts';

/**
 * accept: it must be taken. reject: it must be refused, with this answer (0: silence). free: the RFC leaves it open; `ours` is what we do (0 stands for taking it).
 * `by` is who refuses: the parser, a UAS or a proxy behind it (server-checks.ts).
 */
export type Verdict =
  | { readonly kind: 'accept' }
  | { readonly kind: 'reject'; readonly answer: number; readonly by: 'parser' | 'uas' | 'proxy' | 'uas and proxy' }
  | { readonly kind: 'free'; readonly ours: 'accept' | number; readonly why: string };

export interface TortureCase {
  /** The name that the RFC gives the message. */
  readonly name: string;
  /** Of RFC 4475. */
  readonly section: string;
  readonly title: string;
  readonly bytes: Uint8Array;
  readonly verdict: Verdict;
}

export const ACCEPT: Verdict = { kind: 'accept' };
export const parserAnswers = (answer: number): Verdict => ({ kind: 'reject', answer, by: 'parser' });

/** Lines as they travel. */
export const crlf = (text: string): string => text.replace(/\n/g, '\r\n');

/** The message text begins after the first line end of the literal, so that it can stand flush left; each line ends with CRLF. */
export const sip = (text: string, ...bodies: readonly Uint8Array[]): Uint8Array => concatBytes(encodeUtf8(crlf(text.replace(/^\n/, ''))), ...bodies);

export const textBody = (text: string): Uint8Array => encodeUtf8(crlf(text));

/** The session description that most messages of the RFC carry. */
export const sdp = (origin: string, connection = origin, time = '0 0'): Uint8Array =>
  textBody(
    `v=0\no=mhandley 29739 7272939 IN IP4 ${origin}\ns=-\nc=IN IP4 ${connection}\nt=${time}\n` +
      'm=audio 49217 RTP/AVP 0 12\nm=video 3227 RTP/AVP 31\na=rtpmap:31 LPC\n',
  );
