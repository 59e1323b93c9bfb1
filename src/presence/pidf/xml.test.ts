import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SimTime } from '#base/time.ts';
import { hasJudge } from '#testing/judges.ts';
import { complaintsAbout, schemaComplaints } from '#testing/judges/xmllint.ts';
import { ACTIVITIES, MOODS, type PresenceDocument } from './document.ts';
import { isoAt } from './iso-time.ts';
import { neutralDocument, publicationDocument, summaryOf } from './states.ts';
import { formatPidf, isPidfError, parsePidf } from './xml.ts';

const FULL: PresenceDocument = {
  entity: 'sip:user2_public1@home2.net',
  tuples: [
    {
      id: 't1',
      basic: 'open',
      contact: { uri: 'sip:user2_public1@home2.net', priority: 0.8 },
      deviceId: 'urn:uuid:48662e19-5fbf-43fc-a2fd-d23002787599',
      userInput: { state: 'idle', idleThresholdSeconds: 600, lastInput: '2026-11-23T08:50:00Z' },
      notes: ['Only texts & calls <now>'],
      timestamp: '2026-11-23T09:00:00Z',
    },
    { id: 't2', notes: [] },
  ],
  persons: [
    {
      id: 'p1',
      activities: ['meeting', 'on-the-phone'],
      activitiesSpan: { from: '2026-11-23T09:00:00Z', until: '2026-11-23T10:00:00Z' },
      moods: ['happy'],
      placeTypes: ['office'],
      userInput: { state: 'active' },
      notes: ['Zurück um drei'],
      timestamp: '2026-11-23T09:00:00.250Z',
    },
  ],
  devices: [
    {
      id: 'd1',
      deviceId: 'urn:uuid:48662e19-5fbf-43fc-a2fd-d23002787599',
      userInput: { state: 'active' },
      notes: ['phone'],
      timestamp: '2026-11-23T09:00:00Z',
    },
  ],
  notes: ['A note on the whole'],
};

describe('a presence document as XML', () => {
  it('is written one element a line with namespaces at the root', () => {
    const text = formatPidf(
      publicationDocument({
        entity: 'sip:user2_public1@home2.net',
        basic: 'open',
        activities: ['meeting'],
        note: 'Back at three',
        contact: 'sip:user2_public1@home2.net',
      }),
    );
    expect(text).toBe(
      [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<presence xmlns="urn:ietf:params:xml:ns:pidf" xmlns:dm="urn:ietf:params:xml:ns:pidf:data-model" xmlns:rpid="urn:ietf:params:xml:ns:pidf:rpid" entity="sip:user2_public1@home2.net">',
        '  <tuple id="service-ua">',
        '    <status>',
        '      <basic>open</basic>',
        '    </status>',
        '    <contact priority="0.8">sip:user2_public1@home2.net</contact>',
        '  </tuple>',
        '  <dm:person id="person-ua">',
        '    <rpid:activities>',
        '      <rpid:meeting/>',
        '    </rpid:activities>',
        '    <dm:note>Back at three</dm:note>',
        '  </dm:person>',
        '</presence>',
        '',
      ].join('\n'),
    );
  });

  it('reads back what it wrote', () => {
    expect(parsePidf(formatPidf(FULL))).toEqual(FULL);
  });

  it.runIf(hasJudge('xmllint') && hasJudge('schemas'))('validates against the schemas of RFC 3863, 4479 and 4480', () => {
    const everything = publicationDocument({
      entity: 'sip:a@b',
      basic: 'closed',
      activities: ACTIVITIES.filter((each) => each !== 'unknown'),
      moods: MOODS.filter((each) => each !== 'unknown'),
      placeTypes: ['train'],
      note: 'n',
    });
    const empty = { entity: 'pres:a@b', tuples: [], persons: [], devices: [], notes: [] };
    const documents = { FULL, neutral: neutralDocument('sip:a@b'), empty, everything };
    expect(schemaComplaints('presence.xsd', new Map(Object.entries(documents).map(([name, document]) => [name, formatPidf(document)])))).toEqual([]);
    expect(complaintsAbout('presence.xsd', formatPidf(FULL).replace('open', 'ajar'))).not.toEqual([]);
  });

  it('keeps every text that XML can hold', () => {
    // A line end may be read as \n whatever it was (XML 1.0 §2.11), and what XML cannot hold is replaced: neither belongs to this property.
    const text = fc
      .string({ unit: 'binary', maxLength: 20 })
      .map((each) => each.replace(/[^\t\n\u{20}-\u{7E}\u{A0}-\u{2027}\u{202A}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, ''));
    const id = fc.uniqueArray(fc.stringMatching(/^[a-z][a-z0-9_.-]{0,8}$/), { minLength: 3, maxLength: 3 });
    const property = fc.property(
      id,
      fc.constantFrom<'open' | 'closed'>('open', 'closed'),
      fc.array(text, { maxLength: 3 }),
      fc.subarray([...ACTIVITIES]),
      fc.integer({ min: 0, max: 1000 }),
      ([a = '', b = '', c = ''], basic, notes, activities, thousandths) => {
        const document: PresenceDocument = {
          entity: 'sip:user@home2.net',
          tuples: [{ id: a, basic, contact: { uri: 'sip:user@home2.net', priority: thousandths / 1000 }, notes }],
          persons: [{ id: b, activities, moods: [], placeTypes: [], notes }],
          devices: [{ id: c, deviceId: 'urn:x', notes }],
          notes,
        };
        expect(parsePidf(formatPidf(document))).toEqual(document);
      },
    );
    fc.assert(property, { numRuns: 100 });
  });

  it('replaces what XML cannot hold instead of writing a broken document', () => {
    const text = formatPidf({ ...neutralDocument('sip:a@b'), notes: ['bell\u0007 and half a pair \uD800'] });
    expect(parsePidf(text)).toMatchObject({ notes: ['bell\uFFFD and half a pair \uFFFD'] });
  });
});

describe('a presence document that is wrong', () => {
  const wrap = (inner: string): string =>
    `<presence xmlns="urn:ietf:params:xml:ns:pidf" xmlns:dm="urn:ietf:params:xml:ns:pidf:data-model"\n entity="sip:a@b">\n${inner}\n</presence>`;
  const cases: readonly [what: string, text: string, reason: RegExp, line?: number][] = [
    ['nothing', '', /no(t well-formed| root)/i],
    ['no XML', 'hello', /not well-formed/i],
    ['an open element', '<presence xmlns="urn:ietf:params:xml:ns:pidf" entity="sip:a@b">', /not well-formed/i],
    ['an attribute without quotes', '<presence xmlns="urn:ietf:params:xml:ns:pidf" entity=sip:a@b/>', /not well-formed/i],
    ['an unknown entity', wrap('<note>&secret;</note>'), /not well-formed.*secret/i],
    [
      'a DTD with an external entity',
      '<?xml version="1.0"?>\n<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><presence xmlns="urn:ietf:params:xml:ns:pidf" entity="sip:a@b"><note>&x;</note></presence>',
      /document type/,
      2,
    ],
    ['another root', '<list xmlns="urn:ietf:params:xml:ns:pidf"/>', /root element is list/, 1],
    ['no namespace', '<presence entity="sip:a@b"/>', /not presence of PIDF/],
    ['no entity', '<presence xmlns="urn:ietf:params:xml:ns:pidf"/>', /lacks its entity/],
    ['a tuple without id', wrap('<tuple><status/></tuple>'), /tuple lacks its id/, 3],
    ['a tuple without status', wrap('<tuple id="a"/>'), /no status/, 3],
    ['an id twice', wrap('<tuple id="a"><status/></tuple>\n<dm:person id="a"/>'), /stands twice/, 4],
    ['another basic', wrap('<tuple id="a"><status><basic>ajar</basic></status></tuple>'), /neither open nor closed/, 3],
    ['a priority above 1', wrap('<tuple id="a"><status/><contact priority="1.5">sip:a@b</contact></tuple>'), /from 0 to 1/, 3],
    ['a local time', wrap('<tuple id="a"><status/><timestamp>2026-11-23T09:00:00</timestamp></tuple>'), /not a date and time/, 3],
    ['a device without deviceID', wrap('<dm:device id="a"/>'), /lacks its deviceID/, 3],
    ['too much', wrap(`<note>${'x'.repeat(70_000)}</note>`), /longer than/],
    ['too deep', wrap(`${'<x>'.repeat(40)}${'</x>'.repeat(40)}`), /deeper than/, 3],
  ];
  it.each(cases)('%s is named', (_what, text, reason, line) => {
    const result = parsePidf(text);
    if (!isPidfError(result)) throw new Error('was taken');
    expect(result.reason).toMatch(reason);
    if (line !== undefined) expect(result.line).toBe(line);
  });

  it('never makes the reader throw, whatever the text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void parsePidf(text)));
    const scraps = fc.array(
      fc.constantFrom(
        '<presence xmlns="urn:ietf:params:xml:ns:pidf" entity="sip:a@b">',
        '</presence>',
        '<tuple id="a">',
        '</tuple>',
        '<status/>',
        '&amp;',
        '&x;',
        '<![CDATA[',
        ']]>',
        '<!--',
        '-->',
        '<?a',
        '?>',
        '<a:b>',
        '"',
        '<',
      ),
      { maxLength: 12 },
    );
    fc.assert(fc.property(scraps, (parts) => void parsePidf(parts.join(''))));
  });

  it('is not: elements of namespaces that are not known are skipped', () => {
    const text = wrap('<tuple id="a"><status><basic>open</basic><im xmlns="urn:x">busy</im></status><more xmlns="urn:y"/></tuple>');
    expect(parsePidf(text)).toEqual({ entity: 'sip:a@b', tuples: [{ id: 'a', basic: 'open', notes: [] }], persons: [], devices: [], notes: [] });
  });

  it('is not: they are kept for whoever passes them on, with what is within them, and written again where they stood', () => {
    const text = wrap(
      '<tuple id="a"><status><basic>open</basic><im xmlns="urn:x">busy</im></status><y:more xmlns:y="urn:y" at="9&lt;10" y:lost="1"><y:deep><pre xmlns="urn:x"/></y:deep></y:more></tuple>' +
        '<dm:person xmlns:dm="urn:ietf:params:xml:ns:pidf:data-model" id="p"><r:time-offset xmlns:r="urn:ietf:params:xml:ns:pidf:rpid">60</r:time-offset></dm:person>' +
        '<plain xmlns=""/><z xmlns="urn:z"><note xmlns="urn:ietf:params:xml:ns:pidf">n</note></z>',
    );
    const read = parsePidf(text, 'keep');
    if (isPidfError(read)) throw new Error(read.reason);
    expect(read.tuples[0]?.unknownStatus).toEqual([{ namespace: 'urn:x', name: 'im', attributes: [], children: [], text: 'busy' }]);
    expect(read.unknown?.map(({ name }) => name)).toEqual(['z']);
    const written = formatPidf(read);
    expect(written).toContain('<n2:more at="9&lt;10">');
    expect(written).toContain('<rpid:time-offset>60</rpid:time-offset>');
    expect(written).not.toContain('lost');
    expect(parsePidf(written, 'keep')).toEqual(read);
    if (hasJudge('xmllint') && hasJudge('schemas')) expect(complaintsAbout('presence.xsd', written)).toEqual([]);
  });
});

describe('what is said of a presentity', () => {
  it('fits on a line', () => {
    expect(summaryOf(publicationDocument({ entity: 'sip:a@b', basic: 'open', activities: ['busy'], note: 'Back at three' }))).toBe(
      'open, busy, "Back at three"',
    );
    expect(summaryOf(neutralDocument('sip:a@b'))).toBe('closed');
    expect(summaryOf({ entity: 'sip:a@b', tuples: [], persons: [], devices: [], notes: [] })).toBe('nothing');
  });

  it('has moments counted from the start of the run', () => {
    expect(isoAt('2026-11-23T09:00:00Z', 61_250_000 as SimTime)).toBe('2026-11-23T09:01:01.250Z');
  });
});
