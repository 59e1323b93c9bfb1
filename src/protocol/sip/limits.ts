/** Limits on what is read from a peer. RFC 3261 names none; these keep one message's work and memory bounded. */

/** Bytes of start line and header fields: far above the 1-3 kB of IMS, below what a UDP datagram can carry. Beyond it: 513. */
export const MAX_HEADER_BYTES = 64 * 1024;
/** Header field lines of a message. */
export const MAX_HEADER_LINES = 512;
/** Bytes of a body. Beyond it: 513. */
export const MAX_BODY_BYTES = 1024 * 1024;
/** Parts of one multipart body. */
export const MAX_PARTS = 64;
