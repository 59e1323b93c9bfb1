import { describe, expect, it } from 'vitest';
import type { SendEffect } from '#base/machine.ts';
import { encodeUtf8 } from '#base/utf8.ts';
import { formatReport } from '#presence/network-report/report.ts';
import { EntityBench, type Outcome } from '#testing/entity-bench.ts';

const USER = 'sip:user2_public1@home2.net';
const network = { with: ['pna' as const, 'msc2' as const, 'sgsn2' as const, 'ggsn2' as const, 'gmlc2' as const] };
const reports = (outcome: Outcome): readonly string[] => outcome.effects.flatMap((one) => (one.kind === 'send' ? [one.label] : []));

describe('a node that reports', () => {
  it('tells the agent of every event of a subscriber, and only of what can happen', () => {
    const bench = new EntityBench('msc2', { network });
    const wishes = ['begin-call', 'attach', 'begin-call', 'end-call', 'lose-coverage', 'attach', 'detach', 'end-call'];
    expect(wishes.map((kind) => reports(bench.wish({ kind, user: USER })))).toEqual([
      [],
      ['Pc report: attached'],
      ['Pc report: busy'],
      ['Pc report: attached'],
      ['Pc report: not-reachable'],
      ['Pc report: attached'],
      ['Pc report: detached'],
      [],
    ]);
  });

  it('knows only its own subscribers', () => {
    const bench = new EntityBench('sgsn2', { network });
    const outcome = bench.wish({ kind: 'attach', user: 'sip:user1_public1@home1.net' });
    expect(reports(outcome)).toEqual([]);
    expect(outcome.notes[0]).toMatchObject({ op: 'rejected' });
  });

  it('keeps silent where the operator has not switched reporting on', () => {
    const bench = new EntityBench('ggsn2', { network: { ...network, agent: { reports: ['Pc'] } } });
    expect(reports(bench.wish({ kind: 'activate-context', user: USER }))).toEqual([]);
    expect(bench.rows('Subscribers')[0]?.[4]).toBe('reporting is off');
  });

  it('tries a second time when the connection was gone, and then gives up', () => {
    const bench = new EntityBench('sgsn2', { network });
    const [sent] = bench.wish({ kind: 'attach', user: USER }).effects.filter((one): one is SendEffect => one.kind === 'send');
    const failed = { kind: 'transport-failed', transport: 'none', local: sent?.local ?? bench.at('sgsn2'), remote: sent?.remote ?? bench.at('pna') } as const;
    expect(reports(bench.step(failed))).toEqual(['Pg report: attached']);
    expect(reports(bench.step(failed))).toEqual([]);
  });
});

describe('a location centre', () => {
  const request = encodeUtf8(formatReport({ kind: 'request', point: 'Pl', number: 1, at: '2026-01-05T09:00:00Z', subscriber: '12125552222' }));

  it('tells nobody before it was asked, then at once and from then on', () => {
    const bench = new EntityBench('gmlc2', { network });
    expect(reports(bench.wish({ kind: 'locate', user: USER, place: 'Airport' }))).toEqual([]);
    expect(reports(bench.deliver(request, bench.at('pna', 0), 0, 'none'))).toEqual(['Pl report: located']);
    expect(reports(bench.wish({ kind: 'lose-sight', user: USER }))).toEqual(['Pl report: unknown']);
  });

  it('answers nobody but the agent, and nothing but a request', () => {
    const bench = new EntityBench('gmlc2', { network });
    expect(reports(bench.deliver(request, bench.at('msc2', 0), 0, 'none'))).toEqual([]);
    expect(reports(bench.deliver(encodeUtf8('where?'), bench.at('pna', 0), 0, 'none'))).toEqual([]);
    expect(reports(bench.deliver(new Uint8Array([0xff, 0xfe]), bench.at('pna', 0), 0, 'none'))).toEqual([]);
  });
});
