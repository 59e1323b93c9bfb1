/** What can be wrong with the bytes of a DNS message (RFC 1035 §4). */

export type DnsFault =
  | 'cut-short' // the bytes end before what the counts and lengths promise
  | 'pointer-not-backwards' // a compression pointer that leads forward, to itself, or into the header
  | 'unknown-label-type'
  | 'name-too-long'
  | 'length-lies' // RDLENGTH and the record's content disagree
  | 'text-not-utf8'
  | 'bytes-left-over';

/** Why bytes are no DNS message. */
export interface DnsError {
  readonly kind: 'dns-error';
  readonly fault: DnsFault;
  /** Octet at which the reading stopped. */
  readonly at: number;
  /** The message's id where one could be read: enough to answer FORMERR. */
  readonly id?: number;
}
