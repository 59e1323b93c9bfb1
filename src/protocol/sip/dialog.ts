/**
 * Dialogs as plain data: made from the request of the peer, used to build further requests and to judge those that arrive.
 * Governed by RFC 3261 §12, for SUBSCRIBE and NOTIFY with RFC 6665 §4.4.1 (the NOTIFY makes the watcher's dialog).
 * Omitted: the dialog that a 2xx to our own request makes (§12.1.2), early dialogs, forked INVITEs, the secure flag. Texts are copies of their own, so that a dialog keeps no message alive.
 */
import type { Note } from '#base/note.ts';
import { ownText, ownTexts } from '#base/own-text.ts';
import { createRequest, type SipRequest, type SipResponse } from './message.ts';
import { tagOf, uriOf } from './name-addr.ts';
import { parseUri } from './uri.ts';
import { CSEQ_LIMIT, parseCSeq } from './values.ts';

/** One side's view of a dialog. Never changed in place: functions give the next one. */
export interface Dialog {
  readonly callId: string;
  readonly localTag: string;
  /** Empty for a peer that gave none (RFC 2543). */
  readonly remoteTag: string;
  /** URIs of From and To as this side writes them, without tags and display names. */
  readonly localUri: string;
  readonly remoteUri: string;
  /** The peer's Contact: where requests finally go. */
  readonly remoteTarget: string;
  /** Route values from here to the peer, each with its angle brackets. */
  readonly routeSet: readonly string[];
  /** Number of the last request sent; 0 before the first. */
  readonly localCSeq: number;
  /** Number of the last request received; undefined before the first. */
  readonly remoteCSeq: number | undefined;
}

/** `texts`: Call-ID, tags, URIs and target, in the order of `Dialog`. */
function dialogOf(texts: readonly string[], routes: readonly string[], localCSeq: number, remoteCSeq: number | undefined): Dialog {
  const [callId = '', localTag = '', remoteTag = '', localUri = '', remoteUri = '', remoteTarget = '', ...routeSet] = ownTexts([...texts, ...routes]);
  return { callId, localTag, remoteTag, localUri, remoteUri, remoteTarget, routeSet, localCSeq, remoteCSeq };
}

/**
 * The dialog that a request from the peer makes. `localTag` is the tag of the answer's To (or, where a NOTIFY makes the watcher's dialog, the one already
 * in its To); `localCSeq` the number of a request of ours that belongs to the dialog already (the SUBSCRIBE). Undefined without exactly one usable Contact.
 */
// RFC 3261 §12.1.1
export function createUasDialog(request: SipRequest, localTag: string, localCSeq = 0): Dialog | undefined {
  const { headers } = request;
  const remoteTarget = contactOf(request);
  const cseq = parseCSeq(headers.get('CSeq') ?? '');
  const from = headers.get('From') ?? '';
  const localUri = uriOf(headers.get('To') ?? '');
  const remoteUri = uriOf(from);
  if (remoteTarget === undefined || cseq === undefined || localUri === undefined || remoteUri === undefined) return undefined;
  const texts = [headers.get('Call-ID') ?? '', localTag, tagOf(from) ?? '', localUri, remoteUri, remoteTarget];
  return dialogOf(texts, headers.values('Record-Route'), localCSeq, cseq.number);
}

export interface DialogRequest {
  readonly request: SipRequest;
  /** The dialog from now on. */
  readonly dialog: Dialog;
  readonly notes: readonly Note[];
}

/**
 * The next request of ours in the dialog: Request-URI, Max-Forwards 70, Route, From, To, Call-ID and CSeq are set, `extra` follows (Contact, Event, ...).
 * The transaction layer adds Via.
 */
// RFC 3261 §12.2.1.1
export function createDialogRequest(dialog: Dialog, method: string, extra: readonly (readonly [string, string])[], body?: Uint8Array): DialogRequest {
  const number = dialog.localCSeq + 1;
  if (number >= CSEQ_LIMIT) throw new Error('CSeq of a dialog has run out');
  const { uri, routes, note } = routeTo(dialog);
  const headers: (readonly [string, string])[] = [['Max-Forwards', '70']];
  for (const route of routes) headers.push(['Route', route]);
  const remoteTag = dialog.remoteTag === '' ? '' : `;tag=${dialog.remoteTag}`;
  headers.push(
    ['From', `<${dialog.localUri}>;tag=${dialog.localTag}`],
    ['To', `<${dialog.remoteUri}>${remoteTag}`],
    ['Call-ID', dialog.callId],
    ['CSeq', `${number} ${method}`],
  );
  for (const field of extra) headers.push(field);
  return {
    request: createRequest(method, uri, headers, body),
    dialog: { ...dialog, localCSeq: number },
    notes: [note, { op: 'added', header: 'CSeq', to: `${number} ${method}`, reason: 'The next number of this dialog.', clause: 'RFC 3261 §12.2.1.1' }],
  };
}

function routeTo({ remoteTarget, routeSet }: Dialog): { readonly uri: string; readonly routes: readonly string[]; readonly note: Note } {
  const clause = 'RFC 3261 §12.2.1.1';
  const [first] = routeSet;
  if (first === undefined)
    return {
      uri: remoteTarget,
      routes: [],
      note: { op: 'routed', to: remoteTarget, reason: 'The dialog has no route set: straight to the address in the Contact of the peer.', clause },
    };
  const uri = uriOf(first) ?? '';
  if (isLooseRouter(uri)) {
    return {
      uri: remoteTarget,
      routes: routeSet,
      note: {
        op: 'added',
        header: 'Route',
        to: routeSet.join(', '),
        reason: 'The Route names the proxies that recorded themselves when the dialog was made, in this order.',
        clause,
      },
    };
  }
  const reason = 'The first proxy of the route set is a strict router (no lr parameter): it becomes the Request-URI, the Contact of the peer the last Route.';
  return {
    uri: withoutUriHeaders(uri),
    routes: [...routeSet.slice(1), `<${remoteTarget}>`],
    note: { op: 'changed', header: 'Route', from: remoteTarget, to: uri, reason, clause },
  };
}

/** RFC 3261 §19.1.1: a Request-URI carries no headers and no method parameter; both are left out. */
function withoutUriHeaders(uri: string): string {
  const question = uri.indexOf('?');
  const plain = question < 0 ? uri : uri.slice(0, question);
  return plain
    .split(';')
    .filter((part, i) => i === 0 || !part.toLowerCase().startsWith('method='))
    .join(';');
}

/** The URI of a Route or Record-Route value carries `lr` (with or without value). */
export function isLooseRouter(uri: string): boolean {
  const parsed = parseUri(uri);
  return parsed?.kind === 'sip' && parsed.params.has('lr');
}

export type CSeqVerdict =
  | { readonly kind: 'in-order'; readonly dialog: Dialog }
  /** Answer it with `status`. */
  | { readonly kind: 'out-of-order'; readonly status: 500; readonly note: Note };

/** Whether a request that arrived in the dialog is newer than the last. Copies of one request never get here: the transaction layer absorbs them. */
// RFC 3261 §12.2.2
export function checkRemoteCSeq(dialog: Dialog, request: SipRequest): CSeqVerdict {
  const value = request.headers.get('CSeq') ?? '';
  const number = parseCSeq(value)?.number ?? -1;
  const last = dialog.remoteCSeq;
  if (number >= 0 && (last === undefined || number > last)) return { kind: 'in-order', dialog: { ...dialog, remoteCSeq: number } };
  const note: Note = {
    op: 'rejected',
    header: 'CSeq',
    from: value,
    reason: `A request numbered ${number} after number ${last ?? 0} of the same dialog is out of order.`,
    clause: 'RFC 3261 §12.2.2',
  };
  return { kind: 'out-of-order', status: 500, note };
}

/** The dialog with the peer's Contact from a target refresh request (SUBSCRIBE, NOTIFY) or its 2xx; the same when that carries no usable Contact. */
// RFC 3261 §12.2.2 and §12.2.1.2
export function refreshTarget(dialog: Dialog, message: SipRequest | SipResponse): Dialog {
  const remoteTarget = contactOf(message);
  return remoteTarget === undefined || remoteTarget === dialog.remoteTarget ? dialog : { ...dialog, remoteTarget: ownText(remoteTarget) };
}

/** RFC 3261 §12.1.1: exactly one Contact, with a SIP or SIPS URI. */
function contactOf(message: SipRequest | SipResponse): string | undefined {
  const contacts = message.headers.values('Contact');
  const uri = contacts.length === 1 ? uriOf(contacts[0] ?? '') : undefined;
  return uri !== undefined && /^sips?:/i.test(uri) ? uri : undefined;
}
