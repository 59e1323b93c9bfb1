/** The namespaces of presence documents, and the prefixes under which they are written: PIDF (RFC 3863 §4.1), data model (RFC 4479), RPID (RFC 4480), location types (RFC 4589). */
export const PIDF = 'urn:ietf:params:xml:ns:pidf';
export const MODEL = 'urn:ietf:params:xml:ns:pidf:data-model';
export const RPID = 'urn:ietf:params:xml:ns:pidf:rpid';
export const PLACE = 'urn:ietf:params:xml:ns:location-type';
/** RFC 8048 §6.2: the element of XMPP stands in the status as it is. */
export const XMPP = 'jabber:client';

/** Namespace → prefix, in the order in which they are declared. PIDF itself has none. */
export const PREFIXES: ReadonlyMap<string, string> = new Map([
  [MODEL, 'dm'],
  [RPID, 'rpid'],
  [PLACE, 'lt'],
  [XMPP, 'xmpp'],
]);
