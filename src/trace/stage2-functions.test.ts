/** Who plays which function, told by what he does: cases that the networks of the catalog do not have. */
import { describe, expect, it } from 'vitest';
import type { SipFacts } from './message-facts.ts';
import type { EntityKind, TraceEntity } from './record.ts';
import { Casting, type Place } from './stage2-functions.ts';

const entity = (kind: EntityKind, id: string, network: string, home = network): TraceEntity => ({
  id,
  kind,
  network,
  home,
  label: id.toUpperCase(),
  addresses: [],
});
const sip = (method: string, more: Partial<SipFacts> = {}): SipFacts => ({
  method,
  status: undefined,
  callId: 'c',
  cseq: 1,
  fromTag: 'a',
  toTag: undefined,
  event: 'presence',
  expires: 3600,
  state: undefined,
  stateReason: undefined,
  stateExpires: undefined,
  ...more,
});

/** The holders along a way, the first at its origin. */
function way(casting: Casting, facts: SipFacts, entities: readonly TraceEntity[]): readonly string[] {
  const [first, ...others] = entities;
  let place: Place | undefined = first && casting.origin(first, facts);
  const holders = [place?.holder ?? ''];
  for (const each of others) {
    if (place === undefined) break;
    place = casting.arrival(place, each, facts);
    holders.push(place.holder);
  }
  return holders;
}

const ue = entity('ue', 'ue', 'v', 'h');
const other = entity('ue', 'other', 'h');
const p = entity('p-cscf', 'p', 'v');
const s = entity('s-cscf', 's', 'h');
const i = entity('i-cscf', 'i', 'h');
const ps = entity('presence-server', 'ps', 'h');

describe('casting', () => {
  it('one S-CSCF that serves both users plays both proxies, one after the other', () => {
    const casting = new Casting();
    expect(way(casting, sip('SUBSCRIBE'), [ue, p, s, i, s, ps])).toEqual(['watcher/ue', 'wpp/h', 'wpp/h', 'ppp/h', 'ppp/h', 'presence-server/ps']);
    expect(way(casting, sip('NOTIFY', { fromTag: 'b', toTag: 'a' }), [ps, s, p, ue])).toEqual(['presence-server/ps', 'wpp/h', 'wpp/h', 'watcher/ue']);
    expect(casting.functions().map(({ label, members }) => [label, members])).toEqual([
      ['Watcher', ['ue']],
      ['WPP', ['p', 's']],
      ['PPP', ['i', 's']],
      ['PS', ['ps']],
    ]);
  });

  it('a service identity: the I-CSCF alone is the proxy of the presentity', () => {
    expect(way(new Casting(), sip('SUBSCRIBE'), [ue, p, s, i, ps])).toEqual(['watcher/ue', 'wpp/h', 'wpp/h', 'ppp/h', 'presence-server/ps']);
  });

  it('a publication stays with its PUA until somebody looks for the server', () => {
    expect(way(new Casting(), sip('PUBLISH'), [ue, p, s, ps])).toEqual(['pua/ue', 'pua/ue', 'ppp/h', 'presence-server/ps']);
  });

  it('who asks for the list of his own watchers does so as a PUA', () => {
    const casting = new Casting();
    expect(way(casting, sip('SUBSCRIBE', { event: 'presence.winfo' }), [ue, p, s, ps])).toEqual(['pua/ue', 'pua/ue', 'ppp/h', 'presence-server/ps']);
    expect(way(casting, sip('NOTIFY', { event: 'presence.winfo', toTag: 'a' }), [ps, s, p, ue])).toEqual(['presence-server/ps', 'ppp/h', 'ppp/h', 'pua/ue']);
  });

  it('two of a kind say whose they are; one user may be watcher and PUA', () => {
    const casting = new Casting();
    way(casting, sip('SUBSCRIBE'), [ue, p, s, i, s, ps]);
    way(casting, sip('SUBSCRIBE', { callId: 'd' }), [other, p, s, i, s, ps]);
    way(casting, sip('PUBLISH'), [ue, p, s, ps]);
    expect(casting.functions().map(({ label }) => label)).toEqual(['Watcher UE', 'Watcher OTHER', 'WPP', 'PPP', 'PS', 'PUA']);
  });
});
