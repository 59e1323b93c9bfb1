/** Ports of XMPP (RFC 6120 (clause unchecked)). */

/** For streams between servers. */
export const XMPP_SERVER_PORT = 5269;
