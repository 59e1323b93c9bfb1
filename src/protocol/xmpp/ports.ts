/** Ports of XMPP (RFC 6120 §14.7). */

/** For streams between servers. */
export const XMPP_SERVER_PORT = 5269;
