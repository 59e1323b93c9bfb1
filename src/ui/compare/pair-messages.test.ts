import { describe, expect, it } from 'vitest';
import { encodeUtf8 } from '#base/utf8.ts';
import { createQuery, encodeDnsMessage } from '#protocol/dns/message.ts';
import type { MessageRecord } from '#trace/record.ts';
import { isComparable, pairMessages, summaryOf } from './pair-messages.ts';

const message = (text: string, protocol: MessageRecord['protocol'] = 'SIP'): MessageRecord => ({
  kind: 'message',
  id: 1,
  at: 0,
  from: 'a',
  to: 'b',
  src: '[2001:db8::1]:5060',
  dst: '[2001:db8::2]:5060',
  sentAt: 0,
  label: 'X',
  protocol,
  transport: 'udp',
  bytes: encodeUtf8(text),
});
const sip = (...lines: readonly string[]): MessageRecord => message(`${lines.join('\r\n')}\r\n\r\n`);

describe('two messages beside one another', () => {
  it('are paired by header fields: what is the same, what differs, what only one of them has', () => {
    const lines = pairMessages(
      sip('NOTIFY sip:a SIP/2.0', 'Via: one', 'Max-Forwards: 70', 'Route: <sip:p>'),
      sip('NOTIFY sip:a SIP/2.0', 'Max-Forwards: 69', 'Event: presence'),
    );
    expect(lines.map(({ change, left, right }) => [change, left, right])).toEqual([
      ['same', 'NOTIFY sip:a SIP/2.0', 'NOTIFY sip:a SIP/2.0'],
      ['removed', 'Via: one', undefined],
      ['changed', 'Max-Forwards: 70', 'Max-Forwards: 69'],
      ['removed', 'Route: <sip:p>', undefined],
      ['added', undefined, 'Event: presence'],
    ]);
    expect(summaryOf(lines)).toBe('One line differs, 2 lines are in the pinned one only, one line is in the other one only, one line is the same.');
  });

  it('are paired by octets where nothing else tells them apart, and bodies line by line', () => {
    expect(pairMessages(message('abc', 'DNS'), message('abd', 'DNS')).map(({ change }) => change)).toEqual(['changed']);
    const [before, now] = ['<a/>\n<b/>', '<a/>\n<c/>\n<d/>'].map((body) => message(`NOTIFY sip:a SIP/2.0\r\n\r\n${body}`));
    expect(pairMessages(before!, now!).map(({ change }) => change)).toEqual(['same', 'same', 'changed', 'added']);
  });

  it('of two languages are each shown as they are read, and nothing is said to differ', () => {
    const query = encodeDnsMessage(createQuery(7, 'home1.net', 'NAPTR'));
    const dns = { ...message('', 'DNS'), bytes: query };
    const request = sip('NOTIFY sip:a SIP/2.0', 'Event: presence');
    expect(isComparable(request, dns)).toBe(false);
    const lines = pairMessages(request, dns);
    expect(new Set(lines.map(({ change }) => change))).toEqual(new Set(['same']));
    expect(lines.flatMap(({ left }) => left ?? [])).toEqual(['NOTIFY sip:a SIP/2.0', 'Event: presence']);
    expect(lines.flatMap(({ right }) => right ?? [])).toContain('  NAPTR: home1.net');
  });

  it('of one language that is no text are paired by what is read in them', () => {
    const [a, b] = ['home1.net', 'home2.net'].map((name) => ({ ...message('', 'DNS'), bytes: encodeDnsMessage(createQuery(7, name, 'NAPTR')) }));
    expect(pairMessages(a!, b!).filter(({ change }) => change !== 'same')).toEqual([
      { change: 'changed', left: '  NAPTR: home1.net', right: '  NAPTR: home2.net' },
    ]);
  });
});
