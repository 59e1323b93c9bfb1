import { describe, expect, it } from 'vitest';
import { computeRun } from '#testing/computed-run.ts';
import type { Trace } from '#trace/record.ts';
import { brokenAt, cutMark } from './broken.ts';
import { routeKey } from './layout-types.ts';
import { layoutNetwork } from './layout.ts';
import { marksAt } from './marks.ts';
import { deriveLinks } from './route-links.ts';

const SECOND = 1_000_000;
const PS = 'ps.home2.net';

const trace: Trace = computeRun({
  format: 1,
  id: 'broken',
  title: 'Broken',
  summary: 'What operators break.',
  until: 30,
  timeline: [
    { at: 0.5, who: 'ue2', do: { kind: 'register' } },
    { at: 3, who: 'ue2', do: { kind: 'publish', basic: 'open' } },
    { at: 10, who: 'ps', do: { kind: 'crash' } },
    { at: 12, who: 'icscf2', do: { kind: 'cut', to: 'scscf2' } },
    { at: 15, who: 'ps', do: { kind: 'restart' } },
    { at: 18, who: 'scscf2', do: { kind: 'restore', to: 'icscf2' } },
  ],
});

const cutEnds = trace.records.flatMap((record) => (record.kind === 'intent' && record.intent.kind === 'cut' ? [record.entity, record.intent['to']] : []));

describe('brokenAt', () => {
  it('says who is down from the moment it stops until it comes back', () => {
    const downAt = (t: number): readonly string[] => [...brokenAt(trace, t).down];
    expect(downAt(10 * SECOND - 1)).toEqual([]);
    expect(downAt(10 * SECOND)).toEqual([PS]);
    expect(downAt(15 * SECOND - 1)).toEqual([PS]);
    expect(downAt(15 * SECOND)).toEqual([]);
  });

  it('says which link is cut, both ways round, whoever of its ends it is restored at', () => {
    const [a, b] = cutEnds.map(String);
    const keys = [routeKey(a ?? '', b ?? ''), routeKey(b ?? '', a ?? '')];
    expect([...brokenAt(trace, 13 * SECOND).cut]).toEqual(keys);
    expect(brokenAt(trace, 18 * SECOND).cut.size).toBe(0);
  });

  it('keeps the same reference while nothing changes', () => {
    expect(brokenAt(trace, 13 * SECOND)).toBe(brokenAt(trace, 14 * SECOND));
    expect(brokenAt(trace, 0)).toBe(brokenAt(trace, 1));
  });
});

describe('marksAt', () => {
  it('says "down" of who is down, and afterwards nothing of what it forgot', () => {
    expect([9, 11, 16].map((second) => marksAt(trace, second * SECOND).get(PS))).toEqual(['open', 'down', undefined]);
  });
});

describe('cutMark', () => {
  it('puts the gap between the glyphs, clear of the name of the link', () => {
    const layout = layoutNetwork({ networks: trace.networks, entities: trace.entities, links: deriveLinks(trace) });
    for (const link of layout.links) {
      const { at, dashes } = cutMark(link);
      const [line = 0, gap = 0] = dashes.split(' ').map(Number);
      expect(line + gap / 2).toBeGreaterThanOrEqual(Math.min(link.from, gap / 2));
      expect(line + gap / 2).toBeLessThanOrEqual(link.to + gap);
      for (const end of [link.a, link.b]) {
        const box = layout.entityById.get(end)?.glyphBox;
        if (box === undefined || link.to - link.from < gap) continue;
        expect(at.x > box.x && at.x < box.x + box.width && at.y > box.y && at.y < box.y + box.height).toBe(false);
      }
    }
  });
});
