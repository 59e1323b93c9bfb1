/** Addresses with header fields, `sip:user@host?Subject=x`: for links in pages, never for a request line. Pure. */

/**
 * Whether the address, which can be read, brings header fields (RFC 3261 §19.1.1): they have no place in a request line, and no proxy reads one that has them.
 * Before the `@` a question mark is a character of the user's name.
 */
export const bringsHeaders = (address: string): boolean => address.includes('?', address.indexOf('@') + 1);
