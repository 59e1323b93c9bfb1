import { describe, expect, it } from 'vitest';
import { decodeUtf8, encodeUtf8 } from '#base/utf8.ts';
import { formatReport, type NetworkReport, type ReportPoint } from '#presence/network-report/report.ts';
import { isPidfError, parsePidf } from '#presence/pidf/xml.ts';
import { formatReginfo } from '#presence/reginfo/document.ts';
import type { SipRequest } from '#protocol/sip/message.ts';
import type { Role } from '#scenario/scenario.ts';
import { EntityBench, type Outcome, type Sent, sipRequest } from '#testing/entity-bench.ts';

const JANE = 'sip:user2_public1@home2.net';
const network = { with: ['pna' as const, 'msc2' as const, 'sgsn2' as const, 'ggsn2' as const, 'gmlc2' as const] };
const ROLE_OF: Readonly<Record<ReportPoint, Role>> = { Pc: 'msc2', Pg: 'sgsn2', Pk: 'ggsn2', Pl: 'gmlc2' };

/** The agent, and what stands around it as far as a test needs it. */
class AgentBench extends EntityBench {
  #tags = 0;
  #reports = 0;

  constructor() {
    super('pna', { network });
  }

  register(fields: Readonly<Record<string, string | undefined>> = {}, from: Role = 'scscf2'): Outcome {
    const usual = { From: '<sip:scscf2.home2.net>;tag=s', To: `<${JANE}>`, Contact: '<sip:scscf2.home2.net>', Expires: '600000' };
    return this.deliver(sipRequest('REGISTER', 'sip:pna.home2.net', { ...usual, ...fields }), this.at(from));
  }

  /** Told of a registration, subscribed, and notified with this state. */
  told(state: 'active' | 'terminated' = 'active'): Outcome {
    const subscribe = this.register().request('SUBSCRIBE');
    this.answer(subscribe, 200, [['Expires', '600000']]);
    return this.notify(subscribe, state);
  }

  notify({ message }: Sent<SipRequest>, state: 'active' | 'terminated', body = reginfo(state)): Outcome {
    const over = state === 'terminated';
    return this.deliver(
      sipRequest(
        'NOTIFY',
        'sip:pna.home2.net',
        {
          From: `<${JANE}>;tag=notifier`,
          To: message.headers.get('From'),
          'Call-ID': message.headers.get('Call-ID'),
          Contact: '<sip:scscf2.home2.net>',
          Event: 'reg',
          'Subscription-State': over ? 'terminated;reason=noresource' : 'active;expires=600000',
          'Content-Type': 'application/reginfo+xml',
        },
        encodeUtf8(body),
      ),
      this.at('scscf2'),
    );
  }

  report(point: ReportPoint, state: string, more: Partial<NetworkReport> = {}, from: Role = ROLE_OF[point]): Outcome {
    const at = new Date(Date.parse('2026-01-05T09:00:00Z') + ++this.#reports * 1000).toISOString();
    const report = { kind: 'report' as const, point, number: this.#reports, at, subscriber: '12125552222', state, equipment: '001010123456710', ...more };
    return this.deliver(encodeUtf8(formatReport(report)), this.at(from, 0), 0, 'none');
  }

  accept(outcome: Outcome): void {
    for (const sent of outcome.requests)
      if (sent.message.method === 'PUBLISH')
        this.answer(sent, 200, [
          ['SIP-ETag', `tag${++this.#tags}`],
          ['Expires', '600'],
        ]);
  }
}

const reginfo = (state: 'active' | 'terminated'): string =>
  formatReginfo({
    version: 0,
    state: 'full',
    registrations: [JANE, 'tel:+12125552222'].map((aor, i) => ({
      aor,
      id: `r${i}`,
      state,
      contacts: [{ id: `c${i}`, uri: 'sip:[2001:db8:2::66]:1359', state, event: state === 'active' ? 'registered' : 'unregistered' }],
    })),
  });

const published = (outcome: Outcome): readonly SipRequest[] => outcome.requests.map(({ message }) => message).filter(({ method }) => method === 'PUBLISH');

function documentIn(request: SipRequest | undefined) {
  const document = parsePidf(decodeUtf8(request?.body ?? new Uint8Array(0)));
  if (isPidfError(document)) throw new Error(document.reason);
  return document;
}

describe('Pi', () => {
  it('a REGISTER is answered, and the registration subscribed to, once', () => {
    const bench = new AgentBench();
    const outcome = bench.register();
    expect(outcome.statuses).toEqual([200]);
    expect(outcome.response(200).message.headers.get('Contact')).toBe('<sip:scscf2.home2.net>;expires=600000');
    const subscribe = outcome.request('SUBSCRIBE').message;
    expect([subscribe.uri, subscribe.headers.get('Event'), subscribe.headers.get('Route'), subscribe.headers.get('P-Asserted-Identity')]).toEqual([
      JANE,
      'reg',
      '<sip:scscf2.home2.net;lr>',
      '<sip:pna.home2.net>',
    ]);
    expect(bench.register().methods).toEqual([]);
  });

  it('registered is published, straight to the presence server, in the name of the agent', () => {
    const bench = new AgentBench();
    const [publish] = published(bench.told());
    expect([publish?.uri, publish?.headers.get('Route'), publish?.headers.get('P-Asserted-Identity')]).toEqual([
      JANE,
      '<sip:ps.home2.net;lr>',
      '<sip:pna.home2.net>',
    ]);
    expect(documentIn(publish)).toMatchObject({ entity: JANE, tuples: [{ id: 'network-ims', basic: 'open' }] });
  });

  it('deregistered: the service at the SIP address is closed, until she is registered again', () => {
    const bench = new AgentBench();
    const subscribe = bench.register().request('SUBSCRIBE');
    bench.answer(subscribe, 200, [['Expires', '600000']]);
    bench.accept(bench.notify(subscribe, 'active'));
    const over = bench.notify(subscribe, 'terminated');
    const [change] = published(over);
    expect(change?.headers.get('SIP-If-Match')).toBe('tag1');
    expect(documentIn(change)).toMatchObject({ tuples: [{ id: 'network-ims', basic: 'closed', contact: { uri: JANE } }] });
    bench.accept(over);
    const [back] = published(bench.told());
    expect(documentIn(back)).toMatchObject({ tuples: [{ id: 'network-ims', basic: 'open', contact: { uri: JANE } }] });
  });

  it.each([
    ['no Contact', { Contact: undefined }, 'scscf2', 400],
    ['no Expires', { Expires: undefined }, 'scscf2', 400],
    ['nobody', { To: '<tel:+12125552222>' }, 'scscf2', 400],
    ['a user of another network', { To: '<sip:user1_public1@home1.net>' }, 'scscf2', 404],
    ['an extension that nobody knows', { Require: 'magic' }, 'scscf2', 420],
  ] as const)('a REGISTER with %s gets its answer and changes nothing', (_, fields, from, status) => {
    const bench = new AgentBench();
    const outcome = bench.register(fields, from);
    expect([outcome.statuses, outcome.methods]).toEqual([[status], []]);
    expect(bench.rows('Users of whom the S-CSCF has told')).toEqual([]);
  });

  it('a NOTIFY that cannot be read, or belongs to nothing, changes nothing', () => {
    const bench = new AgentBench();
    const subscribe = bench.register().request('SUBSCRIBE');
    bench.answer(subscribe, 200, [['Expires', '600000']]);
    bench.accept(bench.notify(subscribe, 'active'));
    for (const body of ['<reginfo', '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', reginfo('active').replace('active', 'asleep')])
      expect(published(bench.notify(subscribe, 'active', body))).toEqual([]);
    const stray = sipRequest('NOTIFY', 'sip:pna.home2.net', {
      To: '<sip:pna.home2.net>;tag=other',
      Event: 'reg',
      'Subscription-State': 'terminated',
      Contact: '<sip:a@b.c>',
    });
    expect(bench.deliver(stray, bench.at('scscf2')).statuses).toEqual([481]);
    expect(bench.rows('Users of whom the S-CSCF has told')[0]?.[2]).toBe('yes');
  });
});

describe('Ph', () => {
  const diameter = (outcome: Outcome): readonly string[] =>
    outcome.effects.flatMap((one) => (one.kind === 'send' && one.protocol === 'Diameter' ? [one.label] : []));

  it('the HSS is asked once for the number of a user', () => {
    const bench = new AgentBench();
    expect(diameter(bench.told())).toEqual(['CER', 'UDR']);
    expect(bench.rows('Users of whom the S-CSCF has told')[0]?.[3]).toBe('12125552222');
    expect(diameter(bench.register())).toEqual([]);
  });
});

describe('reports', () => {
  it('become presence information of the one whose number it is, a publication per source', () => {
    const bench = new AgentBench();
    bench.accept(bench.told());
    const said = [
      bench.report('Pc', 'busy'),
      bench.report('Pg', 'attached'),
      bench.report('Pk', 'context-active'),
      bench.report('Pl', 'located', { place: 'Airport', placeType: 'airport' }),
    ].map((outcome) => documentIn(published(outcome)[0]));
    expect(said).toMatchObject([
      { tuples: [{ id: 'network-telephone', basic: 'open', contact: { uri: 'tel:+12125552222' } }], persons: [{ activities: ['on-the-phone'] }] },
      { devices: [{ deviceId: 'urn:gsma:imei:00101012-345671-0', notes: ['Switched on'] }] },
      { tuples: [{ id: 'network-ip', basic: 'open', deviceId: 'urn:gsma:imei:00101012-345671-0' }] },
      { persons: [{ placeTypes: ['airport'], notes: ['Airport'] }] },
    ]);
  });

  it('change what the same source has published, and say nothing twice', () => {
    const bench = new AgentBench();
    bench.accept(bench.told());
    bench.accept(bench.report('Pc', 'attached'));
    expect(published(bench.report('Pc', 'attached'))).toEqual([]);
    const [change] = published(bench.report('Pc', 'detached'));
    expect(change?.headers.get('SIP-If-Match')).toBe('tag2');
    expect(documentIn(change)).toMatchObject({ tuples: [{ basic: 'closed', contact: { uri: 'tel:+12125552222' }, notes: ['Telephone: switched off'] }] });
  });

  it('about a number that nobody has are kept until somebody has it', () => {
    const bench = new AgentBench();
    expect(published(bench.report('Pc', 'attached'))).toEqual([]);
    expect(published(bench.told())).toHaveLength(2);
  });

  it('that say nothing to be shown are no publication, and the table says so', () => {
    const bench = new AgentBench();
    bench.accept(bench.told());
    expect(published(bench.report('Pl', 'located'))).toEqual([]);
    expect(bench.rows('What each source said last').map((row) => row[4])).toEqual(['published', 'none: it says nothing that watchers could be shown']);
  });

  it('that are older than what is known, come from the wrong place or cannot be read change nothing', () => {
    const bench = new AgentBench();
    bench.accept(bench.told());
    bench.accept(bench.report('Pc', 'busy'));
    const before = bench.rows('What each source said last');
    const late = bench.report('Pc', 'detached', { at: '2026-01-05T08:00:00.000Z' });
    const stranger = bench.report('Pc', 'detached', {}, 'sgsn2');
    const spoilt = bench.deliver(new Uint8Array([0xff, 0xfe, 0x00]), bench.at('msc2', 0), 0, 'none');
    for (const outcome of [late, stranger, spoilt]) {
      expect(outcome.effects.filter(({ kind }) => kind === 'send')).toEqual([]);
      expect(outcome.notes.some(({ op }) => op === 'rejected')).toBe(true);
    }
    expect(bench.rows('What each source said last')).toEqual(before);
  });

  it('are refused with the agent: it says so, and tries again with the next news', () => {
    const bench = new AgentBench();
    const outcome = bench.told();
    const [sent] = outcome.requests.filter(({ message }) => message.method === 'PUBLISH');
    if (sent === undefined) throw new Error('nothing was published');
    expect(bench.answer(sent, 403).notes.some(({ reason }) => reason.includes('403'))).toBe(true);
    expect(published(bench.report('Pc', 'busy'))).toHaveLength(1);
  });

  it('are refreshed before they run out', () => {
    const bench = new AgentBench();
    bench.accept(bench.told());
    const [refresh] = published(bench.advance(600));
    expect([refresh?.headers.get('SIP-If-Match'), refresh?.body.length]).toEqual(['tag1', 0]);
  });
});
