import { describe, expect, it } from 'vitest';
import { hasJudge } from '#testing/judges.ts';
import { complaintsAbout } from '#testing/judges/xmllint.ts';
import { type RegistrationDocument, formatReginfo, parseReginfo } from './document.ts';

// No IPv6 contact here: libxml2 takes no bracket in an opaque xs:anyURI, although SIP URIs have them (RFC 3261 §19.1.1).
const TWO_IDENTITIES: RegistrationDocument = {
  version: 3,
  state: 'full',
  registrations: [
    {
      aor: 'sip:user1_public1@home1.net',
      id: 'r1',
      state: 'active',
      contacts: [
        {
          id: 'c1',
          uri: 'sip:192.0.2.1:1357',
          state: 'active',
          event: 'registered',
          expires: 600,
          durationRegistered: 12,
          retryAfter: 3,
          q: '0.5',
          callId: 'a"b<c',
          cseq: 2,
          displayName: 'Anna & Co',
        },
      ],
    },
    { aor: 'tel:+12125551111', id: 'r2', state: 'terminated', contacts: [{ id: 'c2', uri: 'sip:192.0.2.1:1357', state: 'terminated', event: 'unregistered' }] },
    { aor: 'sip:user1_public2@home1.net', id: 'r3', state: 'init', contacts: [] },
  ],
};

describe('a registration document (RFC 3680)', () => {
  it('reads back what it wrote', () => {
    expect(parseReginfo(formatReginfo(TWO_IDENTITIES))).toEqual(TWO_IDENTITIES);
  });

  it.runIf(hasJudge('xmllint') && hasJudge('schemas'))('validates against the schema of RFC 3680', () => {
    expect(complaintsAbout('reginfo.xsd', formatReginfo(TWO_IDENTITIES))).toEqual([]);
    expect(complaintsAbout('reginfo.xsd', formatReginfo({ version: 0, state: 'full', registrations: [] }))).toEqual([]);
    expect(complaintsAbout('reginfo.xsd', formatReginfo(TWO_IDENTITIES).replace('unregistered', 'gone'))).not.toEqual([]);
  });

  it.each([
    ['another root', '<presence xmlns="urn:ietf:params:xml:ns:reginfo"/>', /not reginfo/],
    ['no version', '<reginfo xmlns="urn:ietf:params:xml:ns:reginfo" state="full"/>', /version/],
    ['another state', '<reginfo xmlns="urn:ietf:params:xml:ns:reginfo" version="0" state="half"/>', /state/],
    [
      'a registration without id',
      '<reginfo xmlns="urn:ietf:params:xml:ns:reginfo" version="0" state="full"><registration aor="sip:a@b" state="active"/></reginfo>',
      /lacks aor, id/,
    ],
    [
      'a contact without uri',
      '<reginfo xmlns="urn:ietf:params:xml:ns:reginfo" version="0" state="full"><registration aor="sip:a@b" id="a" state="active"><contact id="c" state="active" event="registered"/></registration></reginfo>',
      /lacks its uri/,
    ],
    ['no XML', 'x', /not well-formed/i],
  ])('is refused with %s', (_what, text, reason) => {
    expect(parseReginfo(text)).toMatchObject({ kind: 'reginfo-error', reason: expect.stringMatching(reason) as unknown });
  });
});
