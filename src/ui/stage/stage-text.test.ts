import { expect, it } from 'vitest';
import { layoutNetwork } from '#diagram/layout.ts';
import { deriveLinks } from '#diagram/route-links.ts';
import { routeKey } from '#diagram/layout-types.ts';
import { computeRun } from '#testing/computed-run.ts';
import { isMessage } from '#trace/steps.ts';
import { routeSetAt } from '#trace/route-set.ts';
import { describeRoute } from './stage-text.ts';

it('tells the route set of a subscription, and every part of it has a link on the stage', () => {
  const trace = computeRun({
    format: 1,
    id: 'route',
    title: 'A route',
    summary: 'A subscription.',
    until: 10,
    timeline: [
      { at: 1, who: 'ue2', do: { kind: 'register' } },
      { at: 2, who: 'ue1', do: { kind: 'register' } },
      { at: 4, who: 'ue1', do: { kind: 'subscribe', to: 'sip:user2_public1@home2.net' } },
      { at: 7, who: 'ue1', do: { kind: 'unsubscribe' } },
    ],
  });
  const layout = layoutNetwork({ networks: trace.networks, entities: trace.entities, links: deriveLinks(trace) });
  const notifies = trace.records.filter(isMessage).filter((message) => message.label === 'NOTIFY' && message.from.startsWith('ps.'));
  const [set, last] = [notifies[0], notifies.at(-1)].map((message) => (message === undefined ? undefined : routeSetAt(trace, message)));
  const route = set?.path ?? [];
  expect([notifies.length, last, set?.until]).toEqual([2, set, notifies.at(-1)?.sentAt]);
  expect(describeRoute(layout, route, true)).toBe('The last NOTIFY of this subscription goes PS, S-CSCF#1, P-CSCF#1, UE#1.');
  expect(describeRoute(layout, route, false)).toBe('The later requests of this subscription go PS, S-CSCF#1, P-CSCF#1, UE#1, or back.');
  route.slice(1).forEach((to, i) => {
    expect(layout.links).toContain(layout.linkByEnds.get(routeKey(route[i] ?? '', to)));
  });
  expect(describeRoute(layout, [], false)).toBe('');
});
