import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bareJid, escapeLocal, formatBareJid, formatJid, jidOfUri, parseJid, sipUriOf, unescapeLocal } from './jid.ts';

describe('an XMPP address', () => {
  it.each([
    ['juliet@example.org', { local: 'juliet', domain: 'example.org' }],
    ['Juliet@Example.ORG/Balcony', { local: 'juliet', domain: 'example.org', resource: 'Balcony' }],
    ['example.org', { domain: 'example.org' }],
    ['example.org/a@b/c', { domain: 'example.org', resource: 'a@b/c' }],
  ])('%s', (text, jid) => {
    expect(parseJid(text)).toEqual(jid);
  });
  it.each([
    '',
    '@example.org',
    'juliet@',
    'a b@example.org',
    "o'malley@example.org",
    'juliet@example.org/',
    'juliet@exa mple',
    `${'x'.repeat(1024)}@example.org`,
  ])('is none: %s', (text) => {
    expect(parseJid(text)).toBeUndefined();
  });
  it('is written as it is read, and any text gives an address or nothing', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.tuple(fc.string(), fc.string(), fc.string()).map(([a, b, c]) => `${a}@${b}.org/${c}`),
        ),
        (text) => {
          const jid = parseJid(text);
          if (jid !== undefined) expect(parseJid(formatJid(jid))).toEqual(jid);
        },
      ),
    );
  });
  it('names the account without its resource', () => {
    const jid = parseJid('juliet@example.org/balcony');
    expect(jid === undefined ? '' : formatBareJid(jid)).toBe('juliet@example.org');
    expect(bareJid({ domain: 'example.org', resource: 'x' })).toEqual({ domain: 'example.org' });
  });
});

describe('the mapping to URIs', () => {
  // RFC 7247 §6.4 has the first two; its third example, a GRUU, is omitted here.
  it.each([
    ['sip:f%C3%BC@sip.example', 'fü@sip.example'],
    ["sip:o'malley@sip.example", String.raw`o\27malley@sip.example`],
    ['pres:romeo@example.net', 'romeo@example.net'],
    ['sip:a%23b@sip.example', 'a#b@sip.example'],
    ['sip:a/b@sip.example', String.raw`a\2fb@sip.example`],
  ])('%s is %s', (uri, text) => {
    const jid = jidOfUri(uri);
    expect(jid === undefined ? undefined : formatJid(jid)).toBe(text);
  });
  it.each(['tel:+12125551111', 'sip:example.org', 'sip:%C3@example.org', 'mailto:a@b.org', 'nonsense'])('%s has none', (uri) => {
    expect(jidOfUri(uri)).toBeUndefined();
  });
  it('escapes what a SIP user part cannot hold (RFC 7247 §6.5)', () => {
    expect(sipUriOf({ local: String.raw`o\27malley#1`, domain: 'example.org' })).toBe("sip:o'malley%231@example.org");
    expect(sipUriOf({ domain: 'example.org' })).toBeUndefined();
  });
  it('goes there and back for every name in lower case', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 60 }), (text) => {
        const name = text.toLowerCase();
        const jid = parseJid(`${escapeLocal(name)}@example.org`);
        if (jid === undefined) return;
        expect(unescapeLocal(jid.local ?? '')).toBe(name);
        const uri = sipUriOf(jid);
        expect(jidOfUri(uri ?? '')).toEqual(jid);
      }),
    );
  });
});
