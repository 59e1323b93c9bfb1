import { describe, expect, it } from 'vitest';
import { decodeUtf8 } from '#base/utf8.ts';
import { createResponse, encodeSipMessage, formatSipMessage, parseSipMessage, type SipMessage, type SipRequest, type SipResponse } from '../message.ts';
import { boundaryOf, parseMultipart } from '../multipart.ts';
import { parseNameAddr } from '../name-addr.ts';
import { checkRequestForProxy, checkRequestForUas, checkResponseForProxy, checkResponseForUac, type UasCapabilities } from '../server-checks.ts';
import { parseUri, unescapeUri } from '../uri.ts';
import { parseVia } from '../via.ts';
import type { TortureCase } from './case.ts';
import { INVALID_MESSAGES } from './invalid.ts';
import { SEMANTIC_MESSAGES } from './semantics.ts';
import { VALID_MESSAGES } from './valid.ts';

const ALL: readonly TortureCase[] = [...VALID_MESSAGES, ...INVALID_MESSAGES, ...SEMANTIC_MESSAGES];

/** A generic server: knows the usual methods and contents, no extension. */
const GENERIC: UasCapabilities = {
  methods: ['INVITE', 'ACK', 'BYE', 'CANCEL', 'OPTIONS', 'REGISTER', 'MESSAGE', 'SUBSCRIBE', 'NOTIFY', 'PUBLISH'],
  schemes: ['sip', 'sips', 'tel'],
  extensions: [],
  contentTypes: ['application/sdp', 'multipart/mixed'],
  contentEncodings: [],
};

function taken(name: string): SipMessage {
  const found = ALL.find((item) => item.name === name) as TortureCase;
  const message = parseSipMessage(found.bytes);
  if (message.kind === 'sip-error') throw new Error(`${name}: ${message.reason}`);
  return message;
}
const request = (name: string): SipRequest => taken(name) as SipRequest;

/** As the checks see a response: the topmost Via was the client's own and is off. */
function withoutOwnVia(response: SipResponse): SipResponse {
  const headers = response.headers.clone();
  headers.removeFirst('Via');
  return { ...response, headers };
}

/** What the element does: `accept`, or the answer. */
function uas(message: SipMessage): 'accept' | number {
  const refusal = message.kind === 'request' ? checkRequestForUas(message, GENERIC) : checkResponseForUac(withoutOwnVia(message));
  return refusal === undefined ? 'accept' : refusal.status;
}
function proxy(message: SipMessage): 'accept' | number {
  const refusal = message.kind === 'request' ? checkRequestForProxy(message, GENERIC) : checkResponseForProxy(withoutOwnVia(message));
  return refusal === undefined ? 'accept' : refusal.status;
}

describe('RFC 4475', () => {
  it('is here in full: 13 valid, 19 invalid, 1 + 15 + 1 with semantics', () => {
    expect(VALID_MESSAGES.map((item) => item.section)).toEqual(Array.from({ length: 13 }, (_, i) => `3.1.1.${i + 1}`));
    expect(INVALID_MESSAGES.map((item) => item.section)).toEqual(Array.from({ length: 19 }, (_, i) => `3.1.2.${i + 1}`));
    expect(SEMANTIC_MESSAGES.map((item) => item.section)).toEqual(['3.2.1', ...Array.from({ length: 15 }, (_, i) => `3.3.${i + 1}`), '3.4.1']);
    expect(new Set(ALL.map((item) => item.name)).size).toBe(49);
  });

  it.each(ALL.map((item) => [item.name, item] as const))('%s', (_name, { bytes, verdict }) => {
    const parsed = parseSipMessage(bytes);
    const fails =
      verdict.kind === 'reject' && verdict.by === 'parser' ? verdict.answer : verdict.kind === 'free' && verdict.ours !== 'accept' ? verdict.ours : undefined;
    if (fails !== undefined) {
      expect(parsed).toMatchObject({ kind: 'sip-error', status: fails });
      return;
    }
    if (parsed.kind === 'sip-error') expect.fail(parsed.reason);
    const answer = verdict.kind === 'reject' ? verdict.answer : 'accept';
    const by = verdict.kind === 'reject' ? verdict.by : 'nobody';
    expect(uas(parsed)).toBe(by === 'uas' || by === 'uas and proxy' ? answer : 'accept');
    expect(proxy(parsed)).toBe(by === 'proxy' || by === 'uas and proxy' ? answer : 'accept');
  });

  it.each(ALL.map((item) => [item.name, item] as const))('%s: what is taken means the same after writing', (_name, { bytes }) => {
    const parsed = parseSipMessage(bytes);
    if (parsed.kind === 'sip-error') {
      // What can be answered is answered with a message that parses, Call-ID, From and To allowing.
      if (parsed.status !== 0) expect(createResponse(parsed.partial as SipRequest, parsed.status).headers.has('Via')).toBe(true);
      return;
    }
    const again = parseSipMessage(encodeSipMessage(parsed));
    if (again.kind === 'sip-error') expect.fail(again.reason);
    expect(formatSipMessage(again)).toBe(formatSipMessage(parsed));
    expect([...again.body]).toEqual([...parsed.body]);
  });
});

describe('what the messages of RFC 4475 say', () => {
  it('wsinv: folding, compact names, spaces', () => {
    const { headers, uri, body } = request('wsinv');
    expect(uri).toBe('sip:vivekg@chair-dnrc.example.com;unknownparam');
    expect(parseNameAddr(headers.get('To') as string)).toEqual({ uri: 'sip:vivekg@chair-dnrc.example.com', params: new Map([['tag', '1918181833n']]) });
    expect(parseNameAddr(headers.get('From') as string)).toEqual({
      displayName: 'J Rosenberg \\"',
      uri: 'sip:jdrosen@example.com',
      params: new Map([['tag', '98asjd8']]),
    });
    expect(headers.get('Max-Forwards')).toBe('0068');
    expect(headers.get('CSeq')).toBe('0009 INVITE');
    expect(
      headers
        .values('Via')
        .map((via) => parseVia(via))
        .map((via) => [via?.transport, via?.host, via?.branch]),
    ).toEqual([
      ['UDP', '192.0.2.2', '390skdjuw'],
      ['TCP', 'spindle.example.com', 'z9hG4bK9ikj8'],
      ['UDP', '192.168.255.111', 'z9hG4bK30239'],
    ]);
    expect(headers.get('Subject')).toBe('');
    expect(headers.get('NewFangledHeader')).toBe('newfangled value continued newfangled value');
    expect(headers.get('UnknownHeaderWithUnusualValue')).toBe(';;,,;;,;');
    expect(parseNameAddr(headers.first('Contact') as string)).toEqual({
      displayName: 'Quoted string ""',
      uri: 'sip:jdrosen@example.com',
      params: new Map([
        ['newparam', 'newvalue'],
        ['secondparam', undefined],
        ['q', '0.33'],
      ]),
    });
    expect(body.length).toBe(150);
  });

  it('intmeth: unusual characters', () => {
    const { method, uri, headers } = request('intmeth');
    expect(method).toBe("!interesting-Method0123456789_*+`.%indeed'~");
    expect(parseUri(uri)).toMatchObject({
      user: "1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*",
      password: "&it+has=1,weird!*pas$wo~d_too.(doesn't-it)",
      host: 'example.com',
    });
    expect(parseNameAddr(headers.get('To') as string)?.displayName).toBe('BEL:\u0007 NUL:\u0000 DEL:\u007f');
    expect(parseNameAddr(headers.get('From') as string)).toMatchObject({ displayName: "token1~` token2'+_ token3*%!.-" });
    expect(parseNameAddr(headers.get('From') as string)?.params.get("fromparam''~+*_!.-%")).toBe('работающий');
    expect(headers.get("extensionHeader-!.%*+_`'~")).toBe('\ufeff大停電');
  });

  it('esc01, semiuri: escapes are undone once, in URIs only', () => {
    expect(parseUri(request('esc01').uri)).toMatchObject({ user: 'sips%3Auser%40example.com', host: 'example.net' });
    const contact = parseUri(parseNameAddr(request('esc01').headers.get('Contact') as string)?.uri as string);
    expect(contact?.kind === 'sip' && unescapeUri(contact.params.get('n%61me') as string)).toBe('value%41');
    expect(unescapeUri((parseUri(request('semiuri').uri) as { user: string }).user)).toBe('user;par=u@example.net');
  });

  it('escnull, esc02: two contacts', () => {
    expect(request('escnull').headers.values('Contact')).toEqual(['<sip:%00@host5.example.com>', '<sip:%00%00@host5.example.com>']);
    expect(request('esc02').headers.values('Contact')).toHaveLength(2);
    expect(request('esc02').headers.get('C%6Fntact')).toBe('<sip:alias2@host2.example.com>');
  });

  it('longreq: 34 Via values; dblreq: what follows the body is dropped', () => {
    expect(request('longreq').headers.values('Via')).toHaveLength(34);
    expect(request('dblreq').body).toHaveLength(0);
    expect(request('dblreq').method).toBe('REGISTER');
  });

  it('mpart01: parts with binary content', () => {
    const { headers, body } = request('mpart01');
    const type = headers.get('Content-Type') as string;
    expect(boundaryOf(type)).toBe('7a9cbec02ceef655');
    const parts = parseMultipart(type, body) ?? [];
    expect(parts.map((part) => part.headers.get('Content-Type'))).toEqual(['text/plain', 'application/octet-stream']);
    expect(decodeUtf8(parts[0]?.body as Uint8Array)).toBe('Hello');
    expect(parts[1]?.body).toHaveLength(342);
  });

  it('unreason, noreason: reason phrases', () => {
    expect(taken('unreason')).toMatchObject({ status: 200, reason: '= 2**3 * 5**2 но сто девяносто девять - простое' });
    expect(taken('noreason')).toMatchObject({ status: 100, reason: '' });
  });

  it('cparam01, cparam02: parameters of the field and of the URI', () => {
    expect(parseNameAddr(request('cparam01').headers.get('Contact') as string)).toMatchObject({
      uri: 'sip:+19725552222@gw1.example.net',
      params: new Map([['unknownparam', undefined]]),
    });
    expect(parseNameAddr(request('cparam02').headers.get('Contact') as string)).toMatchObject({
      uri: 'sip:+19725552222@gw1.example.net;unknownparam',
      params: new Map(),
    });
  });

  it('bext01: 420 lists what is not understood', () => {
    expect(checkRequestForUas(request('bext01'), GENERIC)?.fields).toEqual([['Unsupported', 'nothingSupportsThis, nothingSupportsThisEither']]);
    expect(checkRequestForProxy(request('bext01'), GENERIC)?.fields).toEqual([['Unsupported', 'noProxiesSupportThis, norDoAnyProxiesSupportThis']]);
  });

  it('names what is wrong and where', () => {
    const wrong = (name: string): unknown => {
      const error = parseSipMessage((ALL.find((item) => item.name === name) as TortureCase).bytes);
      return error.kind === 'sip-error' ? [error.header, error.line, error.column] : error.kind;
    };
    expect(wrong('badinv01')).toEqual(['Via', 7, 6]);
    expect(wrong('clerr')).toEqual(['Content-Length', 10, 1]);
    expect(wrong('scalar02')).toEqual(['CSeq', 5, 7]);
    expect(wrong('quotbal')).toEqual(['To', 2, 5]);
    expect(wrong('ltgtruri')).toEqual([undefined, 1, 8]);
    expect(wrong('badvers')).toEqual([undefined, 1, 34]);
    expect(wrong('insuf')).toEqual(['From', undefined, undefined]);
    expect(wrong('mcl01')).toEqual(['Content-Length', 9, 17]);
  });
});
