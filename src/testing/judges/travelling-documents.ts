/** The documents that travel in a run: bodies of SIP messages and of answers over HTTP, and the user profiles in answers of the HSS, by the schema that they must keep. */
import { decodeUtf8 } from '#base/utf8.ts';
import { AVP, findAvp } from '#protocol/diameter/avp.ts';
import { parseDiameterMessage } from '#protocol/diameter/message.ts';
import { fieldOf, isHttpError, parseHttpMessage } from '#protocol/http/message.ts';
import { parseSipMessage } from '#protocol/sip/message.ts';
import { parseMultipart } from '#protocol/sip/multipart.ts';
import type { MessageRecord, Trace } from '#trace/record.ts';
import type { Schema } from './xmllint.ts';

const SCHEMA_OF: Readonly<Record<string, Schema>> = {
  'application/pidf+xml': 'presence.xsd',
  'application/reginfo+xml': 'reginfo.xsd',
  'application/auth-policy+xml': 'pres-rules.xsd',
  'application/watcherinfo+xml': 'watcherinfo.xsd',
  'application/rlmi+xml': 'rlmi.xsd',
  'application/xcap-error+xml': 'xcap-error.xsd',
  'application/resource-lists+xml': 'resource-lists.xsd',
  'application/simple-filter+xml': 'simple-filter.xsd',
  'application/pidf-diff+xml': 'pidf-diff.xsd',
  'application/rls-services+xml': 'rls-services.xsd',
};

/** Elements of rules, which their document's schema judges once they stand in it; and RFC 5874, whose schema could not be had. */
const FRAGMENTS_AND_DIFFS = ['application/xcap-el+xml', 'application/xcap-diff+xml'];

/** TS 24.229 has a schema for the first that could not be had (24.229 itself is not public in full text); the next two are no XML. */
const WITHOUT_SCHEMA: ReadonlySet<string> = new Set(['application/3gpp-ims+xml', 'message/external-body', 'text/calendar', ...FRAGMENTS_AND_DIFFS]);

/** Text → where it travelled first, per schema. Throws for a message that cannot be read and for a body of a type without a schema. */
export type Documents = Readonly<Record<Schema, Map<string, string>>>;

export const noDocuments = (): Documents => ({
  'presence.xsd': new Map(),
  'reginfo.xsd': new Map(),
  'pres-rules.xsd': new Map(),
  'watcherinfo.xsd': new Map(),
  'rlmi.xsd': new Map(),
  'rls-services.xsd': new Map(),
  'xcap-error.xsd': new Map(),
  'resource-lists.xsd': new Map(),
  'simple-filter.xsd': new Map(),
  'pidf-diff.xsd': new Map(),
  'CxDataType_Rel8.xsd': new Map(),
});

export function collectDocuments(trace: Trace, title: string, into: Documents): void {
  for (const record of trace.records) {
    if (record.kind !== 'message') continue;
    const where = `${title}, record ${record.id}, ${record.label}`;
    const found =
      record.protocol === 'SIP'
        ? bodiesOf(record, where)
        : record.protocol === 'HTTP'
          ? answersOf(record, where)
          : record.protocol === 'Diameter'
            ? profileOf(record, where)
            : [];
    for (const { schema, text } of found) if (!into[schema].has(text)) into[schema].set(text, where);
  }
}

interface Found {
  readonly schema: Schema;
  readonly text: string;
}

function bodiesOf(record: MessageRecord, where: string): readonly Found[] {
  const message = parseSipMessage(record.bytes);
  if (message.kind === 'sip-error') throw new Error(`${where}: ${message.reason}`);
  return message.body.length === 0 ? [] : documentsIn(message.headers.get('Content-Type') ?? 'none', message.body, where);
}

/** What a server refuses as no set of rules need not be one: only what is answered over HTTP is judged. */
function answersOf(record: MessageRecord, where: string): readonly Found[] {
  const message = parseHttpMessage(record.bytes);
  if (isHttpError(message)) throw new Error(`${where}: ${message.reason}`);
  return message.kind === 'request' || message.body.length === 0 ? [] : documentsIn(fieldOf(message, 'Content-Type') ?? 'none', message.body, where);
}

/** The document, or those in the parts of a multipart body. */
function documentsIn(contentType: string, body: Uint8Array, where: string): readonly Found[] {
  const type = contentType.split(';')[0]?.trim().toLowerCase() ?? '';
  if (WITHOUT_SCHEMA.has(type)) return [];
  if (type.startsWith('multipart/')) {
    const parts = parseMultipart(contentType, body);
    if (parts === undefined) throw new Error(`${where}: a multipart body whose parts cannot be told apart`);
    return parts.flatMap((part) => documentsIn(part.headers.get('Content-Type') ?? 'none', part.body, where));
  }
  const schema = SCHEMA_OF[type];
  if (schema === undefined) throw new Error(`${where}: a body of the type ${type}, for which no schema is known here`);
  return [{ schema, text: withReadableUris(decodeUtf8(body)) }];
}

/**
 * The brackets of IPv6 references in SIP URIs, percent-encoded. RFC 3261 §25.1 writes `sip:[2001:db8::1]:1357`, but the generic syntax by which xmllint
 * judges `anyURI` (RFC 3986 §3.3) has no brackets outside an authority. Only the judge reads the text so changed.
 */
const withReadableUris = (text: string): string => text.replaceAll(/(\bsip:(?:[^\s<>"[\]]*@)?)\[([\da-f:.]+)\]/gi, '$1%5B$2%5D');

function profileOf(record: MessageRecord, where: string): readonly Found[] {
  const message = parseDiameterMessage(record.bytes);
  if (message.kind === 'diameter-error') throw new Error(`${where}: ${message.fault}`);
  const profile = findAvp(message.avps, AVP.userProfile);
  if (profile === undefined || !(profile.data instanceof Uint8Array)) return [];
  return [{ schema: 'CxDataType_Rel8.xsd', text: decodeUtf8(profile.data) }];
}
