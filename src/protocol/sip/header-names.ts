/**
 * Names of header fields: canonical spelling, compact forms, and which hold comma lists.
 * RFC 3261 sections 7.3.1, 7.3.3 and 20; the 3GPP fields of RFC 7315; IANA's register for the rest.
 */

/** Fields whose value is a comma list: several lines and one line with commas mean the same (RFC 3261 §7.3.1). */
const LISTS = [
  'Accept', 'Accept-Contact', 'Accept-Encoding', 'Accept-Language', 'Alert-Info', 'Allow', 'Allow-Events', 'Call-Info', 'Contact',
  'Content-Encoding', 'Content-Language', 'Error-Info', 'Feature-Caps', 'Geolocation', 'History-Info', 'In-Reply-To',
  'P-Access-Network-Info', 'P-Asserted-Identity', 'P-Associated-URI', 'P-Preferred-Identity', 'P-Visited-Network-ID', 'Path',
  'Proxy-Require', 'Reason', 'Record-Route', 'Reject-Contact', 'Request-Disposition', 'Require', 'Route', 'Security-Client',
  'Security-Server', 'Security-Verify', 'Service-Route', 'Supported', 'Unsupported', 'Via', 'Warning',
];

const SINGLES = [
  'Accept-Resource-Priority', 'Authentication-Info', 'Authorization', 'Call-ID', 'Content-Disposition', 'Content-Length', 'Content-Type', 'CSeq',
  'Date', 'Event', 'Expires', 'From', 'Geolocation-Routing', 'Identity', 'Join', 'Max-Forwards', 'MIME-Version', 'Min-Expires', 'Min-SE',
  'Organization', 'P-Asserted-Service', 'P-Called-Party-ID', 'P-Charging-Function-Addresses', 'P-Charging-Vector', 'P-Preferred-Service',
  'P-Profile-Key', 'P-Served-User', 'P-User-Database', 'Priority', 'Privacy', 'Proxy-Authenticate', 'Proxy-Authorization', 'RAck',
  'Refer-To', 'Referred-By', 'Replaces', 'Reply-To', 'Retry-After', 'RSeq', 'Server', 'Session-Expires', 'SIP-ETag', 'SIP-If-Match', 'Subject',
  'Subscription-State', 'Suppress-If-Match', 'Timestamp', 'To', 'User-Agent', 'WWW-Authenticate',
];

/** RFC 3261 §7.3.3 and the documents that define each field. */
const COMPACT: Readonly<Record<string, string>> = {
  a: 'Accept-Contact', b: 'Referred-By', c: 'Content-Type', e: 'Content-Encoding', f: 'From', i: 'Call-ID', j: 'Reject-Contact', k: 'Supported',
  l: 'Content-Length', m: 'Contact', n: 'Identity-Info', o: 'Event', r: 'Refer-To', s: 'Subject', t: 'To', u: 'Allow-Events', v: 'Via',
  x: 'Session-Expires', y: 'Identity', d: 'Request-Disposition',
};

const LIST_NAMES: ReadonlySet<string> = new Set(LISTS);
const CANONICAL = new Map<string, string>();
/** Canonical names by a hash of length, first and last character: found without cutting the name out of the message. */
const BUCKETS: (string[] | undefined)[] = new Array<string[] | undefined>(1024).fill(undefined);
const bucketOf = (length: number, first: number, last: number): number => (length * 37 + (first | 32) * 3 + (last | 32) * 11) & 1023;

for (const name of [...LISTS, ...SINGLES, 'Identity-Info']) {
  CANONICAL.set(name, name).set(name.toLowerCase(), name);
  const bucket = bucketOf(name.length, name.charCodeAt(0), name.charCodeAt(name.length - 1));
  (BUCKETS[bucket] ??= []).push(name);
}
for (const [short, name] of Object.entries(COMPACT)) CANONICAL.set(short, name).set(short.toUpperCase(), name);

/** The canonical spelling of a name in any letter case or compact form; an unknown name as it came. */
export function canonicalName(name: string): string {
  return CANONICAL.get(name) ?? CANONICAL.get(name.toLowerCase()) ?? name;
}

/** The same for the characters from `start` to `end` of a message. */
export function canonicalNameAt(text: string, start: number, end: number): string {
  const bucket = BUCKETS[bucketOf(end - start, text.charCodeAt(start), text.charCodeAt(end - 1))];
  if (bucket !== undefined) {
    for (let i = 0; i < bucket.length; i++) {
      const name = bucket[i] as string;
      if (name.length === end - start && text.startsWith(name, start)) return name;
    }
  }
  return canonicalName(text.slice(start, end));
}

/** The name has a fixed spelling here: any other letter case of it was mapped when parsing. */
export const isCanonical = (name: string): boolean => CANONICAL.get(name) === name;

/** Whether commas separate values of this (canonical) name. */
export const isListField = (name: string): boolean => LIST_NAMES.has(name);
