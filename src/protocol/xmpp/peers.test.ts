import { describe, expect, it } from 'vitest';
import { createKeyedChance } from '#base/chance.ts';
import type { Effect, SendEffect } from '#base/machine.ts';
import { type SimTime, START } from '#base/time.ts';
import { decodeUtf8, encodeUtf8 } from '#base/utf8.ts';
import { type XmppEvent, XmppPeers } from './peers.ts';
import type { Presence } from './stanza.ts';
import { formatStreamHeader } from './stream-text.ts';

const A = '192.0.2.1';
const B = '192.0.2.2';
// Domains that are addresses need no DNS.
const peersAt = (address: string): XmppPeers =>
  new XmppPeers({ domains: [address], address, dns: { address: '192.0.2.53', port: 53 }, chance: createKeyedChance(1, address) });
const subscribe = (from: string, to: string): Presence => ({
  kind: 'presence',
  from: { local: 'a', domain: from },
  to: { local: 'b', domain: to },
  type: 'subscribe',
});

/** Carries everything between the two until nobody says anything more. */
class Pair {
  readonly peers = new Map([
    [A, peersAt(A)],
    [B, peersAt(B)],
  ]);
  readonly heard: { readonly at: string; readonly event: XmppEvent }[] = [];
  readonly ladder: string[] = [];
  readonly clauses: string[] = [];

  at(address: string): XmppPeers {
    const peers = this.peers.get(address);
    if (peers === undefined) throw new Error(address);
    return peers;
  }

  say(stanza: Presence): void {
    const out: Effect[] = [];
    for (const event of this.at(stanza.from.domain).send(stanza, [], START, out)) this.heard.push({ at: stanza.from.domain, event });
    this.carry(out);
  }

  carry(effects: readonly Effect[]): void {
    const queue = effects.filter((effect): effect is SendEffect => effect.kind === 'send');
    for (let send = queue.shift(); send !== undefined; send = queue.shift()) {
      this.clauses.push(...send.notes.flatMap(({ clause }) => clause ?? []));
      this.ladder.push(`${send.local.address === A ? 'A' : 'B'} > ${send.remote.address === A ? 'A' : 'B'}: ${send.label}`);
      const out: Effect[] = [];
      const input = { kind: 'bytes', bytes: send.bytes, transport: 'tcp', local: send.remote, remote: send.local } as const;
      expect(this.at(send.remote.address).takes(input)).toBe(true);
      for (const event of this.at(send.remote.address).receive(input, START, out)) this.heard.push({ at: send.remote.address, event });
      this.clauses.push(...out.flatMap((effect) => (effect.kind === 'note' ? (effect.note.clause ?? []) : [])));
      queue.push(...out.filter((effect): effect is SendEffect => effect.kind === 'send'));
    }
  }
}

/** What a peer that sends these texts on one connection is answered. */
function answersTo(...texts: readonly string[]): { readonly answers: readonly string[]; readonly events: readonly XmppEvent[] } {
  const peers = peersAt(B);
  const out: Effect[] = [];
  const events = texts.flatMap((text) =>
    peers.receive(
      { kind: 'bytes', bytes: encodeUtf8(text), transport: 'tcp', local: { address: B, port: 5269 }, remote: { address: A, port: 40_000 } },
      START,
      out,
    ),
  );
  return { answers: out.flatMap((effect) => (effect.kind === 'send' ? [decodeUtf8(effect.bytes)] : [])), events };
}
const HEADER = formatStreamHeader({ from: A, to: B });

describe('two domains', () => {
  it('open a stream each way, once, and say things over it in order', () => {
    const pair = new Pair();
    pair.say(subscribe(A, B));
    pair.say({ ...subscribe(A, B), type: 'probe' });
    pair.say(subscribe(B, A));
    expect(pair.ladder).toEqual([
      'A > B: stream',
      'B > A: stream',
      'B > A: stream features',
      'A > B: presence subscribe',
      'A > B: presence probe',
      'B > A: stream',
      'A > B: stream',
      'A > B: stream features',
      'B > A: presence subscribe',
    ]);
    expect(pair.heard.map(({ at, event }) => `${at} ${event.kind} ${event.stanza.type ?? ''}`)).toEqual([
      `${B} presence subscribe`,
      `${B} presence probe`,
      `${A} presence subscribe`,
    ]);
    expect(pair.at(A).viewStates()).toEqual([{ machine: 'XMPP stream', key: `${A} to ${B}`, state: 'open' }]);
  });

  it('open it by a header each way, features with nothing in them, and only then the stanzas (RFC 6120 §9.2.1, §9.2.2, §9.2.3)', () => {
    const pair = new Pair();
    pair.say(subscribe(A, B));
    expect(pair.ladder).toEqual(['A > B: stream', 'B > A: stream', 'B > A: stream features', 'A > B: presence subscribe']);
    expect(pair.clauses.filter((clause) => clause.startsWith('RFC 6120 §9.2'))).toEqual([
      'RFC 6120 §9.2.1',
      'RFC 6120 §9.2.1',
      'RFC 6120 §9.2.2',
      'RFC 6120 §9.2.3',
    ]);
  });

  it('give up when the other one is silent, or cannot be reached', () => {
    for (const way of ['silence', 'transport'] as const) {
      const peers = peersAt(A);
      const out: Effect[] = [];
      expect(peers.send(subscribe(A, B), [], START, out)).toEqual([]);
      const later = 10_000_000 as SimTime;
      expect(peers.deadline()).toBe(later);
      const events = way === 'silence' ? peers.fire(later, out) : peers.transportFailed({ address: B, port: 5269 }, START, out);
      expect(events).toMatchObject([{ kind: 'undelivered', why: way === 'silence' ? 'no-answer' : 'unreachable' }]);
      expect(peers.deadline()).toBeUndefined();
    }
  });
});

describe('a stream from somebody', () => {
  it.each<[string, string]>([
    ['host-unknown', formatStreamHeader({ from: A, to: 'elsewhere.org' })],
    ['improper-addressing', formatStreamHeader({ from: 'a b', to: B })],
    ['unsupported-version', HEADER.replace("version='1.0' xmlns", "version='0.9' xmlns")],
    ['invalid-namespace', HEADER.replace('jabber:server', 'jabber:client')],
    ['restricted-xml', `${HEADER}<!-- x -->`],
    ['invalid-from', `${HEADER}<presence from='a@elsewhere.org' to='b@${B}'/>`],
    ['host-unknown', `${HEADER}<presence from='a@${A}' to='b@elsewhere.org'/>`],
    ['improper-addressing', `${HEADER}<presence from='a@${A}'/>`],
    ['invalid-from', `<presence/>${HEADER}`],
  ])('is ended: %s', (condition, text) => {
    const { answers, events } = answersTo(text);
    if (!text.startsWith('<presence')) expect(answers.at(-1)).toContain(`<${condition} xmlns=`);
    else expect(answers.at(-1)).toContain('<stream:error>');
    expect(events).toEqual([]);
  });

  it('is not ended by what has no meaning here: that is answered by an error, and an error or a result by nothing', () => {
    const peers = peersAt(B);
    const from = `from='a@${A}' to='b@${B}'`;
    const iq = `<iq ${from} id='1'`;
    const deliver = (text: string): readonly XmppEvent[] =>
      peers.receive(
        { kind: 'bytes', bytes: encodeUtf8(text), transport: 'tcp', local: { address: B, port: 5269 }, remote: { address: A, port: 40_000 } },
        START,
        [],
      );
    deliver(HEADER);
    const asked = deliver(`${iq} type='get'><ping xmlns='urn:xmpp:ping'/></iq><message ${from}><body>hi</body></message><presence ${from} type='levitate'/>`);
    const told = deliver(`${iq} type='result'/><message ${from} type='error'/><presence ${from}/>`);
    expect(asked).toEqual([]);
    expect(told).toMatchObject([{ kind: 'presence' }]);
    // Three answers wait for the stream that carries them.
    expect(peers.viewTable().rows).toContainEqual([B, A, 'opening', '3']);
  });

  it('that ends is ended here too', () => {
    expect(answersTo(HEADER, '</stream:stream>').answers.at(-1)).toBe('</stream:stream>');
  });
});
