/**
 * What a P-CSCF checks of a REGISTER that comes over security associations (TS 33.203 §7.1, §7.2): that it is the UE of these associations, that the user
 * is theirs, and that the agreement came through unchanged. Omitted: the limit of six associations per direction, which cannot be reached here.
 */
import { rejected } from '#ims/node/edit.ts';
import type { SaPairs } from '#ims/node/security-associations.ts';
import { splitList } from '#protocol/sip/lists.ts';
import type { SipRequest } from '#protocol/sip/message.ts';
import { differenceOfMechanisms, parseSecurityMechanisms } from '#protocol/sip/security-agreement.ts';
import type { Flow } from '#protocol/sip/transactions.ts';
import { parseVia } from '#protocol/sip/via.ts';
import type { Refusal } from './from-ue.ts';

/** Why the REGISTER is refused; undefined when nothing is wrong. `answering`: it answers the challenge for which these associations were made. */
export function checkAgreement(request: SipRequest, flow: Flow, pairs: SaPairs, answering: boolean, isOwner: boolean): Refusal | undefined {
  if (!isOwner) return { status: 403, note: rejected('These security associations are those of another user.', 'TS 33.203 §7.1', 'Authorization') };
  if (parseVia(request.headers.first('Via') ?? '')?.host !== flow.remote.address)
    return { status: 403, note: rejected('The address in Via is not the one that the packet came from.', 'TS 33.203 §7.1', 'Via') };
  const difference =
    differenceOf(pairs.securityServer, request, 'Security-Verify') ?? (answering ? differenceOf(pairs.securityClient, request, 'Security-Client') : undefined);
  if (difference === undefined) return undefined;
  return {
    status: 400,
    note: rejected(
      `The security agreement was changed on the way, so the registration is broken off: ${difference}`,
      'TS 33.203 §7.2, §7.3.2.3',
      'Security-Verify',
    ),
  };
}

/** How a security header of the request differs from what was said before; undefined when it does not. */
function differenceOf(said: string, request: SipRequest, header: string): string | undefined {
  return differenceOfMechanisms(parseSecurityMechanisms(splitList(said)) ?? [], parseSecurityMechanisms(request.headers.values(header)) ?? []);
}
