/**
 * Flows: which way messages come and go, and where a response goes. Governed by RFC 3261 §18.2.1 and §18.2.2 and RFC 3581.
 * Omitted: maddr, TLS, and the search for another address when a connection is gone (the entity decides).
 */
import type { BytesInput, ConnectionId, Effect, Endpoint, SendEffect, Transport } from '#base/machine.ts';
import type { Note } from '#base/note.ts';
import type { SipRequest } from './message.ts';
import { formatParams } from './params.ts';
import { formatHost } from './uri.ts';
import { parseVia, parseViaHead, type ViaHead } from './via.ts';

/** A way between us (`local`) and a peer (`remote`). */
export interface Flow {
  readonly transport: Transport;
  readonly local: Endpoint;
  readonly remote: Endpoint;
  readonly connection?: ConnectionId | undefined;
  /** The fingerprint of the keys of its security association, when it is one. */
  readonly seal?: string | undefined;
}

/** Always of one shape: it is read on every hop. */
export const createFlow = (transport: Transport, local: Endpoint, remote: Endpoint, connection?: ConnectionId, seal?: string): Flow => ({
  transport,
  local,
  remote,
  connection,
  seal,
});

export const isReliable = (transport: Transport): boolean => transport !== 'udp';

/** The way that the bytes came, without keeping the bytes. */
export function flowOf(input: BytesInput): Flow {
  const { transport, local, remote, connection, seal } = input;
  return createFlow(transport, local, remote, connection, seal);
}

export function sendOn(flow: Flow, bytes: Uint8Array, label: string, notes: readonly Note[]): SendEffect {
  const { transport, local, remote, connection, seal } = flow;
  return { kind: 'send', bytes, protocol: 'SIP', label, transport, local, remote, connection, seal, notes };
}

/**
 * Writes into the topmost Via where the request really came from (with a note), and says where its response goes.
 * Undefined when that Via is missing or malformed: then nobody can be answered.
 */
export function stampVia(
  request: SipRequest,
  flow: Flow,
  out: Effect[],
): { readonly value: string; readonly via: ViaHead; readonly responseFlow: Flow } | undefined {
  const { headers } = request;
  const value = headers.first('Via');
  const via = value === undefined ? undefined : parseViaHead(value);
  if (value === undefined || via === undefined) return undefined;
  const { address, port } = flow.remote;
  const { rport } = via;
  // RFC 3261 §18.2.1, RFC 3581 §4
  if (rport || via.host !== address || via.received) {
    const stamped = rport || via.received ? rewritten(value, address, rport ? port : undefined) : `${value};received=${address}`;
    headers.removeFirst('Via');
    headers.prepend('Via', stamped);
    out.push({ kind: 'note', note: stampNote(value, stamped, via.host, flow.remote, rport) });
  }
  return { value, via, responseFlow: responseFlow(flow, via, rport) };
}

function stampNote(from: string, to: string, host: string, remote: Endpoint, rport: boolean): Note {
  return rport
    ? {
        op: 'changed',
        header: 'Via',
        from,
        to,
        reason: `The sender asked (rport) to be answered at the port it sends from: ${remote.port} at ${remote.address}.`,
        clause: 'RFC 3581 §4',
      }
    : {
        op: 'changed',
        header: 'Via',
        from,
        to,
        reason: `It came from ${remote.address} and names itself ${host}: the response goes back to that address.`,
        clause: 'RFC 3261 §18.2.1',
      };
}

/** An address stands in `received` without brackets and quotes. */
function rewritten(value: string, address: string, rport: number | undefined): string {
  const via = parseVia(value);
  if (via === undefined) throw new Error('a Via that was read is not read again');
  let text = `SIP/2.0/${via.transport} ${formatHost(via.host)}${via.port === undefined ? '' : `:${via.port}`}`;
  const others = new Map(via.params);
  others.delete('received');
  others.delete('rport');
  text += `${formatParams(others)};received=${address}`;
  return rport === undefined ? text : `${text};rport=${rport}`;
}

// RFC 3261 §18.2.2, RFC 3581 §4
function responseFlow(flow: Flow, via: ViaHead, rport: boolean): Flow {
  if (isReliable(flow.transport)) return flow;
  const port = rport ? flow.remote.port : (via.port ?? 5060);
  return port === flow.remote.port ? flow : createFlow(flow.transport, flow.local, { address: flow.remote.address, port }, flow.connection, flow.seal);
}
