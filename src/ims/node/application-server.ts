/** What application servers behind an S-CSCF have in common: what their answers and their own requests carry of charging (TS 24.229 §5.7). Pure edits with notes. */
import type { Chance } from '#base/chance.ts';
import type { Note } from '#base/note.ts';
import type { SipRequest, SipResponse } from '#protocol/sip/message.ts';
import type { ServerTransaction } from '#protocol/sip/transactions.ts';
import { chargingVectorOf, isType3, newVector, type Numbering, setChargingVector, type3, withTerminating } from './charging-vector.ts';
import { addHeader, type Notes } from './edit.ts';
import { nextHostOf } from './identity.ts';
import { isTrusted, type TrustPolicy } from './trust.ts';

/**
 * The answer carries the charging number of its request, with this network as the one that answers; towards a network that is not trusted it says nothing of
 * charging, whatever that one said (`trust`: who is trusted; everybody when left out). Gives all notes.
 */
export function answerAsServer(
  { request, flow }: Pick<ServerTransaction, 'request' | 'flow'>,
  response: SipResponse,
  sofar: readonly Note[],
  domain: string,
  trust?: TrustPolicy,
): Notes {
  const notes = [...sofar];
  if (trust !== undefined && !isTrusted(trust, flow.remote.address)) return notes;
  const vector = chargingVectorOf(request);
  if (vector !== undefined)
    setChargingVector(
      response,
      notes,
      // To the S-CSCF behind which it stands its identifier is of type 3; within a dialog others ask it too.
      withTerminating(vector, isType3(vector.originating) ? type3(domain) : domain),
      'The answer carries the number of its request, and who answered.',
    );
  const functions = request.headers.get('P-Charging-Function-Addresses');
  const because = 'The charging functions that the request named are confirmed: both nodes report to the same ones.';
  if (functions !== undefined) addHeader(response, notes, 'P-Charging-Function-Addresses', functions, because, 'TS 24.229 (clause unchecked)');
  return notes;
}

/** The first IMS node of a transaction gives it its charging number. `who`: `presence server`. */
export function numberOwn(request: SipRequest, notes: Notes, node: Numbering, chance: Chance, who: string): void {
  const next = nextHostOf(request);
  // Inside the own network an application server names it by an identifier of type 3.
  const originating = next?.endsWith(`.${node.domain}`) === true || next === node.domain ? type3(node.domain) : node.domain;
  const because = `The ${who} is the first IMS node of this transaction, so it gives it its number.`;
  setChargingVector(request, notes, newVector(chance, node, originating), because, 'TS 32.260 §5.1.2.2');
}
