/**
 * Names of header fields: canonical spelling, compact forms, and which hold comma lists.
 * RFC 3261 §7.3.1, §7.3.3 and §20; the 3GPP fields of RFC 7315; IANA's register for the rest.
 */

/** Fields whose value is a comma list: several lines and one line with commas mean the same (RFC 3261 §7.3.1). */
const LISTS = [
  'Accept',
  'Accept-Contact',
  'Accept-Encoding',
  'Accept-Language',
  'Alert-Info',
  'Allow',
  'Allow-Events',
  'Call-Info',
  'Contact',
  'Content-Encoding',
  'Content-Language',
  'Error-Info',
  'Feature-Caps',
  'Geolocation',
  'History-Info',
  'In-Reply-To',
  'P-Access-Network-Info',
  'P-Asserted-Identity',
  'P-Associated-URI',
  'P-Preferred-Identity',
  'P-Visited-Network-ID',
  'Path',
  'Proxy-Require',
  'Reason',
  'Record-Route',
  'Reject-Contact',
  'Request-Disposition',
  'Require',
  'Route',
  'Security-Client',
  'Security-Server',
  'Security-Verify',
  'Service-Route',
  'Supported',
  'Unsupported',
  'Via',
  'Warning',
];

const SINGLES = [
  'Accept-Resource-Priority',
  'Authentication-Info',
  'Authorization',
  'Call-ID',
  'Content-Disposition',
  'Content-Length',
  'Content-Type',
  'CSeq',
  'Date',
  'Event',
  'Expires',
  'From',
  'Geolocation-Routing',
  'Identity',
  'Join',
  'Max-Forwards',
  'MIME-Version',
  'Min-Expires',
  'Min-SE',
  'Organization',
  'P-Asserted-Service',
  'P-Called-Party-ID',
  'P-Charging-Function-Addresses',
  'P-Charging-Vector',
  'P-Preferred-Service',
  'P-Profile-Key',
  'P-Served-User',
  'P-User-Database',
  'Priority',
  'Privacy',
  'Proxy-Authenticate',
  'Proxy-Authorization',
  'RAck',
  'Refer-To',
  'Referred-By',
  'Replaces',
  'Reply-To',
  'Retry-After',
  'RSeq',
  'Server',
  'Session-Expires',
  'SIP-ETag',
  'SIP-If-Match',
  'Subject',
  'Subscription-State',
  'Suppress-If-Match',
  'Timestamp',
  'To',
  'User-Agent',
  'WWW-Authenticate',
];

/** RFC 3261 §7.3.3 and the documents that define each field. */
const COMPACT: Readonly<Record<string, string>> = {
  a: 'Accept-Contact',
  b: 'Referred-By',
  c: 'Content-Type',
  e: 'Content-Encoding',
  f: 'From',
  i: 'Call-ID',
  j: 'Reject-Contact',
  k: 'Supported',
  l: 'Content-Length',
  m: 'Contact',
  n: 'Identity-Info',
  o: 'Event',
  r: 'Refer-To',
  s: 'Subject',
  t: 'To',
  u: 'Allow-Events',
  v: 'Via',
  x: 'Session-Expires',
  y: 'Identity',
  d: 'Request-Disposition',
};

/** What reading a message has to check of a field (mandatory-fields.ts). */
export const NO_ROLE = 0;
export const VIA = 1;
export const FROM = 2;
export const TO = 3;
export const CALL_ID = 4;
export const CSEQ = 5;
export const MAX_FORWARDS = 6;
export const CONTENT_LENGTH = 7;

const ROLES: Readonly<Record<string, number>> = {
  Via: VIA,
  From: FROM,
  To: TO,
  'Call-ID': CALL_ID,
  CSeq: CSEQ,
  'Max-Forwards': MAX_FORWARDS,
  'Content-Length': CONTENT_LENGTH,
};

export interface KnownName {
  /** The canonical spelling. */
  readonly name: string;
  readonly role: number;
  /** Where the codes of its characters stand in `CODES`. */
  readonly at: number;
}

const KNOWN = [...LISTS, ...SINGLES, 'Identity-Info'];
/** The codes of the characters of all known names, one behind the other. */
const CODES = Uint8Array.from(KNOWN.join(''), (character) => character.charCodeAt(0));

const LIST_NAMES: ReadonlySet<string> = new Set(LISTS);
const CANONICAL = new Map<string, KnownName>();
/**
 * Known names by a hash of length, first, middle and last character: found without cutting the name out of the message.
 * The factors were sought by trying until no two names met; the loop below throws when a new name makes that search due again.
 */
const TABLE: (KnownName | undefined)[] = new Array<KnownName | undefined>(512).fill(undefined);
const slotOf = (codes: Uint8Array, start: number, end: number): number =>
  (end - start + (codes[start] as number) * 45 + (codes[end - 1] as number) * 27 + (codes[start + ((end - start) >> 1)] as number) * 7) & 511;

let at = 0;
for (const name of KNOWN) {
  const known: KnownName = { name, role: ROLES[name] ?? NO_ROLE, at };
  CANONICAL.set(name, known).set(name.toLowerCase(), known);
  const slot = slotOf(CODES, at, at + name.length);
  if (TABLE[slot] !== undefined) throw new Error(`${name} and ${TABLE[slot].name} meet in the table of header names: choose other factors`);
  TABLE[slot] = known;
  at += name.length;
}
for (const [short, name] of Object.entries(COMPACT)) {
  const known = CANONICAL.get(name) as KnownName;
  CANONICAL.set(short, known).set(short.toUpperCase(), known);
}

/** The known name that `name` is in any letter case or compact form. */
export const knownName = (name: string): KnownName | undefined => CANONICAL.get(name) ?? CANONICAL.get(name.toLowerCase());

/** The canonical spelling of a name in any letter case or compact form; an unknown name as it came. */
export const canonicalName = (name: string): string => knownName(name)?.name ?? name;

/** The known name that the characters with the codes from `start` to `end` are, letter for letter; undefined when they are not. */
export function exactNameAt(codes: Uint8Array, start: number, end: number): KnownName | undefined {
  if (start === end) return undefined;
  const known = TABLE[slotOf(codes, start, end)];
  if (known === undefined || known.name.length !== end - start) return undefined;
  for (let i = start, j = known.at; i < end; i++, j++) if (codes[i] !== CODES[j]) return undefined;
  return known;
}

/** The name has a fixed spelling here: any other letter case of it was mapped when parsing. */
export const isCanonical = (name: string): boolean => CANONICAL.get(name)?.name === name;

/** Whether commas separate values of this (canonical) name. */
export const isListField = (name: string): boolean => LIST_NAMES.has(name);
