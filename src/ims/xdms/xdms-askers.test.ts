/** Who may ask an XDMS for what: users, servers of the network, and whoever says so. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeUtf8, encodeUtf8 } from '#base/utf8.ts';
import { formatWanted, XCAP_ROOT } from '#presence/xcap/xcap-diff.ts';
import { createHttpRequest, fieldOf, type HttpRequest, encodeHttpMessage } from '#protocol/http/message.ts';
import { formatCredentials, parseChallenge } from '#protocol/sip/credentials.ts';
import { createCredentials } from '#protocol/sip/digest.ts';
import { parseXcapDiff } from '#protocol/xcap/diff.ts';
import { formatXcapTarget } from '#protocol/xcap/uri.ts';
import { utPasswordOf } from '#scenario/ut.ts';
import { type Outcome, sipRequest } from '#testing/entity-bench.ts';

import { INDEX, JANE, rules, RULES, textOf, XdmsBench } from '#testing/xdms-bench.ts';

describe('whoever asks', () => {
  it('is asked for the password of a user, every time', () => {
    const bench = new XdmsBench();
    const request = createHttpRequest('GET', formatXcapTarget(XCAP_ROOT, INDEX), [['Host', bench.host]]);
    expect(bench.raw(encodeHttpMessage(request), 'stranger').answer?.status).toBe(401);
    expect(bench.ask('GET', formatXcapTarget(XCAP_ROOT, INDEX), {}, '', 'guessed').answer.status).toBe(401);
  });
  it('cannot use the answer to one challenge twice, nor for another address', () => {
    const bench = new XdmsBench();
    const target = formatXcapTarget(XCAP_ROOT, INDEX);
    bench.put(rules('a'));
    const { outcome } = bench.ask('GET', target);
    expect(outcome.effects.length).toBeGreaterThan(0);
    const user = bench.plan.users.find(({ role }) => role === 'ue2');
    const asked = bench.raw(encodeHttpMessage(createHttpRequest('GET', target, [['Host', bench.host]])));
    const challenge = parseChallenge(fieldOf(asked.answer ?? { fields: [] }, 'WWW-Authenticate') ?? '');
    if (user === undefined || challenge === undefined) throw new Error('no challenge');
    const credentials = createCredentials(challenge, {
      username: user.privateIdentity,
      secret: utPasswordOf(user, 1),
      method: 'GET',
      uri: target,
      cnonce: 'c',
      nonceCount: 1,
    });
    if (credentials === undefined) throw new Error('no credentials');
    const request = (of: string): HttpRequest =>
      createHttpRequest('GET', of, [
        ['Host', bench.host],
        ['Authorization', formatCredentials(credentials)],
      ]);
    expect(bench.raw(encodeHttpMessage(request(`${target}/../other`))).answer?.status).toBe(401);
    expect(bench.raw(encodeHttpMessage(request(target))).answer?.status).toBe(200);
    expect(bench.raw(encodeHttpMessage(request(target))).answer?.status).toBe(401);
  });
  it('reads and writes nobody else’s documents', () => {
    const bench = new XdmsBench();
    for (const method of ['GET', 'PUT', 'DELETE'])
      expect(
        bench.ask(method, formatXcapTarget(XCAP_ROOT, 'pres-rules/users/sip:other@home2.net/index'), { 'Content-Type': RULES }, rules()).answer.status,
      ).toBe(403);
    expect(bench.ask('GET', '/elsewhere').answer.status).toBe(404);
    expect(bench.ask('GET', '/xcap-root/pres-rules/global/index').answer.status).toBe(404);
    expect(bench.ask('GET', `/xcap-root/resource-lists/users/${JANE}/index`).answer.status).toBe(404);
  });
  it('is told what the server can do', () => {
    const bench = new XdmsBench();
    const { answer } = bench.ask('GET', '/xcap-root/xcap-caps/global/index');
    expect([answer.status, fieldOf(answer, 'Content-Type')]).toEqual([200, 'application/xcap-caps+xml']);
    expect(textOf(answer)).toContain('<auid>pres-rules</auid>');
    expect(bench.ask('PUT', '/xcap-root/xcap-caps/global/index', { 'Content-Type': 'application/xcap-caps+xml' }, '<a/>').answer.status).toBe(405);
  });
  it.each<[string, 'ps' | 'ue2' | 'stranger', string | undefined, readonly (number | undefined)[]]>([
    ['as a server of the network reads everything and changes nothing', 'ps', '"sip:ps.home2.net"', [200, 403]],
    ['from where a server stands, without a word who it is, shows a password like everybody', 'ps', undefined, [401, 401]],
    ['is not the server that it says it is when it comes from where another stands', 'ps', '"sip:rls1.home1.net"', [401, 401]],
    ['names no server by what is no identity', 'ps', 'ps.home2.net', [401, 401]],
    ['is no server by saying so', 'ue2', '"sip:ps.home2.net"', [401, 401]],
    ['is none from outside either', 'stranger', '"sip:ps.home2.net"', [401, 401]],
    ['names a user in vain: that is for the password to show', 'stranger', `"${JANE}"`, [401, 401]],
  ])('%s', (_what, from, asserted, statuses) => {
    const bench = new XdmsBench();
    bench.put(rules('a'));
    const as = (method: string): number | undefined => {
      const fields: readonly (readonly [string, string])[] = asserted === undefined ? [] : [['X-3GPP-Asserted-Identity', asserted]];
      const request = createHttpRequest(method, formatXcapTarget(XCAP_ROOT, INDEX), [['Host', bench.host], ...fields]);
      return bench.raw(encodeHttpMessage(request), from).answer?.status;
    };
    expect([as('GET'), as('DELETE')]).toEqual(statuses);
    expect(bench.kept).toBe(rules('a'));
  });
});

describe('a server of the network', () => {
  const subscribe = (bench: XdmsBench, from: 'ps' | 'scscf1' = 'ps', as: string | undefined = '<sip:ps.home2.net>', wanted = ''): Outcome =>
    bench.deliver(
      sipRequest(
        'SUBSCRIBE',
        'sip:xdms.home2.net',
        {
          Event: 'xcap-diff',
          Contact: '<sip:ps.home2.net>',
          Expires: '3600',
          ...(as === '' ? {} : { 'P-Asserted-Identity': as }),
          ...(wanted === '' ? {} : { 'Content-Type': 'application/resource-lists+xml' }),
        },
        encodeUtf8(wanted),
      ),
      bench.at(from),
    );
  const told = (outcome: Outcome) => parseXcapDiff(decodeUtf8(outcome.request('NOTIFY').message.body))?.documents;

  it('is told of all documents, and then of each change', () => {
    const bench = new XdmsBench({ ruleset: [{ id: 'a', handling: 'allow' }] });
    const first = subscribe(bench);
    const [kept] = told(first) ?? [];
    expect(kept).toMatchObject({ selector: INDEX, newTag: expect.any(String) as string });
    bench.answer(first.request('NOTIFY'), 200);
    const { outcome } = bench.ask('PUT', formatXcapTarget(XCAP_ROOT, INDEX), { 'Content-Type': RULES }, rules('b'));
    expect(told(outcome)).toMatchObject([{ selector: INDEX, previousTag: kept?.newTag }]);
    bench.answer(outcome.request('NOTIFY'), 200);
    const gone = bench.ask('DELETE', formatXcapTarget(XCAP_ROOT, INDEX)).outcome;
    expect(told(gone)?.[0]?.newTag).toBeUndefined();
  });
  it.each([
    ['by the application', 'pres-rules/', true],
    ['by the document', INDEX, true],
    ['by a whole address', 'http://xdms.home2.net/xcap-root/pres-rules/', true],
    ['by an address elsewhere', 'http://xdms.home1.net/xcap-root/pres-rules/', false],
    ['of another application', 'rls-services/', false],
    ['of another document', `${INDEX}2`, false],
  ])('is told of what it has asked for, and of nothing else: %s', (_what, selector, isTold) => {
    const bench = new XdmsBench({ ruleset: [{ id: 'a', handling: 'allow' }] });
    const first = subscribe(bench, 'ps', undefined, formatWanted([selector]));
    expect(told(first)).toHaveLength(isTold ? 1 : 0);
    bench.answer(first.request('NOTIFY'), 200);
    const { outcome } = bench.ask('PUT', formatXcapTarget(XCAP_ROOT, INDEX), { 'Content-Type': RULES }, rules('b'));
    expect(outcome.methods).toEqual(isTold ? ['NOTIFY'] : []);
  });
  it('is nobody from elsewhere, nor without a name, nor under the name of another', () => {
    expect(subscribe(new XdmsBench(), 'scscf1').statuses).toEqual([403]);
    expect(subscribe(new XdmsBench(), 'ps', '').statuses).toEqual([403]);
    expect(subscribe(new XdmsBench(), 'ps', '<sip:scscf2.home2.net>').statuses).toEqual([403]);
    expect(subscribe(new XdmsBench(), 'ps', `<${JANE}>`).statuses).toEqual([403]);
  });
});

describe('what nobody would write', () => {
  it('is answered, and changes nothing', () => {
    const piece = fc.constantFrom(
      'GET ',
      'PUT ',
      XCAP_ROOT,
      '/pres-rules/users/',
      JANE,
      '/index',
      '/~~/',
      ' HTTP/1.1\r\n',
      'Host: a\r\n',
      'Content-Length: 3\r\n',
      'Authorization: Digest a=b\r\n',
      '\r\n',
      '<a>',
      '\0',
      '%',
      'é',
    );
    const bench = new XdmsBench({ ruleset: [{ id: 'a', handling: 'allow' }] });
    const before = bench.kept;
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: piece }).map((text) => encodeUtf8(text)),
          fc.uint8Array({ maxLength: 300 }),
        ),
        (bytes) => {
          const { answer } = bench.raw(bytes);
          expect(answer === undefined || (answer.status >= 400 && answer.status <= 505)).toBe(true);
          expect(bench.kept).toBe(before);
        },
      ),
      { numRuns: 300 },
    );
  });
});
