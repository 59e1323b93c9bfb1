/** A message that is no text, as the tree in which it is read; undefined for one that is text. */
import type { MessageRecord } from '#trace/record.ts';
import { decodeDiameter } from './decode-diameter.ts';
import { decodeDns } from './decode-dns.ts';
import type { Leaf } from './decoded.ts';

export function leavesOf(message: MessageRecord): readonly Leaf[] | undefined {
  if (message.protocol === 'Diameter') return decodeDiameter(message.bytes);
  return message.protocol === 'DNS' ? decodeDns(message.bytes) : undefined;
}
