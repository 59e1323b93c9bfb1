/**
 * Cuts a TCP connection into what an XML stream holds: its header, whole elements, its end (RFC 6120 §4, §11.1). The stream is one long document, so an element is read in the
 * namespaces of the header. XML as XMPP restricts it: no comments, no processing instructions, no document type, no entities but the five of XML.
 * Bounded in the size of an element, its depth and its number of elements; takes time proportional to what arrives, however it is cut.
 * Omitted: TLS, SASL, compression, stream management; namespaces other than one default and one prefix for the stream are read, and not looked at.
 */
import { concatBytes } from '#base/bytes.ts';
import { decodeUtf8Strictly } from '#base/utf8.ts';
import { isXmlError, MAX_XML_DEPTH, readXml, type XmlElement, type XmlFault } from '../xml/read.ts';

export const STREAM_NAMESPACE = 'http://etherx.jabber.org/streams';
/** Of stanzas between servers. */
export const SERVER_NAMESPACE = 'jabber:server';
/** Longest header or element taken, in octets [choice]; RFC 6120 §13.12 asks for at least 10 000. */
export const MAX_ELEMENT_BYTES = 65_536;

/** Names of stream errors (RFC 6120 §4.9.3). */
export type StreamCondition =
  | 'bad-format'
  | 'host-unknown'
  | 'improper-addressing'
  | 'invalid-from'
  | 'invalid-namespace'
  | 'not-well-formed'
  | 'policy-violation'
  | 'restricted-xml'
  | 'unsupported-stanza-type'
  | 'unsupported-version';

export interface StreamHeader {
  readonly from?: string;
  readonly to?: string;
  readonly id?: string;
  readonly version?: string;
  /** Default namespace: that of the stanzas. */
  readonly content: string;
}

/** Why the stream can no longer be followed: it is to be closed with this error. */
export interface XmppError {
  readonly kind: 'xmpp-error';
  readonly condition: StreamCondition;
  /** A sentence. */
  readonly reason: string;
}

export type XmppUnit =
  | { readonly kind: 'open'; readonly header: StreamHeader }
  | { readonly kind: 'element'; readonly element: XmlElement }
  | { readonly kind: 'close' }
  | XmppError;

/** Where the scan stands. `start` and `end` are tags, `quote` is a value inside a start tag. */
type Place = 'text' | 'opened' | 'start' | 'quote' | 'end' | 'declaration' | 'bang' | 'cdata';

const CONDITION_OF: Readonly<Record<XmlFault, StreamCondition>> = {
  'document-type': 'restricted-xml',
  'unknown-entity': 'restricted-xml',
  'too-large': 'policy-violation',
  'too-deep': 'policy-violation',
  'too-many-elements': 'policy-violation',
  'not-well-formed': 'not-well-formed',
};

const LT = 0x3c;
const GT = 0x3e;
const SLASH = 0x2f;
const QUESTION = 0x3f;
const BANG = 0x21;
const CDATA = '<![CDATA[';
const isSpace = (byte: number): boolean => byte === 32 || byte === 9 || byte === 10 || byte === 13;

/** One direction of one connection. */
export class XmppFramer {
  #bytes: Uint8Array = new Uint8Array(0);
  /** Where the present header, element or white space begins; everything before it is used up. */
  #start = 0;
  /** Everything before it has been looked at. */
  #at = 0;
  /** Where the present tag begins. */
  #tag = 0;
  #place: Place = 'text';
  #quote = 0;
  /** Open elements, the stream's own included. */
  #depth = 0;
  /** Nothing but white space has come yet. */
  #isFirst = true;
  #header = '';
  #rootName = '';
  #over = false;

  /** Takes the next bytes; gives what is now whole. After the end, or an error, nothing more comes. Never throws. */
  take(chunk: Uint8Array): XmppUnit[] {
    const units: XmppUnit[] = [];
    if (this.#over) return units;
    this.#bytes = this.#bytes.length === 0 ? chunk : concatBytes(this.#bytes, chunk);
    while (!this.#over && this.#at < this.#bytes.length) {
      const unit = this.#next();
      if (unit === undefined) continue;
      units.push(unit);
      if (unit.kind === 'xmpp-error' || unit.kind === 'close') this.#over = true;
    }
    this.#bytes = this.#over ? new Uint8Array(0) : this.#bytes.slice(this.#start);
    this.#at -= this.#start;
    this.#tag -= this.#start;
    this.#start = 0;
    return units;
  }

  /** Looks at one byte. */
  #next(): XmppUnit | undefined {
    const byte = this.#bytes[this.#at++] as number;
    if (this.#at - this.#start > MAX_ELEMENT_BYTES) return broken('policy-violation', `An element is longer than ${MAX_ELEMENT_BYTES} octets.`);
    switch (this.#place) {
      case 'text':
        if (byte === LT) {
          this.#tag = this.#at - 1;
          this.#place = 'opened';
        } else if (this.#depth < 2) {
          if (!isSpace(byte)) return broken('bad-format', 'Text stands where only elements may.');
          this.#drop();
        }
        return undefined;
      case 'opened':
        if (byte === QUESTION && this.#isFirst) this.#place = 'declaration';
        // RFC 6120 §11.1: such features of XML close the stream.
        else if (byte === QUESTION) return broken('restricted-xml', 'A processing instruction: XMPP does without.');
        else if (byte === BANG) this.#place = 'bang';
        else if (byte === SLASH) this.#place = 'end';
        else this.#place = 'start';
        return undefined;
      case 'declaration':
        if (byte === GT) {
          const text = decodeUtf8Strictly(this.#bytes.subarray(this.#start, this.#at));
          this.#isFirst = false;
          if (text === undefined || !/^<\?xml\s[^?]*\?>$/.test(text)) return broken('restricted-xml', 'A processing instruction: XMPP does without.');
          this.#place = 'text';
          this.#drop();
        }
        return undefined;
      case 'bang':
        return this.#bang();
      case 'cdata':
        if (byte === GT && this.#bytes[this.#at - 2] === 0x5d && this.#bytes[this.#at - 3] === 0x5d) this.#place = 'text';
        return undefined;
      case 'quote':
        if (byte === this.#quote) this.#place = 'start';
        return undefined;
      case 'start':
        if (byte === 0x22 || byte === 0x27) {
          this.#quote = byte;
          this.#place = 'quote';
        } else if (byte === GT) return this.#started(this.#bytes[this.#at - 2] === SLASH);
        return undefined;
      case 'end':
        return byte === GT ? this.#ended() : undefined;
    }
  }

  #bang(): XmppUnit | undefined {
    const length = Math.min(this.#at - this.#tag, CDATA.length);
    for (let i = 0; i < length; i++) {
      if (this.#bytes[this.#tag + i] === CDATA.charCodeAt(i)) continue;
      return broken('restricted-xml', 'A comment or a document type: XMPP does without.');
    }
    if (length < CDATA.length) return undefined;
    if (this.#depth < 2) return broken('bad-format', 'Text stands where only elements may.');
    this.#place = 'cdata';
    return undefined;
  }

  #started(isEmpty: boolean): XmppUnit | undefined {
    this.#place = 'text';
    if (this.#depth === 0) return isEmpty ? broken('bad-format', 'The stream is empty.') : this.#open();
    if (isEmpty) return this.#depth === 1 ? this.#element() : undefined;
    this.#depth++;
    // The stream's own element counts as one level.
    return this.#depth > MAX_XML_DEPTH ? broken('policy-violation', `Elements are nested deeper than ${MAX_XML_DEPTH} levels.`) : undefined;
  }

  #ended(): XmppUnit | undefined {
    this.#place = 'text';
    if (this.#depth === 0) return broken('not-well-formed', 'A stream that was not opened is closed.');
    if (this.#depth === 1) {
      const name = decodeUtf8Strictly(this.#bytes.subarray(this.#tag + 2, this.#at - 1))?.trim();
      return name === this.#rootName ? { kind: 'close' } : broken('not-well-formed', `The element ${name ?? ''} that ends was not opened.`);
    }
    this.#depth--;
    return this.#depth === 1 ? this.#element() : undefined;
  }

  #open(): XmppUnit {
    const text = decodeUtf8Strictly(this.#bytes.subarray(this.#start, this.#at));
    const name = /^<([^\s>/]+)/.exec(text ?? '')?.[1];
    if (text === undefined || name === undefined) return broken('not-well-formed', 'The stream header is not UTF-8, or has no name.');
    // An element without prefix tells the default namespace.
    const root = readXml(`${text}<content/></${name}>`);
    if (isXmlError(root)) return broken(CONDITION_OF[root.fault], root.reason);
    const content = root.children[0];
    if (root.name !== 'stream' || root.namespace !== STREAM_NAMESPACE || content === undefined)
      return broken('invalid-namespace', 'What opens is no XML stream: its namespace is another one.');
    this.#header = text;
    this.#rootName = name;
    this.#depth = 1;
    this.#drop();
    const attribute = <K extends string>(key: K): { readonly [P in K]?: string } => {
      const value = root.attributes.get(key);
      return value === undefined ? {} : ({ [key]: value } as { readonly [P in K]?: string });
    };
    return {
      kind: 'open',
      header: { ...attribute('from'), ...attribute('to'), ...attribute('id'), ...attribute('version'), content: content.namespace },
    };
  }

  #element(): XmppUnit {
    const text = decodeUtf8Strictly(this.#bytes.subarray(this.#start, this.#at));
    this.#drop();
    if (text === undefined) return broken('not-well-formed', 'An element is not UTF-8.');
    const root = readXml(`${this.#header}${text}</${this.#rootName}>`, this.#header.length + MAX_ELEMENT_BYTES + this.#rootName.length + 3);
    if (isXmlError(root)) return broken(CONDITION_OF[root.fault], root.reason);
    const element = root.children[0];
    return element === undefined ? broken('not-well-formed', 'An element cannot be read.') : { kind: 'element', element };
  }

  /** Forgets what has been used up. */
  #drop(): void {
    this.#start = this.#at;
  }
}

const broken = (condition: StreamCondition, reason: string): XmppError => ({ kind: 'xmpp-error', condition, reason });
