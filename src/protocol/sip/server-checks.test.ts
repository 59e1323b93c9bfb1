import { describe, expect, it } from 'vitest';
import { encodeUtf8 } from '#base/utf8.ts';
import { createRequest, type SipRequest } from './message.ts';
import { checkRequestForProxy, checkRequestForUas, type Refusal, type UasCapabilities } from './server-checks.ts';

const CAN: UasCapabilities = {
  methods: ['SUBSCRIBE', 'ACK', 'REGISTER'],
  schemes: ['sip'],
  extensions: ['path'],
  contentTypes: ['application/pidf+xml'],
  contentEncodings: ['gzip'],
};
const request = (method: string, extra: [string, string][], body = '', uri = 'sip:b@home2.net'): SipRequest =>
  createRequest(
    method,
    uri,
    [['Via', 'SIP/2.0/UDP a;branch=z9hG4bK1'], ['From', '<sip:a>;tag=1'], ['To', '<sip:b>'], ['Call-ID', 'c'], ['CSeq', `1 ${method}`], ...extra],
    encodeUtf8(body),
  );
const answer = (refusal: Refusal | undefined): unknown => refusal && [refusal.status, ...refusal.fields.map((field) => field.join(': '))];

describe('checkRequestForUas', () => {
  it.each<[string, SipRequest, unknown]>([
    [
      'nothing wrong',
      request('SUBSCRIBE', [
        ['Require', 'path'],
        ['Contact', '<sip:a>, sip:b;q=1'],
      ]),
      undefined,
    ],
    ['known method', request('INVITE', []), [405, 'Allow: SUBSCRIBE, ACK, REGISTER']],
    ['unknown method', request('JUMP', []), [501, 'Allow: SUBSCRIBE, ACK, REGISTER']],
    ['scheme', request('SUBSCRIBE', [], '', 'tel:+12'), [416]],
    [
      'option tag',
      request('SUBSCRIBE', [
        ['Require', 'path, a'],
        ['Require', 'b'],
      ]),
      [420, 'Unsupported: a, b'],
    ],
    ['ACK is never answered', request('ACK', [['Require', 'x']], '', 'tel:+1'), [0]],
    ['Require in ACK', request('ACK', [['Require', 'x']]), undefined],
    ['contact', request('SUBSCRIBE', [['Contact', 'sip:a?b=c']]), [400]],
    ['any contact', request('REGISTER', [['Contact', '*']]), undefined],
    ['content', request('SUBSCRIBE', [['Content-Type', 'text/plain']], 'x'), [415, 'Accept: application/pidf+xml']],
    [
      'content that may be left',
      request(
        'SUBSCRIBE',
        [
          ['Content-Type', 'text/plain'],
          ['Content-Disposition', 'render; handling=optional'],
        ],
        'x',
      ),
      undefined,
    ],
    ['content without type', request('SUBSCRIBE', [], 'x'), [400]],
    [
      'encoding',
      request(
        'SUBSCRIBE',
        [
          ['Content-Type', 'application/pidf+xml'],
          ['Content-Encoding', 'GZIP, br'],
        ],
        'x',
      ),
      [415, 'Accept-Encoding: identity, gzip'],
    ],
    ['type without content', request('SUBSCRIBE', [['Content-Type', 'text/plain']]), undefined],
  ])('%s', (_name, message, expected) => {
    expect(answer(checkRequestForUas(message, CAN))).toEqual(expected);
  });
});

describe('checkRequestForProxy', () => {
  it.each<[string, SipRequest, unknown]>([
    [
      'any method, any content',
      request(
        'JUMP',
        [
          ['Require', 'x'],
          ['Max-Forwards', '1'],
        ],
        'x',
      ),
      undefined,
    ],
    ['scheme', request('SUBSCRIBE', [], '', 'urn:service:sos'), [416]],
    ['hops', request('SUBSCRIBE', [['Max-Forwards', '00']]), [483]],
    ['option tag', request('SUBSCRIBE', [['Proxy-Require', 'path, sec-agree']]), [420, 'Unsupported: sec-agree']],
  ])('%s', (_name, message, expected) => {
    expect(answer(checkRequestForProxy(message, CAN))).toEqual(expected);
  });
});
