import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concatBytes } from '#base/bytes.ts';
import { encodeUtf8 } from '#base/utf8.ts';
import { formatPresence, readStanza } from './stanza.ts';
import { formatStreamHeader, NO_FEATURES, STREAM_END } from './stream-text.ts';
import { MAX_ELEMENT_BYTES, SERVER_NAMESPACE, XmppFramer, type XmppUnit } from './stream.ts';

const HEADER = formatStreamHeader({ from: 'example.org', to: 'home2.net' });
const PRESENCE = "<presence from='juliet@example.org/balcony' to='romeo@example.net'><show>away</show><status>a &amp; &lt;b&gt; ü</status></presence>";

function unitsOf(...chunks: readonly (string | Uint8Array)[]): XmppUnit[] {
  const framer = new XmppFramer();
  return chunks.flatMap((chunk) => framer.take(typeof chunk === 'string' ? encodeUtf8(chunk) : chunk));
}
const kinds = (units: readonly XmppUnit[]): readonly string[] =>
  units.map((unit) => (unit.kind === 'xmpp-error' ? unit.condition : unit.kind === 'element' ? unit.element.name : unit.kind));

describe('an XML stream', () => {
  it('opens, carries elements and closes', () => {
    const units = unitsOf(`${HEADER}${NO_FEATURES}\n ${PRESENCE}<iq type='get'/>${STREAM_END}<presence/>`);
    expect(kinds(units)).toEqual(['open', 'features', 'presence', 'iq', 'close']);
    expect(units[0]).toMatchObject({ header: { from: 'example.org', to: 'home2.net', version: '1.0', content: SERVER_NAMESPACE } });
  });

  it('is the same however the network cuts it', () => {
    const whole = encodeUtf8(`${HEADER}${PRESENCE}  <iq type='get'><![CDATA[]]></iq>${STREAM_END}`);
    const expected = unitsOf(whole);
    expect(kinds(expected)).toEqual(['open', 'presence', 'iq', 'close']);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: whole.length - 1 }), { maxLength: 30 }), (cuts) => {
        const ends = [...new Set(cuts), whole.length].sort((a, b) => a - b);
        expect(unitsOf(...ends.map((end, i) => whole.slice(i === 0 ? 0 : ends[i - 1], end)))).toEqual(expected);
      }),
    );
  });

  it('may use another prefix, and one default namespace for itself', () => {
    const other = "<s:stream xmlns:s='http://etherx.jabber.org/streams' xmlns='jabber:server' from='a.org' to='b.org' version='1.0'><presence/></s:stream>";
    expect(kinds(unitsOf(other))).toEqual(['open', 'presence', 'close']);
  });

  it.each<[string, string]>([
    ['restricted-xml', `${HEADER}<!-- hi -->`],
    ['restricted-xml', `${HEADER}<?php evil ?>`],
    ['restricted-xml', `<!DOCTYPE x [<!ENTITY a "b">]>${HEADER}`],
    ['restricted-xml', `${HEADER}<presence><status>&lol;</status></presence>`],
    ['restricted-xml', `<?xml version='1.0'?>${HEADER}`],
    ['not-well-formed', `${HEADER}<presence></message>`],
    ['not-well-formed', `${HEADER}<presence a=1/>`],
    ['not-well-formed', '</stream:stream>'],
    ['not-well-formed', `${HEADER}</presence>`],
    ['bad-format', `${HEADER}hello`],
    ['bad-format', 'GET / HTTP/1.1\r\n\r\n'],
    ['invalid-namespace', '<html>'],
    ['policy-violation', `${HEADER}${'<a>'.repeat(40)}`],
    ['policy-violation', `${HEADER}<presence>${'x'.repeat(MAX_ELEMENT_BYTES)}`],
  ])('is closed: %s', (condition, text) => {
    expect(kinds(unitsOf(text)).at(-1)).toBe(condition);
    expect(kinds(unitsOf(...Array.from(encodeUtf8(text).slice(0, 4000), (byte) => Uint8Array.of(byte)), text.slice(4000))).at(-1)).toBe(condition);
  });

  it('takes any bytes, and keeps no more than one element of them', () => {
    const framer = new XmppFramer();
    framer.take(encodeUtf8(HEADER));
    expect(framer.take(new Uint8Array(2_000_000).fill(32))).toEqual([]);
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.uint8Array({ maxLength: 60 }), fc.constantFrom('<', '>', '/', "'", '<a ', '</a>', '<!', PRESENCE, HEADER).map(encodeUtf8))),
        (chunks) => {
          for (const unit of unitsOf(concatBytes(...chunks))) if (unit.kind === 'element') readStanza(unit.element, SERVER_NAMESPACE);
          for (const unit of unitsOf(HEADER, ...chunks)) if (unit.kind === 'element') readStanza(unit.element, SERVER_NAMESPACE);
        },
      ),
    );
  });
});

describe('a stanza', () => {
  const read = (text: string) => {
    const unit = unitsOf(HEADER, text)[1];
    if (unit?.kind !== 'element') throw new Error(JSON.stringify(unit));
    return readStanza(unit.element, SERVER_NAMESPACE);
  };
  const jid = fc.record({ local: fc.constantFrom('romeo', 'o\\27malley', 'ü'), domain: fc.constantFrom('example.net', 'a.b.org') });

  it('is read as it is written', () => {
    const text = fc.string({ unit: 'binary' }).filter((s) => /^[\t\n\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]*$/u.test(s));
    fc.assert(
      fc.property(
        fc.record(
          {
            kind: fc.constant('presence' as const),
            from: fc.record({ local: fc.constant('juliet'), domain: fc.constant('example.org'), resource: fc.constantFrom('x', "a'b/c@d&<") }),
            to: jid,
            id: text,
            status: text,
            show: fc.constantFrom('away', 'chat', 'dnd', 'xa'),
            priority: fc.integer({ min: -128, max: 127 }),
          },
          { requiredKeys: ['kind', 'from', 'to'] },
        ),
        (presence) => {
          expect(read(formatPresence(presence))).toEqual(presence);
        },
      ),
    );
  });

  it('of somebody who is not available says neither show nor priority (RFC 6121 §4.5.1)', () => {
    expect(read("<presence from='a@b.org' to='c@d.org' type='unavailable'><show>away</show><status>gone</status><priority>3</priority></presence>")).toEqual({
      kind: 'presence',
      from: { local: 'a', domain: 'b.org' },
      to: { local: 'c', domain: 'd.org' },
      type: 'unavailable',
      status: 'gone',
    });
  });

  it.each<[string, string]>([
    ['improper-addressing', "<presence to='c@d.org'/>"],
    ['improper-addressing', "<presence from='a@b.org' to='a b'/>"],
    ['unsupported-stanza-type', "<dance from='a@b.org' to='c@d.org'/>"],
    ['unsupported-stanza-type', "<presence xmlns='jabber:client' from='a@b.org' to='c@d.org'/>"],
  ])('closes the stream: %s', (condition, text) => {
    expect(read(text)).toMatchObject({ kind: 'xmpp-error', condition });
  });

  it('of an unknown type is a fault of its own; values without meaning count as not there', () => {
    expect(read("<presence from='a@b.org' to='c@d.org' type='levitate'/>")).toMatchObject({ kind: 'stanza-fault' });
    expect(read("<presence from='a@b.org' to='c@d.org'><show>busy</show><priority>900</priority></presence>")).not.toHaveProperty('show');
    expect(
      read("<iq from='a@b.org' to='c@d.org' id='1' type='error'><error type='cancel'><gone xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"),
    ).toMatchObject({ condition: 'gone' });
  });
});
