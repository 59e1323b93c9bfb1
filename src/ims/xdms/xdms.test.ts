import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { XCAP_ROOT } from '#presence/xcap/xcap-diff.ts';
import { createHttpRequest, fieldOf, type HttpResponse, encodeHttpMessage } from '#protocol/http/message.ts';
import { formatXcapTarget } from '#protocol/xcap/uri.ts';

import { CR, ELEMENT, INDEX, JANE, rule, rules, RULES, tagOf, textOf, XdmsBench } from '#testing/xdms-bench.ts';

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
