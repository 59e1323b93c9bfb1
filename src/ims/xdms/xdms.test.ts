import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SendEffect } from '#base/machine.ts';
import { decodeUtf8, encodeUtf8 } from '#base/utf8.ts';
import { XCAP_ROOT } from '#presence/xcap/xcap-diff.ts';
import { createHttpRequest, fieldOf, type HttpRequest, type HttpResponse, encodeHttpMessage, isHttpError, parseHttpMessage } from '#protocol/http/message.ts';
import { formatCredentials, parseChallenge } from '#protocol/sip/credentials.ts';
import { createCredentials } from '#protocol/sip/digest.ts';
import { parseXcapDiff } from '#protocol/xcap/diff.ts';
import { formatXcapTarget } from '#protocol/xcap/uri.ts';
import { utPasswordOf } from '#scenario/ut.ts';
import { EntityBench, type Outcome, sipRequest } from '#testing/entity-bench.ts';

const JANE = 'sip:user2_public1@home2.net';
const INDEX = `pres-rules/users/${JANE}/index`;
const RULES = 'application/auth-policy+xml';
const ELEMENT = 'application/xcap-el+xml';
const rules = (...ids: readonly string[]): string =>
  `<cr:ruleset xmlns:cr="urn:ietf:params:xml:ns:common-policy">${ids.map((id) => `<cr:rule id="${id}"/>`).join('')}</cr:ruleset>`;
const CR = [['cr', 'urn:ietf:params:xml:ns:common-policy']] as const;
const rule = (id: string) => ({ path: `cr:ruleset/cr:rule[@id="${id}"]`, namespaces: CR });

class XdmsBench extends EntityBench {
  #nonceCount = 0;
  #challenge: string | undefined;
  constructor(presence = {}) {
    super('xdms', { network: { with: ['xdms'], presence } });
  }
  /** What comes back to bytes that arrive over HTTP. */
  raw(bytes: Uint8Array, from: 'ue2' | 'ps' | 'stranger' = 'ue2'): { readonly outcome: Outcome; readonly answer: HttpResponse | undefined } {
    const remote = { address: from === 'stranger' ? '2001:db8:f::1' : this.at(from).address, port: 47_000 };
    const outcome = this.step({ kind: 'bytes', bytes, transport: 'tcp', local: { address: this.address, port: 80 }, remote });
    const sent = outcome.effects.find((one): one is SendEffect => one.kind === 'send' && one.protocol === 'HTTP');
    const answer = sent === undefined ? undefined : parseHttpMessage(sent.bytes);
    if (answer !== undefined && (isHttpError(answer) || answer.kind === 'request')) throw new Error('the server answers in another language');
    if (sent !== undefined) expect(sent.remote).toEqual(remote);
    return { outcome, answer };
  }
  /** As a user who knows the password. */
  ask(
    method: string,
    target: string,
    fields: Readonly<Record<string, string>> = {},
    body = '',
    password?: string,
  ): { readonly outcome: Outcome; readonly answer: HttpResponse } {
    const user = this.plan.users.find(({ role }) => role === 'ue2');
    if (user === undefined) throw new Error('no user');
    const all: (readonly [string, string])[] = [['Host', this.host], ...Object.entries(fields)];
    if (this.#challenge !== undefined) {
      const facts = {
        username: user.privateIdentity,
        secret: password ?? utPasswordOf(user, 1),
        method,
        uri: target,
        cnonce: 'c',
        nonceCount: ++this.#nonceCount,
      };
      const challenge = parseChallenge(this.#challenge);
      const credentials = challenge === undefined ? undefined : createCredentials(challenge, facts);
      if (credentials !== undefined) all.push(['Authorization', formatCredentials(credentials)]);
    }
    const { outcome, answer } = this.raw(encodeHttpMessage(createHttpRequest(method, target, all, encodeUtf8(body))));
    if (answer === undefined) throw new Error('no answer');
    if (answer.status === 401 && this.#challenge === undefined) {
      this.#challenge = fieldOf(answer, 'WWW-Authenticate');
      return this.ask(method, target, fields, body, password);
    }
    return { outcome, answer };
  }
  put(body: string, fields: Readonly<Record<string, string>> = {}, node?: Parameters<typeof formatXcapTarget>[2]): HttpResponse {
    return this.ask('PUT', formatXcapTarget(XCAP_ROOT, INDEX, node), { 'Content-Type': node === undefined ? RULES : ELEMENT, ...fields }, body).answer;
  }
  get(node?: Parameters<typeof formatXcapTarget>[2], fields: Readonly<Record<string, string>> = {}): HttpResponse {
    return this.ask('GET', formatXcapTarget(XCAP_ROOT, INDEX, node), fields).answer;
  }
  /** The whole document, as it is kept. */
  get kept(): string | undefined {
    return this.rows('Documents').find(([selector]) => selector === INDEX)?.[2];
  }
}

const textOf = ({ body }: HttpResponse): string => decodeUtf8(body);
const tagOf = (answer: HttpResponse): string => fieldOf(answer, 'ETag') ?? '';

describe('a document', () => {
  it('that was put is what is got, under an entity-tag that changes with it', () => {
    const bench = new XdmsBench();
    expect(bench.get().status).toBe(404);
    const made = bench.put(rules('a'));
    expect([made.status, tagOf(made)]).toEqual([201, expect.stringMatching(/^".+"$/)]);
    expect([textOf(bench.get()), tagOf(bench.get())]).toEqual([rules('a'), tagOf(made)]);
    const changed = bench.put(rules('a', 'b'));
    expect(changed.status).toBe(200);
    expect(tagOf(changed)).not.toBe(tagOf(made));
    expect(fieldOf(bench.get(), 'Content-Type')).toBe(RULES);
    expect(bench.ask('DELETE', formatXcapTarget(XCAP_ROOT, INDEX)).answer.status).toBe(200);
    expect(bench.get().status).toBe(404);
  });
  it('is changed only as whoever knows it: 412 otherwise, and nothing is changed', () => {
    const bench = new XdmsBench();
    expect(bench.put(rules('a'), { 'If-Match': '"x"' }).status).toBe(412);
    const tag = tagOf(bench.put(rules('a'), { 'If-None-Match': '*' }));
    expect(bench.put(rules('b'), { 'If-None-Match': '*' }).status).toBe(412);
    expect(bench.put(rules('b'), { 'If-Match': '"x", "y"' }).status).toBe(412);
    expect(bench.ask('DELETE', formatXcapTarget(XCAP_ROOT, INDEX), { 'If-Match': '"x"' }).answer.status).toBe(412);
    expect(bench.kept).toBe(rules('a'));
    expect(bench.put(rules('b'), { 'If-Match': `"x", ${tag}` }).status).toBe(200);
    expect(bench.get(undefined, { 'If-None-Match': tagOf(bench.get()) }).status).toBe(304);
    expect(bench.put(rules('c'), { 'If-Match': '*' }).status).toBe(200);
  });
  it('has elements that are put, got and taken out', () => {
    const bench = new XdmsBench();
    bench.put(rules('a'));
    const fragment = '<cr:rule id="b"><cr:actions/></cr:rule>';
    expect(bench.put(fragment, {}, rule('b')).status).toBe(201);
    expect([textOf(bench.get(rule('b'))), fieldOf(bench.get(rule('b')), 'Content-Type')]).toEqual([fragment, ELEMENT]);
    expect(bench.put(fragment, {}, rule('b')).status).toBe(200);
    expect(textOf(bench.get({ path: 'cr:ruleset/cr:rule[2]/@id', namespaces: CR }))).toBe('b');
    const target = formatXcapTarget(XCAP_ROOT, INDEX, rule('b'));
    expect(bench.ask('DELETE', target).answer.status).toBe(200);
    expect(bench.ask('DELETE', target).answer.status).toBe(404);
    expect(bench.get(rule('b')).status).toBe(404);
  });
  it.each<[string, number, string, (bench: XdmsBench) => HttpResponse]>([
    ['not well-formed', 409, 'not-well-formed', (bench) => bench.put('<a>')],
    ['of a document type', 409, 'not-well-formed', (bench) => bench.put('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')],
    ['nested too deep', 409, 'not-well-formed', (bench) => bench.put('<a>'.repeat(99) + '</a>'.repeat(99))],
    ['too large', 413, '', (bench) => bench.put(rules('x'.repeat(70_000)))],
    ['against the schema', 409, 'schema-validation-error', (bench) => bench.put('<a/>')],
    ['with one id twice', 409, 'uniqueness-failure', (bench) => bench.put(rules('x', 'x'))],
    ['of another type', 415, '', (bench) => bench.put(rules('x'), { 'Content-Type': 'text/xml' })],
    ['of no element', 409, 'not-xml-frag', (bench) => bench.put('x', {}, rule('x'))],
    ['without parent', 409, 'no-parent', (bench) => bench.put('<cr:rule id="x"/>', {}, { path: 'cr:ruleset/cr:rule[@id="z"]/cr:actions', namespaces: CR })],
    ['under another name', 409, 'cannot-insert', (bench) => bench.put('<cr:rule id="y"/>', {}, rule('x'))],
    ['against the schema as a part', 409, 'schema-validation-error', (bench) => bench.put('<cr:rule id="x"><b/></cr:rule>', {}, rule('x'))],
    ['for an attribute', 405, '', (bench) => bench.put('x', {}, { path: 'cr:ruleset/cr:rule[1]/@id', namespaces: CR })],
  ])('%s is refused with %i %s, and nothing is changed', (_what, status, error, change) => {
    const bench = new XdmsBench();
    bench.put(rules('a'));
    const answer = change(bench);
    expect(answer.status).toBe(status);
    expect(textOf(answer)).toContain(error);
    expect(bench.kept).toBe(rules('a'));
  });
  const service = (inner: string, uri = 'sip:friends@home2.net'): string => `<service uri="${uri}">${inner}</service>`;
  const entries = (...uris: readonly string[]): string => `<list>${uris.map((uri) => `<rl:entry uri="${uri}"/>`).join('')}</list>`;
  const elsewhere = (owner: string): string => `http://xdms.home2.net/xcap-root/resource-lists/users/${owner}/index/~~/resource-lists/list%5B@name=%22a%22%5D`;
  it.each<[string, string, string]>([
    ['one address twice on a list', 'uniqueness-failure', service(entries('sip:a@home2.net', 'sip:a@home2.net'))],
    ['one service twice', 'uniqueness-failure', service('<list/>') + service('<list/>')],
    ['an entry with an empty address', 'schema-validation-error', service(entries(''))],
    ['a service with an empty address', 'schema-validation-error', service('<list/>', '')],
    ['an entry elsewhere under a whole address', 'constraint-failure', service('<list><rl:entry-ref ref="http://a.net/b"/></list>')],
    ['a list elsewhere under a part of an address', 'constraint-failure', service('<list><rl:external anchor="/a/b"/></list>')],
    ['the list of somebody else', 'constraint-failure', service(`<resource-list>${elsewhere('sip:other@home2.net')}</resource-list>`)],
    [
      'the list below another root',
      'constraint-failure',
      service(`<resource-list>${elsewhere(JANE).replace('xdms.home2.net', 'xdms.home1.net')}</resource-list>`),
    ],
    ['a list that is a whole document', 'constraint-failure', service(`<resource-list>${elsewhere(JANE).replace(/\/~~.*/, '')}</resource-list>`)],
    ['a list that is an attribute', 'constraint-failure', service(`<resource-list>${elsewhere(JANE)}/@name</resource-list>`)],
    [
      'a list of another application',
      'constraint-failure',
      service(`<resource-list>${elsewhere(JANE).replace('resource-lists', 'pres-rules')}</resource-list>`),
    ],
    ['the address of a person', 'uniqueness-failure', service('<list/>', JANE)],
    ['the address of a list in another own document', 'uniqueness-failure', service('<list/>', 'sip:mine@home2.net')],
    [
      'a list that is no whole address',
      'constraint-failure',
      service(`<resource-list>${elsewhere(JANE).replace('http://xdms.home2.net', '')}</resource-list>`),
    ],
    ['two lists of packages', 'schema-validation-error', service('<list/><packages><package>presence</package></packages><packages/>')],
  ])('that is a list with %s is refused with 409 %s, and what was kept stays', (_what, error, inner) => {
    const bench = new XdmsBench();
    const put = (services: string, document = 'index'): HttpResponse => {
      const selector = `rls-services/users/${JANE}/${document}`;
      const body = `<rls-services xmlns="urn:ietf:params:xml:ns:rls-services" xmlns:rl="urn:ietf:params:xml:ns:resource-lists">${services}</rls-services>`;
      return bench.ask('PUT', formatXcapTarget(XCAP_ROOT, selector), { 'Content-Type': 'application/rls-services+xml' }, body).answer;
    };
    expect(put(service(entries('sip:a@home2.net', 'sip:A@home2.net'))).status).toBe(201);
    expect(put(service('<list/>', 'sip:mine@home2.net'), 'other').status).toBe(201);
    const kept = bench.rows('Documents');
    const answer = put(inner);
    expect([answer.status, textOf(answer)]).toEqual([409, expect.stringContaining(error)]);
    if (error === 'uniqueness-failure') expect(textOf(answer)).toContain('<exists field="rls-services/service[');
    // RFC 4826 §4.4.5: what could be had instead.
    if (/the address of/.test(_what)) expect(textOf(answer)).toMatch(/<alt-value>sip:\S+-2@home2\.net<\/alt-value>/);
    expect(bench.rows('Documents')).toEqual(kept);
  });
  it('may be of lists for services to refer to, which may be there or not', () => {
    const bench = new XdmsBench();
    const put = (auid: string, body: string): number =>
      bench.ask('PUT', formatXcapTarget(XCAP_ROOT, `${auid}/users/${JANE}/index`), { 'Content-Type': `application/${auid}+xml` }, body).answer.status;
    const services = service(`<resource-list>${elsewhere(JANE)}</resource-list>`);
    expect(put('rls-services', `<rls-services xmlns="urn:ietf:params:xml:ns:rls-services">${services}</rls-services>`)).toBe(201);
    const lists = (inner: string): string => `<resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists">${inner}</resource-lists>`;
    expect(put('resource-lists', lists('<list name="a"><entry uri="sip:a@home2.net"/></list>'))).toBe(201);
    expect(put('resource-lists', lists('<list name="a"/><list name="a"/>'))).toBe(409);
    expect(put('resource-lists', lists('<entry uri="sip:a@home2.net"/>'))).toBe(409);
  });
  it('at a strange address is answered, and nothing is changed but what was put', () => {
    const pieces = [
      '/',
      '~~',
      '%7e%7E',
      '%',
      '%2F',
      '%00',
      '..',
      'users',
      'global',
      'pres-rules',
      'index',
      JANE,
      'cr:ruleset',
      'x:rule',
      '*',
      '[1]',
      '[@id="a"]',
      '@id',
      'namespace::*',
    ];
    const strange = fc.array(fc.constantFrom(...pieces, '?xmlns(cr=urn:ietf:params:xml:ns:common-policy)', '?xmlns(', ')'), { maxLength: 12 });
    const target = fc.oneof(
      strange.map((some) => `${XCAP_ROOT}/${some.join('')}`),
      strange.map((some) => `${XCAP_ROOT}/pres-rules/users/${JANE}/index/~~/${some.join('')}`),
    );
    const seen = new Set<number>();
    fc.assert(
      fc.property(target, fc.constantFrom('GET', 'PUT', 'DELETE', 'POST'), fc.constantFrom(RULES, ELEMENT), (where, method, type) => {
        const bench = new XdmsBench();
        bench.put(rules('a'));
        const { status } = bench.ask(method, where, { 'Content-Type': type }, method === 'PUT' ? '<cr:rule id="a"/>' : '').answer;
        seen.add(status);
        expect([200, 201, 400, 403, 404, 405, 409, 412, 415, 501]).toContain(status);
        if (status >= 300 || method === 'GET') expect(bench.kept).toBe(rules('a'));
      }),
      { numRuns: 150 },
    );
    expect([...seen]).toEqual(expect.arrayContaining([400, 404]));
  });
  it('names the closest that is there when something is put where nothing is', () => {
    const bench = new XdmsBench();
    const nothing = bench.put('<cr:rule id="x"/>', {}, rule('x'));
    expect([nothing.status, textOf(nothing)]).toEqual([409, expect.stringContaining('no-parent')]);
    bench.put(rules('a'));
    const far = bench.put('<cr:many/>', {}, { path: 'cr:ruleset/cr:rule[@id="a"]/cr:conditions/cr:many', namespaces: CR });
    expect(textOf(far)).toContain(`/~~/cr:ruleset/cr:rule%5B@id=%22a%22%5D?xmlns(cr=`);
  });
  it('that is not UTF-8 is refused', () => {
    const bench = new XdmsBench();
    const target = formatXcapTarget(XCAP_ROOT, INDEX);
    bench.get();
    const request = createHttpRequest(
      'PUT',
      target,
      [
        ['Host', bench.host],
        ['Content-Type', RULES],
      ],
      new Uint8Array([60, 255]),
    );
    expect(bench.raw(encodeHttpMessage(request), 'ue2').answer?.status).toBe(401);
    expect(bench.kept).toBeUndefined();
  });
  it.each(['POST', 'PATCH', 'HEAD', 'OPTIONS'])('knows no %s', (method) => {
    const bench = new XdmsBench();
    const { answer } = bench.ask(method, formatXcapTarget(XCAP_ROOT, INDEX));
    expect([answer.status, fieldOf(answer, 'Allow')]).toEqual([405, 'GET, PUT, DELETE']);
  });
  it('of one user are not without end', () => {
    const bench = new XdmsBench();
    const statuses = Array.from(
      { length: 25 },
      (_, i) => bench.ask('PUT', formatXcapTarget(XCAP_ROOT, `pres-rules/users/${JANE}/d${i}`), { 'Content-Type': RULES }, rules()).answer.status,
    );
    expect([statuses.filter((status) => status === 201).length, statuses.at(-1)]).toEqual([20, 409]);
  });
});

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
  const subscribe = (bench: XdmsBench, from: 'ps' | 'scscf1' = 'ps', as: string | undefined = '<sip:ps.home2.net>'): Outcome =>
    bench.deliver(
      sipRequest('SUBSCRIBE', 'sip:xdms.home2.net', {
        Event: 'xcap-diff',
        Contact: '<sip:ps.home2.net>',
        Expires: '3600',
        ...(as === '' ? {} : { 'P-Asserted-Identity': as }),
      }),
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
