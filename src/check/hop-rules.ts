/** From hop to hop: Via, Max-Forwards, Route; and that proxies invent no success (RFC 3261 §16.6, §16.7, §18.2.2). */
import type { Via } from '#protocol/sip/via.ts';
import { isSuccess, requestArrival, type SipFact } from './evidence.ts';
import { sameEntries, viaEntry } from './hiding-rules.ts';
import type { Rule } from './finding.ts';
import { rule } from './report.ts';

const sameVia = (a: Via | undefined, b: Via | undefined): boolean => a?.branch === b?.branch && a?.host === b?.host && a?.port === b?.port;
const sameVias = (a: readonly Via[], b: readonly Via[]): boolean => a.length === b.length && a.every((via, i) => sameVia(via, b[i]));

export const VIA = rule(
  'via',
  'Every hop puts one Via on a request; a response carries back exactly those of the request it answers.',
  'RFC 3261 §16.6',
  ({ transactions, strays }, blame) => {
    for (const { request, responses, parent } of transactions) {
      if (request.vias.length > 1) {
        if (parent === undefined) blame(request, 'is forwarded by somebody to whom it was not sent');
        // A border node may have made one token of several.
        else if (!sameVias(request.vias.slice(1), parent.request.vias) && !sameEntries(request.vias.slice(1).map(viaEntry), parent.request.vias.map(viaEntry)))
          blame(request, 'does not carry the Vias with which it was received, and one more');
      }
      for (const response of responses) if (!sameVias(response.vias, request.vias)) blame(response, 'does not carry the Vias of its request');
    }
    for (const stray of strays) blame(stray, 'answers no request that was sent that way');
  },
);

export const NOT_BEFORE = rule('cause', 'Nothing is forwarded or answered before it was received.', 'RFC 3261 §17', ({ transactions }, blame) => {
  for (const transaction of transactions) {
    const arrived = requestArrival(transaction);
    for (const answer of [...transaction.responses, ...transaction.children.map(({ request }) => request)]) {
      if (arrived === undefined || answer.record.sentAt < arrived) blame(answer, 'follows from a request that had not arrived');
    }
  }
});

const maxForwards = (fact: SipFact): number => Number(fact.message.headers.get('Max-Forwards') ?? NaN);

export const MAX_FORWARDS = rule('max-forwards', 'Every proxy takes exactly 1 from Max-Forwards.', 'RFC 3261 §16.6', ({ transactions }, blame) => {
  for (const { request, parent } of transactions) {
    const value = maxForwards(request);
    if (!Number.isInteger(value)) blame(request, 'has no Max-Forwards');
    else if (parent !== undefined && value !== maxForwards(parent.request) - 1)
      blame(request, `has Max-Forwards ${value} after ${maxForwards(parent.request)} on the hop before`);
  }
});

export const PROXY_SUCCESS = rule(
  'proxy-success',
  'Who forwards a request passes on a success only when it has received one.',
  'RFC 3261 §16.7',
  ({ transactions }, blame) => {
    for (const { responses, children } of transactions) {
      if (children.length === 0) continue;
      for (const response of responses) {
        if (!isSuccess(response)) continue;
        const source = children.some((child) =>
          child.responses.some(
            (r) =>
              r.message.status === response.message.status &&
              r.toTag === response.toTag &&
              r.record.arrivedAt !== undefined &&
              r.record.arrivedAt <= response.record.sentAt,
          ),
        );
        if (!source) blame(response, 'was not received from the next hop');
      }
    }
  },
);

export const HOP_RULES: readonly Rule[] = [VIA, NOT_BEFORE, MAX_FORWARDS, PROXY_SUCCESS];
