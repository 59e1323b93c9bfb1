/** The list server on a bench: what it answers, whom it asks, what it tells (RFC 4662), and the defects that other list servers have. */
import { describe, expect, it } from 'vitest';
import { decodeUtf8, encodeUtf8 } from '#base/utf8.ts';
import type { NetworkOptions } from '#scenario/scenario.ts';
import { isListBodyError, type ListState, readListBody } from '#presence/lists/list-body.ts';
import { EntityBench, type Outcome, type Sent, sipRequest } from '#testing/entity-bench.ts';
import type { SipRequest } from '#protocol/sip/message.ts';

const OWNER = 'sip:user1_public1@home1.net';
const LIST = 'sip:user1_list1@home1.net';
const JANE = 'sip:user2_public1@home2.net';
const RICHARD = 'sip:user3_public1@home2.net';
type Fields = Readonly<Record<string, string | undefined>>;

const pidf = (basic: string, of = JANE): string =>
  `<?xml version="1.0" encoding="UTF-8"?><presence xmlns="urn:ietf:params:xml:ns:pidf" entity="${of}"><tuple id="t"><status><basic>${basic}</basic></status></tuple></presence>`;

class ListBench extends EntityBench {
  constructor(lists: NonNullable<NetworkOptions['lists']> = [{ at: 'rls1', identity: LIST, owner: 'ue1', members: [{ uri: JANE }, { uri: RICHARD }] }]) {
    super('rls1', { network: { with: ['rls1'], lists } });
  }
  subscribe(fields: Fields = {}, uri = LIST, body?: string): Outcome {
    const header = {
      Event: 'presence',
      Expires: '7200',
      Accept: 'application/pidf+xml, application/rlmi+xml, multipart/related',
      Supported: 'eventlist',
      Contact: '<sip:[2001:db8:a::65]:1357>',
      'P-Asserted-Identity': `<${OWNER}>`,
      'P-Charging-Vector': 'icid-value="s1";orig-ioi="Type 3home1.net"',
      Route: '<sip:rls.home1.net;lr>, <sip:mark@scscf1.home1.net;lr>',
      'Record-Route': '<sip:scscf1.home1.net;lr>, <sip:pcscf1.visited1.net;lr>',
      ...fields,
    };
    return this.deliver(sipRequest('SUBSCRIBE', uri, header, body === undefined ? undefined : encodeUtf8(body)), this.at('scscf1'));
  }
  /** The watcher takes the first NOTIFY; the requests to members. */
  watched(fields: Fields = {}): { readonly outcome: Outcome; readonly asked: readonly Sent<SipRequest>[] } {
    const outcome = this.subscribe(fields);
    this.answer(outcome.request('NOTIFY'), 200);
    return { outcome, asked: outcome.requests.filter(({ message }) => message.method === 'SUBSCRIBE') };
  }
  /** A member's server accepts and says something. */
  says(asked: Sent<SipRequest> | undefined, body: string | undefined, fields: Fields = {}, cseq = 1): Outcome {
    const { headers } = (asked as Sent<SipRequest>).message;
    const type = body === undefined ? {} : { 'Content-Type': 'application/pidf+xml' };
    const request = sipRequest(
      'NOTIFY',
      'sip:rls.home1.net',
      {
        From: `${headers.get('To') ?? ''};tag=ps`,
        To: headers.get('From'),
        'Call-ID': headers.get('Call-ID'),
        CSeq: `${cseq} NOTIFY`,
        Event: 'presence',
        'Subscription-State': 'active;expires=7200',
        Contact: '<sip:ps.home2.net>',
        ...type,
        ...fields,
      },
      body === undefined ? undefined : encodeUtf8(body),
    );
    return this.deliver(request, this.at('scscf1'));
  }
}

const listIn = (outcome: Outcome): ListState => {
  const { message } = outcome.request('NOTIFY');
  const list = readListBody(message.headers.get('Content-Type') ?? '', message.body);
  if (isListBodyError(list)) throw new Error(list.reason);
  return list;
};
/** What the watcher is told; members that have not answered are asked again and again. */
const told = (outcome: Outcome): readonly string[] => outcome.methods.filter((method) => method === 'NOTIFY');
const instancesIn = (list: ListState) => list.resources.map(({ uri, instances: [first] }) => [uri, first?.state, first?.reason]);

describe('a subscription to a list', () => {
  it('is accepted with Require: eventlist, told in full at once, and every member is asked for through the S-CSCF of the watcher', () => {
    const { outcome, asked } = new ListBench().watched();
    expect(outcome.response(200).message.headers.get('Require')).toBe('eventlist');
    const notify = outcome.request('NOTIFY').message;
    expect(notify.headers.get('Require')).toBe('eventlist');
    expect(notify.headers.has('Supported')).toBe(false);
    // peers C10: the first document is complete, and says nothing of whom nothing is known.
    expect(listIn(outcome)).toMatchObject({ version: 0, fullState: true, uri: LIST });
    expect(instancesIn(listIn(outcome))).toEqual([
      [JANE, undefined, undefined],
      [RICHARD, undefined, undefined],
    ]);
    expect(asked.map(({ message }) => message.uri)).toEqual([JANE, RICHARD]);
    const [first] = asked;
    expect(first?.message.headers.get('Route')).toBe('<sip:scscf1.home1.net;lr;orig>');
    expect(first?.message.headers.get('P-Asserted-Identity')).toBe(`<${OWNER}>`);
    expect(first?.message.headers.get('P-Charging-Vector')).toMatch(/orig-ioi="Type 3home1.net"$/);
    expect(first?.message.headers.get('Supported')).toBe('eventlist');
    expect(first?.message.headers.get('Max-Forwards')).toBe('69');
  });
  it.each<[string, Fields, number, string, string | undefined]>([
    ['without the extension', { Supported: undefined }, 421, 'Require', 'eventlist'],
    ['by somebody else', { 'P-Asserted-Identity': '<sip:other@home1.net>' }, 403, 'Require', undefined],
    ['by nobody known', { 'P-Asserted-Identity': undefined }, 403, 'Require', undefined],
    ['that takes no multipart body', { Accept: 'application/pidf+xml, application/rlmi+xml' }, 406, 'Accept', 'multipart/related'],
    ['that takes no RLMI', { Accept: 'multipart/related' }, 406, 'Require', undefined],
    ['for another package', { Event: 'dialog' }, 489, 'Allow-Events', 'presence'],
    ['too short', { Expires: '10' }, 423, 'Min-Expires', '60'],
    ['in a dialog nobody knows', { To: `<${LIST}>;tag=none` }, 481, 'Require', undefined],
  ])('%s is refused', (_, fields, status, header, value) => {
    const outcome = new ListBench().subscribe(fields);
    expect(outcome.methods).toEqual([]);
    expect(outcome.response(status).message.headers.get(header)).toBe(value);
  });
  it('with a filter is refused clearly, for filters are not passed on, and nobody is asked', () => {
    const bench = new ListBench();
    const outcome = bench.subscribe({ 'Content-Type': 'application/simple-filter+xml' }, LIST, '<filter-set/>');
    expect(outcome.statuses).toEqual([415]);
    expect(outcome.methods).toEqual([]);
    expect(bench.rows('Subscriptions')).toEqual([]);
  });
  it('to an address that is no list here is answered 404', () => {
    expect(new ListBench().subscribe({}, 'sip:nobody@home1.net').statuses).toEqual([404]);
  });
  it.each(['PUBLISH', 'MESSAGE', 'OPTIONS'])('%s is not served', (method) => {
    const bench = new ListBench();
    expect(bench.deliver(sipRequest(method, LIST), bench.at('scscf1')).statuses).toEqual([405]);
  });
});

describe('what members say', () => {
  it('is collected for five seconds and told together, bodies untouched', () => {
    const bench = new ListBench();
    const { asked } = bench.watched();
    expect(bench.says(asked[0], pidf('open')).methods).toEqual([]);
    expect(bench.says(asked[1], pidf('closed', RICHARD)).methods).toEqual([]);
    const later = bench.advance(5);
    expect(told(later)).toEqual(['NOTIFY']);
    const list = listIn(later);
    expect(list).toMatchObject({ version: 1, fullState: false });
    const bodies = list.resources.map(({ instances: [first] }) => (first?.body?.kind === 'document' ? decodeUtf8(first.body.bytes) : ''));
    expect(bodies).toEqual([pidf('open'), pidf('closed', RICHARD)]);
    // Later changes go out at once.
    bench.answer(later.request('NOTIFY'), 200);
    bench.advance(10);
    expect(instancesIn(listIn(bench.says(asked[0], pidf('closed'), {}, 2)))).toEqual([[JANE, 'active', undefined]]);
  });
  it('again and again the same is told once', () => {
    const bench = new ListBench();
    const { asked } = bench.watched();
    bench.says(asked[0], pidf('open'));
    bench.answer(bench.advance(5).request('NOTIFY'), 200);
    bench.advance(10);
    expect(bench.says(asked[0], pidf('open'), {}, 2).methods).toEqual([]);
  });
  it('peers C10: active without a document is not told of: there is nothing to refer to', () => {
    const bench = new ListBench();
    const { asked } = bench.watched();
    bench.says(asked[0], undefined);
    expect(told(bench.advance(6))).toEqual([]);
  });
  it('pending is told as pending, without anything of the member', () => {
    const bench = new ListBench();
    const { asked } = bench.watched();
    bench.says(asked[0], pidf('closed'), { 'Subscription-State': 'pending;expires=7200' });
    expect(listIn(bench.advance(5)).resources).toEqual([{ uri: JANE, instances: [{ id: expect.any(String) as string, state: 'pending' }] }]);
  });
  it.each([
    [403, 'rejected', false],
    [603, 'rejected', false],
    [404, 'noresource', false],
    [480, 'probation', true],
    [500, 'probation', true],
    [504, 'probation', true],
  ])('peers C10: a member that answers %i is terminated with the reason %s; asked again: %s', (status, reason, again) => {
    const bench = new ListBench();
    const { asked } = bench.watched();
    bench.answer(asked[0] as Sent<SipRequest>, status);
    const gone = bench.advance(5);
    expect(instancesIn(listIn(gone))).toEqual([[JANE, 'terminated', reason]]);
    bench.answer(gone.request('NOTIFY'), 200);
    expect(bench.advance(60).requests.some(({ message }) => message.uri === JANE)).toBe(again);
  });
  it.each([
    ['terminated;reason=rejected', 'rejected'],
    ['terminated;reason=noresource', 'noresource'],
    ['terminated;reason=nonsense', 'timeout'],
    ['terminated', 'timeout'],
  ])('peers C10: a member whose server says %s is terminated with a reason', (value, reason) => {
    const bench = new ListBench();
    const { asked } = bench.watched();
    bench.says(asked[0], pidf('open'));
    bench.answer(bench.advance(5).request('NOTIFY'), 200);
    bench.advance(10);
    expect(instancesIn(listIn(bench.says(asked[0], undefined, { 'Subscription-State': value }, 2)))).toEqual([[JANE, 'terminated', reason]]);
  });
  it('nothing, not even an answer: terminated for now, and asked again under another instance', () => {
    const bench = new ListBench();
    const { asked } = bench.watched();
    bench.says(asked[1], pidf('closed', RICHARD));
    bench.answer(bench.advance(5).request('NOTIFY'), 200);
    const gone = bench.advance(30);
    expect(instancesIn(listIn(gone))).toEqual([[JANE, 'terminated', 'probation']]);
    bench.answer(gone.request('NOTIFY'), 200);
    const again = bench.advance(60).requests.find(({ message }) => message.uri === JANE);
    expect(again?.message.headers.get('Call-ID')).not.toBe(asked[0]?.message.headers.get('Call-ID'));
    const back = listIn(bench.says(again, pidf('open')));
    expect(instancesIn(back)).toEqual([[JANE, 'active', undefined]]);
    expect(back.resources[0]?.instances[0]?.id).not.toBe(listIn(gone).resources[0]?.instances[0]?.id);
  });
  it('a list that cannot be read changes nothing', () => {
    const bench = new ListBench();
    const { asked } = bench.watched();
    const broken = bench.says(asked[0], '--b\r\nContent-Type: application/rlmi+xml\r\n\r\n<list\r\n--b--\r\n', {
      'Content-Type': 'multipart/related;boundary=b',
    });
    expect(broken.statuses).toEqual([200]);
    expect(broken.notes.some(({ reason }) => reason.includes('cannot be read'))).toBe(true);
    expect(told(bench.advance(6))).toEqual([]);
  });
});

describe('a list that is only fetched', () => {
  const OVER = { 'Subscription-State': 'terminated;reason=timeout' };
  const fetched = (bench: ListBench): readonly Sent<SipRequest>[] => {
    const outcome = bench.subscribe({ Expires: '0' });
    expect([outcome.statuses, told(outcome)]).toEqual([[], []]);
    return outcome.requests;
  };
  it('is told when its members have been asked, once too, and have answered', () => {
    const bench = new ListBench();
    const asked = fetched(bench);
    expect(asked.map(({ message }) => [message.uri, message.headers.get('Expires')])).toEqual([
      [JANE, '0'],
      [RICHARD, '0'],
    ]);
    bench.answer(asked[0] as Sent<SipRequest>, 200, [['Expires', '0']], 'ps');
    expect(told(bench.says(asked[0], pidf('open'), OVER))).toEqual([]);
    const last = bench.answer(asked[1] as Sent<SipRequest>, 403);
    expect(last.statuses).toEqual([200]);
    expect(last.request('NOTIFY').message.headers.get('Subscription-State')).toBe('terminated;reason=timeout');
    expect(listIn(last)).toMatchObject({ version: 0, fullState: true });
    expect(instancesIn(listIn(last))).toEqual([
      [JANE, 'active', undefined],
      [RICHARD, 'terminated', 'rejected'],
    ]);
    // Nothing stays behind, and nobody is asked again.
    bench.answer(last.request('NOTIFY'), 200);
    expect(bench.advance(200).methods).toEqual([]);
    expect([bench.rows('What is known of members'), bench.rows('Watched')]).toEqual([[], []]);
  });
  it('is told after a second without those who have not answered', () => {
    const bench = new ListBench();
    const asked = fetched(bench);
    bench.says(asked[0], pidf('open'), OVER);
    const late = bench.advance(1);
    expect(late.statuses).toEqual([200]);
    expect(instancesIn(listIn(late))).toEqual([
      [JANE, 'active', undefined],
      [RICHARD, undefined, undefined],
    ]);
    bench.answer(late.request('NOTIFY'), 200);
    expect(bench.says(asked[1], pidf('open', RICHARD), OVER)).toMatchObject({ statuses: [200], methods: [] });
  });
  it('says of a member that has answered without a state that it was no more than asked', () => {
    const bench = new ListBench();
    const asked = fetched(bench);
    bench.says(asked[0], undefined, OVER);
    const last = bench.says(asked[1], pidf('closed', RICHARD), OVER);
    expect(instancesIn(listIn(last))).toEqual([
      [JANE, 'terminated', 'timeout'],
      [RICHARD, 'active', undefined],
    ]);
  });
  it('by somebody who may not have it is refused, and nobody is asked', () => {
    const outcome = new ListBench().subscribe({ Expires: '0', 'P-Asserted-Identity': '<sip:other@home1.net>' });
    expect([outcome.statuses, outcome.methods]).toEqual([[403], []]);
  });
});

describe('one subscription and another', () => {
  it('peers C10: have versions and back-ends of their own', () => {
    const bench = new ListBench();
    const one = bench.watched();
    bench.says(one.asked[0], pidf('open'));
    bench.answer(bench.advance(5).request('NOTIFY'), 200);
    const other = bench.watched();
    expect(listIn(other.outcome)).toMatchObject({ version: 0, fullState: true });
    // RFC 4662 §7.2: what one was told says nothing about what the other may see.
    expect(instancesIn(listIn(other.outcome))[0]).toEqual([JANE, undefined, undefined]);
    expect(other.asked).toHaveLength(2);
  });
});

describe('a refresh and the end', () => {
  const within = (outcome: Outcome, cseq: number, expires: string): Fields => {
    const { headers } = outcome.response(200).message;
    return { From: headers.get('From'), To: headers.get('To'), 'Call-ID': headers.get('Call-ID'), CSeq: `${cseq + 100_000} SUBSCRIBE`, Expires: expires };
  };
  it('peers C10: a refresh is answered with the whole list, and no member is asked anew', () => {
    const bench = new ListBench();
    const { outcome, asked } = bench.watched();
    bench.says(asked[0], pidf('open'));
    bench.answer(bench.advance(5).request('NOTIFY'), 200);
    const refreshed = bench.subscribe(within(outcome, 1, '7200'));
    expect(refreshed.methods).toEqual(['NOTIFY']);
    expect(listIn(refreshed)).toMatchObject({ version: 2, fullState: true });
    expect(instancesIn(listIn(refreshed))).toEqual([
      [JANE, 'active', undefined],
      [RICHARD, undefined, undefined],
    ]);
  });
  it.each(['the watcher', 'time', 'a failed NOTIFY'])('by %s ends the subscriptions to members too', (by) => {
    const bench = new ListBench();
    const outcome = bench.subscribe(by === 'time' ? { Expires: '60' } : {});
    const asked = outcome.requests.filter(({ message }) => message.method === 'SUBSCRIBE');
    if (by !== 'a failed NOTIFY') bench.answer(outcome.request('NOTIFY'), 200);
    bench.answer(asked[0] as Sent<SipRequest>, 200, [['Expires', '7200']], 'ps');
    bench.says(asked[0], pidf('open'));
    const end =
      by === 'the watcher' ? bench.subscribe(within(outcome, 1, '0')) : by === 'time' ? bench.advance(61) : bench.answer(outcome.request('NOTIFY'), 481);
    const stopped = end.requests.filter(({ message }) => message.method === 'SUBSCRIBE' && message.headers.get('Expires') === '0');
    expect(stopped.map(({ message }) => uriIn(message.headers.get('To')))).toContain(JANE);
    // Nothing stays behind.
    for (const sent of [...stopped]) bench.answer(sent, 200, [['Expires', '0']], 'ps');
    bench.says(asked[0], undefined, { 'Subscription-State': 'terminated;reason=timeout' }, 2);
    bench.advance(200);
    expect(bench.rows('What is known of members')).toEqual([]);
    expect(bench.rows('Watched')).toEqual([]);
  });
});

const uriIn = (value: string | undefined): string => /<(.*?)>/.exec(value ?? '')?.[1] ?? '';

it('a list that belongs to nobody is asked for past every S-CSCF, at the entry of the network of its member (TS 24.229 §5.7)', () => {
  const identity = 'sip:team@home2.net';
  const bench = new EntityBench('rls2', { network: { with: ['rls2'], lists: [{ at: 'rls2', identity, members: [{ uri: JANE }] }] } });
  const fields = {
    Event: 'presence',
    Supported: 'eventlist',
    Accept: 'application/rlmi+xml, multipart/related, application/pidf+xml',
    Contact: '<sip:a@b.net>',
  };
  const outcome = bench.deliver(sipRequest('SUBSCRIBE', identity, { ...fields, 'P-Asserted-Identity': `<${OWNER}>` }), bench.at('icscf2'));
  const asked = outcome.requests.filter(({ message }) => message.method === 'SUBSCRIBE');
  expect(asked.map(({ message, remote }) => [message.uri, message.headers.has('Route'), remote.address])).toEqual([[JANE, false, bench.at('icscf2').address]]);
});

describe('a list on the list', () => {
  it('of the same server is a part of its own, with versions of its own', () => {
    const inner = 'sip:user1_list2@home1.net';
    const bench = new ListBench([
      { at: 'rls1', identity: LIST, owner: 'ue1', members: [{ uri: JANE }, { uri: inner }] },
      { at: 'rls1', identity: inner, owner: 'ue1', members: [{ uri: RICHARD }] },
    ]);
    const { outcome, asked } = bench.watched();
    expect(asked.map(({ message }) => message.uri)).toEqual([JANE, RICHARD]);
    expect(listIn(outcome).resources[1]?.instances[0]?.body).toMatchObject({ kind: 'list', list: { uri: inner, version: 0, fullState: true } });
    bench.says(asked[1], pidf('open', RICHARD));
    const later = listIn(bench.advance(5));
    expect(later.resources.map(({ uri }) => uri)).toEqual([inner]);
    expect(later.resources[0]?.instances[0]?.body).toMatchObject({ kind: 'list', list: { version: 1, fullState: false } });
  });
  it('of another server is asked for with a hop less, so that no circle of servers goes on for ever', () => {
    const { asked } = new ListBench().watched({ 'Max-Forwards': '3' });
    expect(asked.map(({ message }) => message.headers.get('Max-Forwards'))).toEqual(['2', '2']);
  });
});
