import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasJudge } from '#testing/judges.ts';
import { complaintsAbout, schemaComplaints } from '#testing/judges/xmllint.ts';
import { formatUserData, parseUserData, type InitialFilterCriterion, type ServicePointTrigger, type UserDataError, type UserProfile } from './cx-user-data.ts';

/** The presence criterion of the simulator: SUBSCRIBE for presence, to the user whether registered or not. */
const PRESENCE: InitialFilterCriterion = {
  priority: 10,
  triggerPoint: {
    cnf: false,
    spts: [
      { kind: 'method', method: 'SUBSCRIBE', negated: false, groups: [0, 1] },
      { kind: 'header', header: { name: 'Event', content: '^presence(\\.winfo)?(;.*)?$' }, negated: false, groups: [0, 1] },
      { kind: 'session-case', sessionCase: 1, negated: false, groups: [0] },
      { kind: 'session-case', sessionCase: 2, negated: false, groups: [1] },
    ],
  },
  applicationServer: { serverName: 'sip:ps.home2.net', defaultHandling: 1 },
};
const PROFILE: UserProfile = {
  privateIdentity: 'user2_private@home2.net',
  publicIdentities: [
    { identity: 'sip:user2_public1@home2.net', barred: false },
    { identity: 'tel:+1-212-555-2222', barred: true },
  ],
  filterCriteria: [
    PRESENCE,
    { priority: 20, applicationServer: { serverName: 'sip:as.home2.net', serviceInfo: 'a < b & "c"' }, profilePart: 0 },
    {
      priority: 30,
      triggerPoint: {
        cnf: true,
        spts: [
          { kind: 'method', method: 'REGISTER', negated: false, groups: [0], registrationTypes: [0, 2] },
          { kind: 'request-uri', requestUri: '.*@home2\\.net', negated: true, groups: [1] },
          { kind: 'session-description', sessionDescription: { line: 'm', content: 'audio' }, negated: false, groups: [2] },
          { kind: 'header', header: { name: 'P-Asserted-Identity' }, negated: true, groups: [2, 3] },
        ],
      },
      applicationServer: { serverName: 'sip:pna.home2.net', defaultHandling: 0 },
      profilePart: 1,
    },
  ],
};

/** What of XML 1.0 can stand in text. */
const text = fc.string({ unit: 'grapheme', maxLength: 12 }).filter((t) => !/[^\t\n\r\u0020-\ufffd]/.test(t));
const uri = fc.string({ unit: fc.constantFrom('a', 'b', '@', '.', '+', '-', '1', '&', ';', '='), minLength: 1, maxLength: 20 }).map((rest) => `sip:${rest}`);
const int = fc.nat({ max: 0x7fffffff });
const bit = fc.constantFrom<0 | 1>(0, 1);
const common = { negated: fc.boolean(), groups: fc.array(int, { minLength: 1, maxLength: 3 }) };
const pattern = (first: string): fc.Arbitrary<{ content?: string }> => fc.record({ [first]: text, content: text }, { requiredKeys: [first] });
const anyTrigger: fc.Arbitrary<ServicePointTrigger> = fc.oneof(
  fc.record(
    { ...common, kind: fc.constant('method' as const), method: text, registrationTypes: fc.array(fc.nat({ max: 2 }), { minLength: 1, maxLength: 2 }) },
    { requiredKeys: ['negated', 'groups', 'kind', 'method'] },
  ),
  fc.record({ ...common, kind: fc.constant('request-uri' as const), requestUri: text }),
  fc.record({ ...common, kind: fc.constant('header' as const), header: pattern('name') as fc.Arbitrary<{ name: string }> }),
  fc.record({ ...common, kind: fc.constant('session-case' as const), sessionCase: fc.nat({ max: 3 }) }),
  fc.record({ ...common, kind: fc.constant('session-description' as const), sessionDescription: pattern('line') as fc.Arbitrary<{ line: string }> }),
);
const anyCriterion: fc.Arbitrary<InitialFilterCriterion> = fc.record(
  {
    priority: int,
    triggerPoint: fc.record({ cnf: fc.boolean(), spts: fc.array(anyTrigger, { minLength: 1, maxLength: 4 }) }),
    applicationServer: fc.record({ serverName: uri, defaultHandling: bit, serviceInfo: text }, { requiredKeys: ['serverName'] }),
    profilePart: bit,
  },
  { requiredKeys: ['priority', 'applicationServer'] },
);
const anyProfile: fc.Arbitrary<UserProfile> = fc.record({
  privateIdentity: uri,
  publicIdentities: fc.array(fc.record({ identity: uri, barred: fc.boolean() }), { minLength: 1, maxLength: 3 }),
  filterCriteria: fc.array(anyCriterion, { maxLength: 3 }),
});

const faultOf = (xml: string): UserDataError['fault'] | 'none' => {
  const result = parseUserData(xml);
  return 'fault' in result ? result.fault : 'none';
};
const inside = (profile: string): string => `<IMSSubscription><PrivateID>a@b</PrivateID><ServiceProfile>${profile}</ServiceProfile></IMSSubscription>`;
const IDENTITY = '<PublicIdentity><Identity>sip:a@b</Identity></PublicIdentity>';

describe('the user profile of TS 29.228 annex E', () => {
  it('reading undoes writing', () => {
    expect(parseUserData(formatUserData(PROFILE))).toEqual(PROFILE);
    fc.assert(
      fc.property(anyProfile, (profile) => {
        expect(parseUserData(formatUserData(profile))).toEqual(profile);
      }),
    );
  });

  it('is read whatever its white space, comments, extensions and spelling of booleans', () => {
    const xml = `<?xml version="1.0"?>
      <!-- of another HSS --><IMSSubscription xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xsi:noNamespaceSchemaLocation="CxDataType.xsd">
        <PrivateID> a@b </PrivateID>
        <ServiceProfile>
          <PublicIdentity><Identity>sip:a@b</Identity><Extension><IdentityType>0</IdentityType></Extension></PublicIdentity>
          <InitialFilterCriteria><Priority>0</Priority>
            <TriggerPoint><ConditionTypeCNF>true</ConditionTypeCNF>
              <SPT><Group>0</Group><Method><![CDATA[A&B]]>&#x41;&lt;</Method><Extension><RegistrationType>1</RegistrationType></Extension></SPT></TriggerPoint>
            <ApplicationServer><ServerName>sip:as</ServerName><Extension/></ApplicationServer></InitialFilterCriteria>
          <Extension><SharedIFCSetID>1</SharedIFCSetID></Extension>
        </ServiceProfile></IMSSubscription>`;
    expect(parseUserData(xml)).toEqual({
      privateIdentity: 'a@b',
      publicIdentities: [{ identity: 'sip:a@b', barred: false }],
      filterCriteria: [
        {
          priority: 0,
          triggerPoint: { cnf: true, spts: [{ kind: 'method', method: 'A&BA<', negated: false, groups: [0], registrationTypes: [1] }] },
          applicationServer: { serverName: 'sip:as' },
        },
      ],
    });
  });

  it.each([
    ['document-type', `<!DOCTYPE a [<!ENTITY x "${'y'.repeat(99)}">]>${inside(IDENTITY)}`],
    ['unknown-entity', inside('<PublicIdentity><Identity>&x;</Identity></PublicIdentity>')],
    ['not-well-formed', inside('<PublicIdentity><Identity>a & b</Identity></PublicIdentity>')],
    ['not-well-formed', inside('<PublicIdentity><Identity>&#0;</Identity></PublicIdentity>')],
    ['not-well-formed', inside('<PublicIdentity><Identity>&#x110000;</Identity></PublicIdentity>')],
    ['too-deep', '<a>'.repeat(100_000 / 4)],
    ['too-large', ' '.repeat(300_000)],
    ['not-well-formed', ''],
    ['not-well-formed', 'text'],
    ['not-well-formed', '<a><b></a></b>'],
    ['not-well-formed', '<a/><b/>'],
    ['not-well-formed', '<a b=c/>'],
    ['not-well-formed', '<a b="<"/>'],
    ['not-well-formed', '<a>\u0001</a>'],
    ['not-well-formed', '<a><![CDATA[</a>'],
    ['missing-element', '<IMSSubscription/>'],
    ['missing-element', inside('')],
    ['missing-element', inside(`${IDENTITY}<InitialFilterCriteria><Priority>1</Priority></InitialFilterCriteria>`)],
    [
      'missing-element',
      inside(
        `${IDENTITY}<InitialFilterCriteria><Priority>1</Priority><TriggerPoint><ConditionTypeCNF>0</ConditionTypeCNF><SPT><Group>0</Group></SPT></TriggerPoint><ApplicationServer><ServerName>s</ServerName></ApplicationServer></InitialFilterCriteria>`,
      ),
    ],
    [
      'bad-value',
      inside(
        `${IDENTITY}<InitialFilterCriteria><Priority>-1</Priority><ApplicationServer><ServerName>s</ServerName></ApplicationServer></InitialFilterCriteria>`,
      ),
    ],
    ['bad-value', inside('<PublicIdentity><BarringIndication>2</BarringIndication><Identity>sip:a@b</Identity></PublicIdentity>')],
    ['several-service-profiles', inside(`${IDENTITY}</ServiceProfile><ServiceProfile>${IDENTITY}`)],
  ])('%s is named', (fault, xml) => {
    expect(faultOf(xml)).toBe(fault);
  });

  it('any text, and any profile with a character changed, gives a profile or a named error', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('<', '>', '/', '!', '?', '-', '[', ']', '&', ';', '#', 'x', '=', ' ', '"', "'", 'a', '\n', '\u0000') }),
        anyProfile,
        fc.nat(),
        fc.string({ maxLength: 1 }),
        (junk, profile, where, character) => {
          expect(faultOf(junk)).not.toBe('none');
          const xml = formatUserData(profile);
          const at = where % xml.length;
          faultOf(xml.slice(0, at) + character + xml.slice(at + 1));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('text that no document can carry is never written', () => {
    expect(() => formatUserData({ ...PROFILE, privateIdentity: '\u0000' })).toThrow();
  });
});

describe.runIf(hasJudge('xmllint') && hasJudge('schemas'))('the schema of TS 29.228 (xmllint)', { timeout: 60_000 }, () => {
  it('accepts what is written here, and refuses what it should', () => {
    const profiles = [PROFILE, ...fc.sample(anyProfile, { numRuns: 15, seed: 1 })];
    expect(schemaComplaints('CxDataType_Rel8.xsd', new Map(profiles.map((profile, i) => [`profile ${i}`, formatUserData(profile)])))).toEqual([]);
    expect(complaintsAbout('CxDataType_Rel8.xsd', formatUserData({ ...PROFILE, publicIdentities: [] }))).not.toEqual([]);
  });
});
