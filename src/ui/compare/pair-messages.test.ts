import { describe, expect, it } from 'vitest';
import { encodeUtf8 } from '#base/utf8.ts';
import type { MessageRecord } from '#trace/record.ts';
import { pairMessages, summaryOf } from './pair-messages.ts';

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

  it('are paired by octets where one of them is not SIP, and bodies line by line', () => {
    expect(pairMessages(message('abc', 'DNS'), message('abd', 'DNS')).map(({ change }) => change)).toEqual(['changed']);
    const [before, now] = ['<a/>\n<b/>', '<a/>\n<c/>\n<d/>'].map((body) => message(`NOTIFY sip:a SIP/2.0\r\n\r\n${body}`));
    expect(pairMessages(before!, now!).map(({ change }) => change)).toEqual(['same', 'same', 'changed', 'added']);
  });
});
