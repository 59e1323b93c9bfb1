/** An account at its server, and a contact in another domain who speaks real XMPP: what each wish and each stanza leads to (RFC 6121). */
import { assert, property, uint8Array } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createKeyedChance } from '#base/chance.ts';
import type { Effect, Intent } from '#base/machine.ts';
import type { Note } from '#base/note.ts';
import { START } from '#base/time.ts';
import { formatJid } from '#protocol/xmpp/jid.ts';
import { XmppPeers } from '#protocol/xmpp/peers.ts';
import type { Presence } from '#protocol/xmpp/stanza.ts';
import { XmppServer, type XmppServerConfig } from './xmpp-server.ts';

// Domains that are addresses need no DNS.
const HERE = '192.0.2.1';
const THERE = '192.0.2.2';
const DNS = '192.0.2.53';
const JULIET = `juliet@${HERE}`;
const ROMEO = `romeo@${THERE}`;

/** What was done with one wish or one stanza. */
interface Done {
  /** Stanzas that reached the other domain: `subscribe`, `presence juliet@…/balcony`. */
  readonly said: readonly string[];
  readonly notes: readonly Note[];
}

class Bench {
  readonly server: XmppServer;
  readonly #contact = new XmppPeers({ domains: [THERE], address: THERE, dns: { address: DNS, port: 53 }, chance: createKeyedChance(1, 'there') });

  constructor(approves: XmppServerConfig['approves'] = 'everybody') {
    const config = { domain: HERE, address: HERE, dns: DNS, account: 'juliet', resource: 'balcony', approves };
    this.server = new XmppServer(config, createKeyedChance(1, 'here'));
  }

  wish(kind: string, more: Intent | Readonly<Record<string, string | number>> = {}): Done {
    return this.#carry([...this.server.step({ kind: 'intent', intent: { ...more, kind } }, START)]);
  }
  /** Romeo says something; without a type he is there. */
  hear(type?: Presence['type'], said: Partial<Presence> = {}): Done {
    const out: Effect[] = [];
    const from = { local: 'romeo', domain: THERE, ...(type === undefined || type === 'unavailable' ? { resource: 'orchard' } : {}) };
    const to = { local: 'juliet', domain: HERE };
    this.#contact.send({ kind: 'presence', from, to, ...(type === undefined ? {} : { type }), ...said }, [], START, out);
    return this.#carry(out);
  }
  roster(): readonly (readonly string[])[] {
    return this.server.view().tables[0]?.rows ?? [];
  }

  #carry(effects: Effect[]): Done {
    const notes: Note[] = [];
    const said: string[] = [];
    for (const effect of effects) {
      if (effect.kind === 'note') notes.push(effect.note);
      if (effect.kind !== 'send') continue;
      const { bytes, local: remote, remote: local } = effect;
      const input = { kind: 'bytes', bytes, transport: 'tcp', local, remote } as const;
      if (local.address === HERE) effects.push(...this.server.step(input, START));
      else {
        notes.push(...effect.notes);
        for (const event of this.#contact.receive(input, START, effects)) said.push(`${event.stanza.type ?? 'presence'} ${formatJid(event.stanza.from)}`);
      }
    }
    return { said, notes };
  }
}

const clauses = ({ notes }: Done): readonly (string | undefined)[] => notes.map((note) => note.clause).filter((clause) => clause?.startsWith('RFC 6121'));

describe('watching a contact', () => {
  it('the wish becomes a request by the bare address, and the approval a line in the roster (RFC 6121 §3.1.3)', () => {
    const bench = new Bench();
    const asked = bench.wish('subscribe', { to: ROMEO });
    expect(asked.said).toEqual([`subscribe ${JULIET}`]);
    expect(clauses(asked)).toEqual(['RFC 6121 §3.1.3']);
    expect(bench.roster()).toEqual([[ROMEO, 'asked', 'none', '–']]);
    bench.hear('subscribed');
    expect(bench.roster()).toEqual([[ROMEO, 'sees', 'none', '–']]);
  });

  it('nothing that is said before the approval counts, and afterwards every resource counts until it goes (RFC 6121 §4.4.3)', () => {
    const bench = new Bench();
    bench.wish('subscribe', { to: ROMEO });
    bench.hear(undefined, { status: 'too early' });
    expect(bench.roster()[0]?.[3]).toBe('–');
    bench.hear('subscribed');
    expect(clauses(bench.hear(undefined, { show: 'away', status: 'in the orchard' }))).toEqual(['RFC 6121 §4.4.3']);
    expect(bench.roster()[0]?.[3]).toBe('away, "in the orchard"');
    bench.hear('unavailable');
    expect(bench.roster()[0]?.[3]).toBe('–');
  });

  it('the wish to see no more is told, and what was known is forgotten (RFC 6121 §2.5.2)', () => {
    const bench = new Bench();
    bench.wish('subscribe', { to: ROMEO });
    bench.hear('subscribed');
    bench.hear();
    const ended = bench.wish('unsubscribe', { to: ROMEO });
    expect(ended.said).toEqual([`unsubscribe ${JULIET}`]);
    expect(clauses(ended)).toEqual(['RFC 6121 §2.5.2']);
    expect(bench.roster()).toEqual([[ROMEO, 'none', 'none', '–']]);
    expect(bench.wish('unsubscribe', { to: ROMEO }).said).toEqual([]);
  });

  it('a session begins with a probe for everybody who is seen, and a person may ask once more (RFC 6121 §4.3.1)', () => {
    const bench = new Bench();
    expect(bench.wish('available').said).toEqual([]);
    bench.wish('subscribe', { to: ROMEO });
    bench.hear('subscribed');
    bench.wish('unavailable');
    const again = bench.wish('available');
    expect(again.said).toEqual([`probe ${JULIET}`]);
    expect(clauses(again)).toEqual(['RFC 6121 §4.3.1']);
    // Another state of the same session asks nobody.
    expect(bench.wish('available', { show: 'away' }).said).toEqual([]);
    expect(clauses(bench.wish('probe', { to: ROMEO }))).toEqual(['RFC 6121 §4.3.1']);
  });

  it.each([
    [{ to: 'nobody' }, 'RFC 7247 §6.4'],
    [{ to: THERE }, 'RFC 7247 §6.4'],
    [{}, 'RFC 7247 §6.4'],
  ])('no address of a person in %j: nothing is sent', (intent, clause) => {
    const done = new Bench().wish('subscribe', intent);
    expect([done.said, done.notes.map((note) => note.clause)]).toEqual([[], [clause]]);
  });
});

describe('being watched', () => {
  it('who approves everybody says so, and says at once how the account is, by the full address (RFC 6121 §3.1.5)', () => {
    const bench = new Bench();
    bench.wish('available', { status: 'on the balcony' });
    const done = bench.hear('subscribe');
    expect(done.said).toEqual([`subscribed ${JULIET}`, `presence ${JULIET}/balcony`]);
    expect(clauses(done)).toEqual(['RFC 6121 §3.1.5', 'RFC 6121 §3.1.5']);
    // Asked again, the answer is the same, and nothing else is (RFC 6121 §3.1.3).
    expect(bench.hear('subscribe').said).toEqual([`subscribed ${JULIET}`]);
  });

  it('who is offline is told of as unavailable, by the bare address', () => {
    expect(new Bench().hear('subscribe').said).toEqual([`subscribed ${JULIET}`, `unavailable ${JULIET}`]);
  });

  it('who approves nobody denies, and says nothing of the account (RFC 6121 §3.1.4)', () => {
    const bench = new Bench('nobody');
    bench.wish('available');
    const done = bench.hear('subscribe');
    expect(done.said).toEqual([`unsubscribed ${JULIET}`]);
    expect(clauses(done)).toEqual(['RFC 6121 §3.1.4']);
    expect(bench.wish('available', { show: 'dnd' }).said).toEqual([]);
  });

  it('who asks the person waits until it is decided, either way, and what was granted can be taken back (RFC 6121 §3.1.4, §3.1.5)', () => {
    const bench = new Bench('asks');
    expect(bench.hear('subscribe').said).toEqual([]);
    expect(bench.roster()).toEqual([[ROMEO, 'none', 'waiting', '–']]);
    expect(bench.wish('approve', { to: ROMEO }).said).toEqual([`subscribed ${JULIET}`, `unavailable ${JULIET}`]);
    expect(bench.wish('deny', { to: ROMEO }).said).toEqual([`unsubscribed ${JULIET}`]);
    expect(bench.wish('available').said).toEqual([]);
    expect(bench.wish('approve', { to: 'stranger@example.org' }).notes.map((note) => note.op)).toEqual(['rejected']);
  });

  it('every new state goes to those who see the account, and the last one says that nobody is there (RFC 6121 §4.4.3, §4.5.2)', () => {
    const bench = new Bench();
    bench.wish('available');
    bench.hear('subscribe');
    const away = bench.wish('available', { show: 'away' });
    expect([away.said, clauses(away)]).toEqual([[`presence ${JULIET}/balcony`], ['RFC 6121 §4.4.3']]);
    const gone = bench.wish('unavailable');
    expect([gone.said, clauses(gone)]).toEqual([[`unavailable ${JULIET}/balcony`], ['RFC 6121 §4.5.2']]);
    expect(bench.wish('unavailable').said).toEqual([]);
  });

  it('who does not want to see any more is told once that nobody is there, and then nothing (RFC 6121 §4.5.2)', () => {
    const bench = new Bench();
    bench.wish('available');
    bench.hear('subscribe');
    expect(bench.hear('unsubscribe').said).toEqual([`unavailable ${JULIET}`]);
    expect(bench.wish('available', { show: 'away' }).said).toEqual([]);
    expect(bench.hear('unsubscribe').said).toEqual([]);
  });

  it('a probe is answered to whom the account is shown, and denied to everybody else (RFC 6121 §4.3.2)', () => {
    const bench = new Bench();
    bench.wish('available');
    const denied = bench.hear('probe');
    expect([denied.said, clauses(denied)]).toEqual([[`unsubscribed ${JULIET}`], ['RFC 6121 §4.3.2']]);
    bench.hear('subscribe');
    expect(bench.hear('probe').said).toEqual([`presence ${JULIET}/balcony`]);
  });

  it('nobody else has an account here: a request for him is denied, his presence ignored', () => {
    const bench = new Bench();
    const nurse = { to: { local: 'nurse', domain: HERE } };
    expect(bench.hear('subscribe', nurse).said).toEqual([`unsubscribed nurse@${HERE}`]);
    expect(bench.hear(undefined, nurse).said).toEqual([]);
    expect(bench.roster()).toEqual([]);
  });
});

describe('what does not end', () => {
  it('the roster and the resources of a contact are bounded', () => {
    const bench = new Bench();
    for (let i = 0; i < 1100; i++) bench.wish('subscribe', { to: `friend${i}@${THERE}` });
    expect(bench.roster()).toHaveLength(1000);
    const other = new Bench();
    other.wish('subscribe', { to: ROMEO });
    other.hear('subscribed');
    for (let i = 0; i < 50; i++) other.hear(undefined, { from: { local: 'romeo', domain: THERE, resource: `r${i}` } });
    expect((other.roster()[0]?.[3] ?? '').split(';').length).toBeLessThanOrEqual(20);
  });

  it('any octets on its port are taken without a word too much', () => {
    const bench = new Bench();
    const at = { local: { address: HERE, port: 5269 }, remote: { address: THERE, port: 40_000 } };
    assert(
      property(uint8Array({ maxLength: 120 }), (bytes) => {
        bench.server.step({ kind: 'bytes', bytes, transport: 'tcp', ...at }, START);
      }),
    );
    expect(bench.roster()).toEqual([]);
  });
});
