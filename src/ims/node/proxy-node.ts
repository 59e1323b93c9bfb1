/**
 * A SIP node that forwards: the checks of RFC 3261 §16.3, the way back of answers (§16.7), and what a stateful proxy does when nobody answers
 * (RFC 4320 §4.2: nothing is sent for a request other than INVITE that has run out of time).
 */
import type { Note } from '#base/note.ts';
import type { ServerTransaction } from '#protocol/sip/transactions.ts';
import { hashLoopKey, loopHashOf } from '#protocol/sip/branch.ts';
import { splitList } from '#protocol/sip/lists.ts';
import { createResponse, type SipRequest, type SipResponse } from '#protocol/sip/message.ts';
import { checkRequestForProxy, type ProxyCapabilities } from '#protocol/sip/server-checks.ts';
import { parseVia } from '#protocol/sip/via.ts';
import { answeredVector, answeringIoi, chargingVectorOf } from './charging-vector.ts';
import { decided, rejected } from './edit.ts';
import type { NoAnswer, Outgoing } from './outgoing.ts';
import { SipNode } from './sip-node.ts';

/** What a CSCF understands of a request that it only passes on; `sec-agree` ends at the P-CSCF. */
const PROXY: ProxyCapabilities = { schemes: ['sip', 'sips', 'tel', 'pres', 'im'], extensions: ['sec-agree'] };

const OWN_VIA: Note = {
  op: 'removed',
  header: 'Via',
  reason: 'The topmost Via was its own: the answer goes back to the one below it.',
  clause: 'RFC 3261 §16.7',
};

export abstract class ProxyNode<P, Q = never> extends SipNode<P, Q> {
  /** False, and the request answered, when it may not be forwarded. `loopKey` is what makes this passage differ from another. */
  protected mayForward(server: ServerTransaction, request: SipRequest, loopKey: string): boolean {
    const refusal = checkRequestForProxy(request, PROXY);
    if (refusal !== undefined) {
      this.refuse(server, refusal.status, rejected(refusal.reason, 'RFC 3261 §16.3', refusal.header), refusal.fields);
      return false;
    }
    server.loopKey = loopKey;
    const { host } = this.config;
    for (const value of request.headers.lines('Via')) {
      if (!value.includes(host)) continue;
      if (this.#isLoop(value, loopKey)) {
        this.refuse(server, 482, rejected('The request has been here before with the same targets: a loop.', 'RFC 3261 §16.3', 'Via'));
        return false;
      }
    }
    return true;
  }

  /** Whether one of these Via values is this node's own, made for a request that looked as this one does. */
  #isLoop(line: string, loopKey: string): boolean {
    const hash = hashLoopKey(loopKey);
    return splitList(line).some((value) => {
      const via = parseVia(value);
      return via?.branch !== undefined && via.host === this.config.host && loopHashOf(via.branch) === hash;
    });
  }

  /** A refusal is an answer: among networks that trust each other it carries the number of its request, and who answered. */
  protected override refuse(server: ServerTransaction, status: number, note: Note, headers: readonly (readonly [string, string])[] = []): void {
    const response = createResponse(server.request, status, undefined, this.chance.token('to-tag', 8));
    for (const [name, value] of headers) response.headers.append(name, value);
    const { originating } = chargingVectorOf(server.request) ?? {};
    const notes = this.isToldOfCharging(server) ? answeredVector(server.request, response, [note], answeringIoi(originating, this.config.domain)) : [note];
    this.respond(server, response, notes);
  }

  /** Whether the one who asked may hear of charging. */
  protected isToldOfCharging(_server: ServerTransaction): boolean {
    return false;
  }

  /** What tells a loop from a spiral: Request-URI, route set and session case. */
  protected loopKey(request: SipRequest, sessionCase = ''): string {
    return `${request.uri} ${request.headers.get('Route') ?? ''} ${sessionCase}`;
  }

  /** Passes an answer on towards the one who asked. */
  protected relay(outgoing: Outgoing<P>, response: SipResponse, notes: readonly Note[]): void {
    const { server } = outgoing;
    if (server === undefined) return;
    if (response.status === 503) {
      // RFC 3261 §16.7: a 503 of one server says nothing about this one, so it does not travel on.
      this.respond(server, createResponse(server.request, 500, undefined, this.chance.token('to-tag', 8)), [
        ...notes,
        decided('The next hop is overloaded, this proxy is not: its 503 becomes a 500.', 'RFC 3261 §16.7'),
      ]);
      return;
    }
    this.respond(server, response, [OWN_VIA, ...notes]);
  }

  protected override onNoAnswer(outgoing: Outgoing<P>, why: NoAnswer): void {
    const { server } = outgoing;
    if (server === undefined) return;
    switch (why) {
      case 'no-such-domain':
      case 'no-record':
        this.refuse(server, 404, rejected('The domain of the address does not exist in the DNS.', 'RFC 3263 §4'));
        return;
      case 'dns-timeout':
        this.refuse(server, 504, rejected('The DNS did not answer, so the next hop is not known.', 'RFC 3261 §21.5.5'));
        return;
      case 'timeout':
      case 'transport-error':
        this.note(
          decided(
            'Nobody answered in time. A proxy then sends nothing: whoever asked gives up by itself, and an answer so late would find nobody.',
            'RFC 4320 §4.2',
          ),
        );
    }
  }
}
