/** What application servers behind an S-CSCF have in common: what their answers carry of charging (TS 24.229 §5.7). Pure edits with notes. */
import type { Note } from '#base/note.ts';
import type { SipRequest, SipResponse } from '#protocol/sip/message.ts';
import { chargingVectorOf, isType3, setChargingVector, type3 } from './charging-vector.ts';
import { addHeader, type Notes } from './edit.ts';

/** The answer carries the charging number of its request, with this network as the one that answers. Gives all notes. */
export function answerAsServer(request: SipRequest, response: SipResponse, sofar: readonly Note[], domain: string): Notes {
  const notes = [...sofar];
  const vector = chargingVectorOf(request);
  if (vector !== undefined)
    setChargingVector(
      response,
      notes,
      // To the S-CSCF behind which it stands its identifier is of type 3; within a dialog others ask it too.
      { ...vector, terminating: isType3(vector.originating) ? type3(domain) : domain },
      'The answer carries the number of its request, and who answered.',
    );
  const functions = request.headers.get('P-Charging-Function-Addresses');
  const because = 'The charging functions that the request named are confirmed: both nodes report to the same ones.';
  if (functions !== undefined) addHeader(response, notes, 'P-Charging-Function-Addresses', functions, because, 'TS 24.229 (clause unchecked)');
  return notes;
}
