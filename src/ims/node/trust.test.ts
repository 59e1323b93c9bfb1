import { describe, expect, it } from 'vitest';
import { createRequest } from '#protocol/sip/message.ts';
import type { Note } from '#base/note.ts';
import { addressPrefix } from '#protocol/dns/ip-address.ts';
import { isTrusted, networkOf, removeUntrusted, type TrustPolicy } from './trust.ts';

const POLICY: TrustPolicy = [
  { domain: 'home1.net', prefix: addressPrefix('2001:db8:1::/48'), trusted: true },
  { domain: 'visited1.net', prefix: addressPrefix('192.0.2.0/24'), trusted: true },
  { domain: 'example.org', prefix: addressPrefix('192.0.2.192/26'), trusted: false },
];

describe('trust', () => {
  it.each([
    ['2001:db8:1::20', true],
    ['2001:db8:1:ffff::1', true],
    ['2001:db8:2::20', false],
    ['192.0.2.16', true],
    ['192.0.2.210', false],
    ['198.51.100.1', false],
    ['scscf1.home1.net', true],
    ['HOME1.NET', true],
    ['nothome1.net', false],
    ['agent.example.org', false],
    ['', false],
  ])('in %s is %s', (host, trusted) => {
    expect(isTrusted(POLICY, host)).toBe(trusted);
  });

  it.each(['2001:db8:1::', '2001:db8::/129', 'home1.net/24', '192.0.2.0/x'])('%s is no prefix', (text) => {
    expect(() => addressPrefix(text)).toThrow('no prefix');
  });

  it('goes by the closest prefix', () => {
    expect(networkOf(POLICY, '192.0.2.210')?.domain).toBe('example.org');
    expect(networkOf([...POLICY].reverse(), '192.0.2.210')?.domain).toBe('example.org');
  });

  it('takes off what strangers say, with a note for each, and nothing else', () => {
    const request = createRequest('SUBSCRIBE', 'sip:a@home1.net', [
      ['P-Asserted-Identity', '<sip:b@home1.net>'],
      ['P-Charging-Vector', 'icid-value=x'],
      ['Event', 'presence'],
    ]);
    const notes: Note[] = [];
    removeUntrusted(request, notes, POLICY, '192.0.2.210');
    expect(request.headers.fields().map(({ name }) => name)).toEqual(['Event']);
    expect(notes.map(({ op, header }) => `${op} ${header ?? ''}`)).toEqual(['removed P-Asserted-Identity', 'removed P-Charging-Vector']);
    expect(notes[0]?.reason).toContain('example.org');
  });
});
