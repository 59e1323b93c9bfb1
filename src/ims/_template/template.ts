/**
 * An entity to copy (put the clauses that govern yours here): it passes requests on, unchanged but for what every proxy does (RFC 3261 §16).
 * Omitted: say what the entity leaves out.
 *
 * To add one: copy the folder; derive from ProxyNode (passes requests on), SipNode (ends them) or implement Machine alone (no SIP); give it a kind in
 * trace/record.ts, a standing in scenario/plan.ts, and a case in scenario/build.ts; write its README and its tests.
 */
import type { Note } from '#base/note.ts';
import type { SimTime } from '#base/time.ts';
import type { ViewTable } from '#base/view.ts';
import { decrementMaxForwards, popRoute, routed } from '#ims/node/edit.ts';
import type { Outgoing } from '#ims/node/outgoing.ts';
import { ProxyNode } from '#ims/node/proxy-node.ts';
import type { SipRequest, SipResponse } from '#protocol/sip/message.ts';
import { uriOf } from '#protocol/sip/name-addr.ts';
import type { ServerTransaction } from '#protocol/sip/transactions.ts';
import { hostOf } from '#protocol/sip/uri.ts';

/** What the entity wants to remember of a request until its answer comes. */
interface Purpose {
  readonly kind: 'forward';
}

export class Template extends ProxyNode<Purpose> {
  #passed = 0;

  protected override onRequest(server: ServerTransaction, request: SipRequest): void {
    if (!this.mayForward(server, request, this.loopKey(request))) return;
    // Every change goes through ims/node/edit.ts, so that its note is made by the same line.
    const notes: Note[] = [];
    const top = uriOf(request.headers.first('Route') ?? '');
    if (top !== undefined && hostOf(top) === this.config.host) popRoute(request, notes);
    decrementMaxForwards(request, notes);
    notes.push(routed('Say in one sentence why the request goes where it goes.', 'RFC 3261 §16.6', request.headers.first('Route') ?? request.uri));
    this.#passed++;
    this.send({ request, notes, server, purpose: { kind: 'forward' }, targets: [], tried: 0 });
  }

  protected override onResponse(outgoing: Outgoing<Purpose>, response: SipResponse): void {
    this.relay(outgoing, response, []);
  }

  protected override tables(_now: SimTime): readonly ViewTable[] {
    return [{ title: 'Requests', columns: ['Passed on'], rows: [[String(this.#passed)]], empty: 'None.' }];
  }
}
