/** The life of a stream that this side opens (RFC 6120 §9.2): the stanzas for a domain wait until it may be used. Streams carry stanzas one way. */
import { compileTable, type StateTable } from '#base/state-table.ts';

export type StreamState = 'closed' | 'resolving' | 'opening' | 'open';
export type StreamEvent = 'stanza' | 'located' | 'accepted' | 'failed' | 'closed';

export const XMPP_STREAM = {
  name: 'XMPP stream',
  states: ['closed', 'resolving', 'opening', 'open'],
  initial: 'closed',
  final: [],
  rows: [
    { from: 'closed', on: 'stanza', to: 'resolving' },
    { from: 'resolving', on: 'located', to: 'opening' },
    { from: 'opening', on: 'accepted', to: 'open', clause: 'RFC 6120 §9.2.3' },
    { from: ['resolving', 'opening', 'open'], on: 'failed', to: 'closed' },
    { from: ['opening', 'open'], on: 'closed', to: 'closed', clause: 'RFC 6120 §9.2.4' },
  ],
} satisfies StateTable<StreamState, StreamEvent, never, never>;

export const streamTable = compileTable<StreamState, StreamEvent, never, never>(XMPP_STREAM);
