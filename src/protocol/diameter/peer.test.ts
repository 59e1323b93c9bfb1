import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createKeyedChance } from '#base/chance.ts';
import type { Effect, Endpoint, SendEffect } from '#base/machine.ts';
import { after, seconds, START, type SimTime } from '#base/time.ts';
import { AVP, numberAvp, textAvp } from './avp.ts';
import { buildCapabilitiesExchangeRequest } from './capabilities.ts';
import { CX_APPLICATION } from './command.ts';
import { buildLocationInfoAnswer, buildLocationInfoRequest, readLocationInfoAnswer } from './cx.ts';
import { encodeDiameterMessage, parseDiameterMessage, type DiameterMessage } from './message.ts';
import { DiameterPeers, type DiameterEvent } from './peer.ts';
import { RESULT, resultOf } from './result.ts';

const at = (s: number): SimTime => after(START, seconds(s));
const ICSCF: Endpoint = { address: '2001:db8:2::30', port: 3868 };
const HSS: Endpoint = { address: '2001:db8:2::40', port: 3868 };
const SERVER = { host: 'hss2.home2.net', endpoint: HSS };
const head = {
  sessionId: 's;1;2',
  originHost: 'icscf2-s.home2.net',
  originRealm: 'home2.net',
  destinationHost: 'hss2.home2.net',
  destinationRealm: 'home2.net',
};
const LIR = buildLocationInfoRequest({ ...head, publicIdentity: 'sip:user2_public1@home2.net' });

const parsed = (effect: Effect | undefined): DiameterMessage => {
  const message = parseDiameterMessage((effect as SendEffect).bytes);
  if (message.kind !== 'diameter') throw new Error(message.fault);
  return message;
};
const sends = (out: readonly Effect[]): SendEffect[] => out.filter((effect): effect is SendEffect => effect.kind === 'send');
const labels = (out: readonly Effect[]): string[] => sends(out).map((effect) => effect.label);
const notes = (out: readonly Effect[]): string[] => out.flatMap((effect) => (effect.kind === 'note' ? [effect.note.reason] : []));

/** An I-CSCF and an HSS with a wire between them that carries only what it is told to. */
function createPair(hssHost = 'hss2.home2.net') {
  const icscf = new DiameterPeers<string>({ host: 'icscf2-s.home2.net', realm: 'home2.net', local: ICSCF, chance: createKeyedChance(1, 'icscf') });
  const hss = new DiameterPeers<string>({ host: hssHost, realm: 'home2.net', local: HSS, chance: createKeyedChance(1, 'hss') });
  const toHss = (bytes: Uint8Array, out: Effect[], now = START): DiameterEvent<string>[] =>
    hss.receive({ kind: 'bytes', bytes, transport: 'sctp', local: HSS, remote: ICSCF, connection: 'c1' }, now, out);
  const toIcscf = (bytes: Uint8Array, out: Effect[], now = START): DiameterEvent<string>[] =>
    icscf.receive({ kind: 'bytes', bytes, transport: 'sctp', local: ICSCF, remote: HSS, connection: 'c1' }, now, out);
  /** Exchanges capabilities; the given request is then at the HSS. */
  const open = (user = 'first', request = LIR): DiameterEvent<string>[] => {
    const sent: Effect[] = [];
    icscf.request(request, SERVER, user, [], START, sent);
    const answered: Effect[] = [];
    toHss((sends(sent)[0] as SendEffect).bytes, answered);
    const queued: Effect[] = [];
    toIcscf((sends(answered)[0] as SendEffect).bytes, queued);
    return sends(queued).flatMap((effect) => toHss(effect.bytes, answered));
  };
  return { icscf, hss, toHss, toIcscf, open };
}

describe('a client', () => {
  it('exchanges capabilities on first use, then sends what waited, then goes without', () => {
    const { icscf, toHss, toIcscf } = createPair();
    const out: Effect[] = [];
    icscf.request(LIR, SERVER, 'one', [], START, out);
    icscf.request(LIR, SERVER, 'two', [], START, out);
    expect(labels(out)).toEqual(['CER']);
    expect(sends(out)[0]).toMatchObject({
      transport: 'sctp',
      protocol: 'Diameter',
      local: ICSCF,
      remote: HSS,
      notes: [{ op: 'added', clause: 'RFC 6733 §5.3' }],
    });
    expect(parsed(sends(out)[0])).toMatchObject({ request: true, proxiable: false, command: 257, application: 0 });
    const answer: Effect[] = [];
    expect(toHss((sends(out)[0] as SendEffect).bytes, answer)).toEqual([]);
    expect(labels(answer)).toEqual(['CEA']);
    const released: Effect[] = [];
    toIcscf((sends(answer)[0] as SendEffect).bytes, released);
    expect(labels(released)).toEqual(['LIR', 'LIR']);
    expect(released[0]).toEqual({
      kind: 'emit',
      event: { kind: 'state', machine: 'diameter peer', key: 'hss2.home2.net', from: 'Wait-CEA', on: 'CEA accepted', to: 'Open' },
    });
    const [first, second] = sends(released).map(parsed);
    expect(first?.hopByHop).not.toBe(second?.hopByHop);
    expect(first?.endToEnd).not.toBe(second?.endToEnd);
    const later: Effect[] = [];
    icscf.request(LIR, SERVER, 'three', [], START, later);
    expect(labels(later)).toEqual(['LIR']);
    expect(icscf.viewPeers().rows).toEqual([['hss2.home2.net', '2001:db8:2::40 port 3868', 'Open', '3']]);
  });

  it('gives each answer to whom asked, by its hop-by-hop id', () => {
    const { icscf, hss, toHss, toIcscf, open } = createPair();
    const out: Effect[] = [];
    const events = open('one');
    icscf.request(LIR, SERVER, 'two', [], START, out);
    events.push(...toHss((sends(out)[0] as SendEffect).bytes, []));
    const answers: Effect[] = [];
    for (const event of events.reverse()) {
      if (event.kind !== 'request') throw new Error('no request');
      expect(event.flow).toEqual({ local: HSS, remote: ICSCF, connection: 'c1' });
      const answer = buildLocationInfoAnswer(event.message, {
        originHost: 'hss2.home2.net',
        originRealm: 'home2.net',
        result: RESULT.success,
        serverName: 'sip:scscf2.home2.net',
      });
      hss.respond(event, answer, [], START, answers);
    }
    const users = sends(answers).flatMap((effect) =>
      toIcscf(effect.bytes, []).map((event) => event.kind === 'answer' && [event.user, readLocationInfoAnswer(event.message).kind]),
    );
    expect(users).toEqual([
      ['two', 'LIA'],
      ['one', 'LIA'],
    ]);
    expect(icscf.deadline()).toBeUndefined();
    // The same answer once more answers nothing.
    const again: Effect[] = [];
    expect(toIcscf((sends(answers)[0] as SendEffect).bytes, again)).toEqual([]);
    expect(notes(again)).toEqual(['The LIA answers nothing that was asked.']);
  });

  it('gives up after 6 s without an answer, and without a CEA', () => {
    const pair = createPair();
    pair.open('waiting');
    expect(pair.icscf.deadline()).toBe(at(6));
    const out: Effect[] = [];
    const [lost] = pair.icscf.fire(at(6), out);
    expect(lost).toMatchObject({ kind: 'no-answer', user: 'waiting', message: { command: 302 } });
    expect(notes(out)).toEqual(['The peer hss2.home2.net did not answer the LIR within 6 s.']);

    const { icscf } = createPair();
    const sent: Effect[] = [];
    icscf.request(LIR, SERVER, 'one', [], START, sent);
    icscf.request(LIR, SERVER, 'two', [], at(1), sent);
    expect(icscf.viewTimers()).toEqual([{ name: 'Diameter answer', subject: 'CER to hss2.home2.net', firesAt: at(6) }]);
    expect(icscf.fire(at(6), sent)).toEqual([
      { kind: 'no-answer', user: 'one' },
      { kind: 'no-answer', user: 'two' },
    ]);
    expect(icscf.deadline()).toBeUndefined();
    // The next use begins anew.
    const anew: Effect[] = [];
    icscf.request(LIR, SERVER, 'three', [], at(7), anew);
    expect(labels(anew)).toEqual(['CER']);
  });

  it('repeats a request, marked and with its end-to-end id, when it is told to', () => {
    const { icscf, open } = createPair();
    const [asked] = open('one');
    const [lost] = icscf.fire(at(6), []);
    if (asked?.kind !== 'request' || lost?.kind !== 'no-answer' || lost.message === undefined) throw new Error('nothing was lost');
    const out: Effect[] = [];
    icscf.request({ ...lost.message, retransmitted: true }, SERVER, 'again', [], at(6), out);
    const { hopByHop, ...repeated } = parsed(sends(out)[0]);
    expect(repeated).toMatchObject({ retransmitted: true, endToEnd: asked.message.endToEnd, avps: asked.message.avps });
    expect(hopByHop).not.toBe(asked.message.hopByHop);
  });

  it('a broken association answers nobody, and the next request begins anew', () => {
    const { icscf, open } = createPair();
    open('one');
    expect(icscf.transportFailed(HSS, at(1), [])).toMatchObject([{ kind: 'no-answer', user: 'one' }]);
    const out: Effect[] = [];
    icscf.request(LIR, SERVER, 'two', [], at(1), out);
    expect(labels(out)).toEqual(['CER']);
  });

  it('does not take somebody else for its server', () => {
    const { icscf, toHss, toIcscf } = createPair('hss9.home2.net');
    const out: Effect[] = [];
    icscf.request(LIR, SERVER, 'one', [], START, out);
    const answer: Effect[] = [];
    toHss((sends(out)[0] as SendEffect).bytes, answer);
    const after: Effect[] = [];
    expect(toIcscf((sends(answer)[0] as SendEffect).bytes, after)).toEqual([{ kind: 'no-answer', user: 'one' }]);
    expect(icscf.viewStates()).toEqual([{ machine: 'diameter peer', key: 'hss2.home2.net', state: 'Closed' }]);
  });
});

describe('a server', () => {
  const base = (command: number): DiameterMessage => ({
    ...LIR,
    command,
    application: 0,
    proxiable: false,
    avps: [textAvp(AVP.originHost, 'icscf2-s.home2.net'), textAvp(AVP.originRealm, 'home2.net')],
  });
  const resultFrom = (out: readonly Effect[]): unknown => resultOf(parsed(sends(out)[0]).avps);

  it('takes nothing before capabilities are exchanged', () => {
    const { toHss } = createPair();
    const out: Effect[] = [];
    expect(toHss(encodeDiameterMessage(LIR), out)).toEqual([]);
    expect(sends(out)).toEqual([]);
    expect(notes(out)).toEqual(['The LIR comes before any exchange of capabilities.']);
  });

  it('refuses a peer that does not speak Cx (5010)', () => {
    const { toHss, hss } = createPair();
    const out: Effect[] = [];
    const cer = buildCapabilitiesExchangeRequest({ originHost: 'other', originRealm: 'home2.net', address: '192.0.2.1', application: CX_APPLICATION });
    toHss(encodeDiameterMessage({ ...cer, avps: cer.avps.map((avp) => (avp.code === 260 ? numberAvp(AVP.authApplicationId, 4) : avp)) }), out);
    expect(resultFrom(out)).toEqual(RESULT.noCommonApplication);
    expect(hss.viewPeers().rows).toEqual([]);
  });

  it('answers a watchdog, and a goodbye, after which the peer is closed', () => {
    const { toHss, open } = createPair();
    open();
    const out: Effect[] = [];
    toHss(encodeDiameterMessage(base(280)), out);
    expect([labels(out), resultFrom(out)]).toEqual([['DWA'], RESULT.success]);
    const goodbye: Effect[] = [];
    toHss(encodeDiameterMessage(base(282)), goodbye);
    expect([labels(goodbye), resultFrom(goodbye)]).toEqual([['DPA'], RESULT.success]);
    expect(toHss(encodeDiameterMessage(LIR), [])).toEqual([]);
  });

  it.each<[string, DiameterMessage, unknown]>([
    ['another application', { ...LIR, application: 4 }, RESULT.applicationUnsupported],
    ['another command', { ...LIR, command: 399 }, RESULT.commandUnsupported],
    ['another host', buildLocationInfoRequest({ ...head, destinationHost: 'hss1.home1.net', publicIdentity: 'sip:a@b' }), RESULT.unableToDeliver],
    ['another realm', buildLocationInfoRequest({ ...head, destinationRealm: 'home1.net', publicIdentity: 'sip:a@b' }), RESULT.realmNotServed],
  ])('answers a request for %s with the E bit', (_name, request, result) => {
    const { toHss, open } = createPair();
    open();
    const out: Effect[] = [];
    expect(toHss(encodeDiameterMessage(request), out)).toEqual([]);
    expect(parsed(sends(out)[0])).toMatchObject({ request: false, error: true, application: request.application, command: request.command });
    expect(resultFrom(out)).toEqual(result);
  });

  it('answers octets that lie when it is a request, and is silent to an answer', () => {
    const { toHss, open } = createPair();
    open();
    const bytes = encodeDiameterMessage(LIR);
    bytes[27] = 3;
    const out: Effect[] = [];
    expect(toHss(bytes, out)).toEqual([]);
    expect(resultFrom(out)).toEqual(RESULT.invalidAvpLength);
    bytes[4] = 0;
    const silent: Effect[] = [];
    toHss(bytes, silent);
    expect(sends(silent)).toEqual([]);
    expect(notes(silent).length).toBe(1);
  });

  it('stands whatever octets come, opened or not', () => {
    const mutated = fc.tuple(fc.nat(), fc.nat({ max: 255 }), fc.constantFrom(LIR, base(257), base(280), base(282))).map(([where, value, message]) => {
      const bytes = encodeDiameterMessage({ ...message, application: where % 3 === 0 ? CX_APPLICATION : message.application });
      bytes[where % bytes.length] = value;
      return bytes;
    });
    fc.assert(
      fc.property(fc.array(fc.oneof(mutated, fc.uint8Array({ maxLength: 64 })), { maxLength: 8 }), fc.boolean(), (datagrams, opened) => {
        const { toHss, toIcscf, icscf, open } = createPair();
        if (opened) open();
        for (const bytes of datagrams) {
          toHss(bytes, []);
          toIcscf(bytes, []);
        }
        for (let next = icscf.deadline(); next !== undefined; next = icscf.deadline()) icscf.fire(next, []);
      }),
    );
  });
});
