/** The mapping against the published examples of RFC 8048. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeUtf8 } from '#base/utf8.ts';
import { isPidfError, parsePidf, formatPidf } from '#presence/pidf/xml.ts';
import type { PresenceDocument } from '#presence/pidf/document.ts';
import { formatJid } from '#protocol/xmpp/jid.ts';
import { formatPresence, type Presence, readStanza } from '#protocol/xmpp/stanza.ts';
import { formatStreamHeader } from '#protocol/xmpp/stream-text.ts';
import { SERVER_NAMESPACE, XmppFramer } from '#protocol/xmpp/stream.ts';
import { documentOf, presencesOf } from './mapping.ts';

const ROMEO = { local: 'romeo', domain: 'example.net' };
const JULIET = { local: 'juliet', domain: 'example.com' };

function documentFrom(text: string): PresenceDocument {
  const document = parsePidf(text);
  if (isPidfError(document)) throw new Error(document.reason);
  return document;
}
function stanzaFrom(text: string): Presence {
  const framer = new XmppFramer();
  const [, unit] = framer.take(encodeUtf8(`${formatStreamHeader({ from: 'example.com', to: 'example.net' })}${text}`));
  const stanza = unit?.kind === 'element' ? readStanza(unit.element, SERVER_NAMESPACE) : undefined;
  if (stanza?.kind !== 'presence') throw new Error(JSON.stringify(stanza ?? unit));
  return stanza;
}
const pidf = (who: string, tuple: string, status: string): string =>
  `<?xml version='1.0' encoding='UTF-8'?><presence xmlns='urn:ietf:params:xml:ns:pidf' entity='pres:${who}'><tuple id='${tuple}'><status>${status}</status></tuple></presence>`;

describe('RFC 8048', () => {
  it('examples 4 and 6: an open tuple is a presence of the resource that its id names', () => {
    const document = documentFrom(pidf('romeo@example.net', 'ID-dr4hcr0st3lup4c', "<basic>open</basic><show xmlns='jabber:client'>away</show>"));
    const stanzas = presencesOf(document, ROMEO, JULIET);
    // The example leaves the show out; note 3 of section 6.3 has it included.
    expect(stanzas.map(formatPresence)).toEqual(["<presence from='romeo@example.net/dr4hcr0st3lup4c' to='juliet@example.com'><show>away</show></presence>"]);
  });

  it('examples 18 and 19: a stanza is a document, its resource the id of a tuple', () => {
    const example18 = "<presence from='juliet@example.com/yn0cl4bnw0yr3vym' to='romeo@example.net'><show>away</show></presence>";
    const example19 = documentFrom(pidf('juliet@example.com', 'ID-yn0cl4bnw0yr3vym', "<basic>open</basic><show xmlns='jabber:client'>away</show>"));
    expect(documentOf(JULIET, [stanzaFrom(example18)])).toEqual(example19);
    expect(documentFrom(formatPidf(documentOf(JULIET, [stanzaFrom(example18)])))).toEqual(example19);
  });

  it('examples 20 and 21: closed is unavailable', () => {
    const [stanza] = presencesOf(documentFrom(pidf('romeo@example.net', 'ID-dr4hcr0st3lup4c', '<basic>closed</basic>')), ROMEO, JULIET);
    expect(stanza).toMatchObject({ type: 'unavailable', to: JULIET });
    expect(stanza === undefined ? '' : formatJid(stanza.from)).toMatch(/^romeo@example\.net/);
  });

  it.each([
    [0, 0],
    [1, 0.007],
    [2, 0.015],
    [126, 0.992],
    [127, 1],
  ])('section 6.2, note 6: the priority %i is %f, and back', (priority, expected) => {
    const document = documentOf(JULIET, [{ kind: 'presence', from: { ...JULIET, resource: 'a' }, to: ROMEO, priority }]);
    expect(document.tuples[0]?.contact?.priority).toBe(expected);
    expect(presencesOf(document, JULIET, ROMEO)[0]?.priority).toBe(priority);
  });

  it('section 6.2, note 6: a negative priority is not mapped, and no two are the same', () => {
    const of = (priority: number): number | undefined =>
      documentOf(JULIET, [{ kind: 'presence', from: JULIET, to: ROMEO, priority }]).tuples[0]?.contact?.priority;
    expect(of(-1)).toBeUndefined();
    expect(new Set(Array.from({ length: 128 }, (_, i) => of(i))).size).toBe(128);
  });

  it('section 6.2, note 2: any resource is an id, different ones stay apart', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string({ minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 5 }), (resources) => {
        const text = formatPidf(
          documentOf(
            JULIET,
            resources.map((resource) => ({ kind: 'presence', from: { ...JULIET, resource }, to: ROMEO })),
          ),
        );
        expect(documentFrom(text).tuples).toHaveLength(resources.length);
      }),
    );
  });

  it('section 6.3: the note is the status, what is closed says neither show nor priority', () => {
    const document: PresenceDocument = {
      entity: 'pres:romeo@example.net',
      tuples: [
        { id: 'service-ua', basic: 'open', contact: { uri: 'sip:romeo@example.net', priority: 1 }, notes: [] },
        { id: 'x', basic: 'closed', show: 'away', contact: { uri: 'sip:romeo@example.net', priority: 1 }, notes: ['gone'] },
      ],
      persons: [{ id: 'p', activities: ['meeting'], moods: [], placeTypes: [], notes: ['In a meeting'] }],
      devices: [],
      notes: [],
    };
    expect(presencesOf(document, ROMEO, JULIET)).toEqual([
      { kind: 'presence', from: { ...ROMEO, resource: 'service-ua' }, to: JULIET, show: 'dnd', status: 'In a meeting', priority: 127 },
      { kind: 'presence', from: { ...ROMEO, resource: 'x' }, to: JULIET, type: 'unavailable', status: 'gone' },
    ]);
  });
});
