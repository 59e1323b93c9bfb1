import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { encodeUtf8 } from '#base/utf8.ts';
import { diffHeaders } from './header-diff.ts';
import { splitSipText } from './sip-text.ts';

const message = (...headers: string[]): ReturnType<typeof splitSipText> =>
  splitSipText(encodeUtf8(['SUBSCRIBE sip:b@home2.net SIP/2.0', ...headers, '', 'body'].join('\r\n')));
const SIGNS = { same: ' ', added: '+', changed: '~', removed: '-' } as const;
const show = (before: string[], now: string[]): string[] =>
  diffHeaders(message(...before), message(...now)).map(
    ({ change, name, value, was }) => `${SIGNS[change]}${name}: ${value}${was === undefined ? '' : ` (${was})`}`,
  );

describe('a message in parts', () => {
  it('keeps every line as it stands', () => {
    const { startLine, headers, body } = message('v: SIP/2.0/UDP a', 'Subject: one', '  two', 'X-Own:x');
    expect(startLine).toBe('SUBSCRIBE sip:b@home2.net SIP/2.0');
    expect(headers).toEqual([
      { written: 'v', name: 'Via', value: 'SIP/2.0/UDP a' },
      { written: 'Subject', name: 'Subject', value: 'one\n  two' },
      { written: 'X-Own', name: 'X-Own', value: 'x' },
    ]);
    expect(body).toBe('body');
  });

  it('reads anything', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.uint8Array({ maxLength: 200 }), (a, b) => {
        const now = splitSipText(b);
        const lines = diffHeaders(splitSipText(a), now);
        expect(lines.filter(({ change }) => change !== 'removed').map(({ value }) => value)).toEqual(now.headers.map(({ value }) => value));
      }),
    );
  });
});

describe('what a hop did', () => {
  it('is nothing where there was no hop before', () => {
    expect(diffHeaders(undefined, message('Via: a', 'Expires: 1')).map(({ change }) => change)).toEqual(['same', 'same']);
  });

  it('puts a Via on top of the others', () => {
    expect(show(['Via: SIP/2.0/UDP a;branch=1'], ['Via: SIP/2.0/UDP p;branch=2', 'Via: SIP/2.0/UDP a;branch=1'])).toEqual([
      '+Via: SIP/2.0/UDP p;branch=2',
      ' Via: SIP/2.0/UDP a;branch=1',
    ]);
  });

  it('notes where a Via came from, on the same entry', () => {
    expect(show(['Via: SIP/2.0/UDP a;branch=1'], ['Via: SIP/2.0/UDP p;branch=2', 'Via: SIP/2.0/UDP a;branch=1;received=10.0.0.1'])).toEqual([
      '+Via: SIP/2.0/UDP p;branch=2',
      '~Via: SIP/2.0/UDP a;branch=1;received=10.0.0.1 (SIP/2.0/UDP a;branch=1)',
    ]);
  });

  it('takes its Route off: the one that takes its place is another one', () => {
    expect(
      show(['Expires: 60', 'Route: <sip:me;lr>', 'Route: <sip:next;lr>', 'Privacy: none'], ['Expires: 60', 'Route: <sip:next;lr>', 'Privacy: none']),
    ).toEqual([' Expires: 60', '-Route: <sip:me;lr>', ' Route: <sip:next;lr>', ' Privacy: none']);
    expect(show(['Route: <sip:me;lr>'], ['Route: <sip:as;lr>', 'Route: <sip:mark@me;lr>'])).toEqual([
      '-Route: <sip:me;lr>',
      '+Route: <sip:as;lr>',
      '+Route: <sip:mark@me;lr>',
    ]);
  });

  it('shortens a list within its line', () => {
    expect(show(['Route: <sip:me;lr>, <sip:next;lr>'], ['Route: <sip:next;lr>'])).toEqual(['~Route: <sip:next;lr> (<sip:me;lr>, <sip:next;lr>)']);
  });

  it('pushes itself on the Record-Route', () => {
    expect(show(['Record-Route: <sip:p;lr>', 'To: <sip:b>'], ['Record-Route: <sip:s;lr>', 'Record-Route: <sip:p;lr>', 'To: <sip:b>'])).toEqual([
      '+Record-Route: <sip:s;lr>',
      ' Record-Route: <sip:p;lr>',
      ' To: <sip:b>',
    ]);
  });

  it('changes a value', () => {
    expect(show(['Max-Forwards: 70'], ['Max-Forwards: 69'])).toEqual(['~Max-Forwards: 69 (70)']);
  });

  it('strikes a line where it stood, the first one too', () => {
    expect(show(['Require: sec-agree', 'To: <sip:b>', 'Proxy-Require: sec-agree', 'Expires: 60'], ['To: <sip:b>', 'Expires: 60'])).toEqual([
      '-Require: sec-agree',
      ' To: <sip:b>',
      '-Proxy-Require: sec-agree',
      ' Expires: 60',
    ]);
  });

  it('adds a value beside another of the same name', () => {
    expect(show(['P-Asserted-Identity: <sip:b>'], ['P-Asserted-Identity: <sip:b>', 'P-Asserted-Identity: <tel:+1>'])).toEqual([
      ' P-Asserted-Identity: <sip:b>',
      '+P-Asserted-Identity: <tel:+1>',
    ]);
  });
});
