import { describe, expect, it } from 'vitest';
import { encodeUtf8 } from '#base/utf8.ts';
import { AVP, octetsAvp } from './avp.ts';
import { createCxAnswer, labelOfDiameter, SH_APPLICATION } from './command.ts';
import { encodeDiameterMessage, parseDiameterMessage, type DiameterMessage } from './message.ts';
import { RESULT } from './result.ts';
import { buildUserDataAnswer, buildUserDataRequest, DATA_REFERENCE, readUserDataAnswer, readUserDataRequest } from './sh.ts';

const request = buildUserDataRequest({
  originHost: 'pna.home2.net',
  originRealm: 'home2.net',
  sessionId: 'pna.home2.net;1;2',
  destinationHost: 'hss2.home2.net',
  destinationRealm: 'home2.net',
  publicIdentity: 'sip:user2_public1@home2.net',
  dataReference: DATA_REFERENCE.msisdn,
});
const hss = { originHost: 'hss2.home2.net', originRealm: 'home2.net' };

function travelled(message: DiameterMessage): DiameterMessage {
  const parsed = parseDiameterMessage(encodeDiameterMessage(message));
  if (parsed.kind !== 'diameter') throw new Error(parsed.fault);
  return parsed;
}

describe('Sh-Pull', () => {
  it('asks by public identity and reference, in the application Sh', () => {
    const message = travelled(request);
    expect([labelOfDiameter(message), message.command, message.application]).toEqual(['UDR', 306, SH_APPLICATION]);
    expect(readUserDataRequest(message)).toMatchObject({ publicIdentity: 'sip:user2_public1@home2.net', dataReference: 17, originHost: 'pna.home2.net' });
  });

  it('is answered with Sh-Data', () => {
    const answer = travelled(buildUserDataAnswer(request, { ...hss, result: RESULT.success, numbers: ['12125552222'] }));
    expect(readUserDataAnswer(answer)).toMatchObject({ kind: 'UDA', result: RESULT.success, numbers: ['12125552222'] });
  });

  it.each([
    ['no XML', 'hello'],
    ['another root', '<Other><PublicIdentifiers><MSISDN>1234</MSISDN></PublicIdentifiers></Other>'],
    ['an entity', '<!DOCTYPE a [<!ENTITY x "1">]><Sh-Data><PublicIdentifiers><MSISDN>&x;</MSISDN></PublicIdentifiers></Sh-Data>'],
  ])('tells nothing where the answer holds %s', (_, text) => {
    const answer = createCxAnswer(request, hss, RESULT.success, [octetsAvp(AVP.shUserData, encodeUtf8(text))]);
    expect(readUserDataAnswer(answer)).toMatchObject({ kind: 'UDA', numbers: undefined });
  });

  it('without an identity is a fault', () => {
    expect(readUserDataRequest({ ...request, avps: request.avps.filter((avp) => avp.code !== AVP.userIdentity.code) })).toMatchObject({ kind: 'cx-fault' });
  });
});
