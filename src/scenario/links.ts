/** The quality of every link of a plan: presets by reference point, overridden by what the scenario says of single links. */
import { milliseconds, seconds } from '#base/time.ts';
import { decodeUtf8, encodeUtf8 } from '#base/utf8.ts';
import { LINK_PRESETS, type LinkPolicy, type LinkPreset, type LinkQuality } from '#sim/links.ts';
import type { PacketRule } from '#sim/packet.ts';
import { entityOf, type NetworkPlan } from './plan.ts';
import type { LinkOptions } from './scenario.ts';

function presetOf(plan: NetworkPlan, from: string, to: string): LinkPreset {
  if (from === to) return 'self';
  const link = plan.links.find((l) => (l.a === from && l.b === to) || (l.a === to && l.b === from));
  const networkOf = (id: string): string | undefined => [...plan.entities.values()].find((entity) => entity.id === id)?.network;
  if (link?.referencePoint === 'Gm') return 'access';
  if (networkOf(from) !== networkOf(to)) return 'interPlmn';
  switch (link?.referencePoint) {
    case 'Cx':
    case 'Dx':
    case 'Ph':
    case 'Rf':
      return 'cx';
    case 'ISC':
    case 'Ma':
    case 'Pi':
    case 'Pen':
      return 'service';
    case 'DNS':
      return 'dns';
    default:
      return 'core';
  }
}

const concerns = (plan: NetworkPlan, options: LinkOptions, from: string, to: string): boolean => {
  const [a, b] = options.between.map((role) => entityOf(plan, role).id);
  return (from === a && to === b) || (from === b && to === a);
};

/** Link qualities as they stand at `at` (seconds): those with a later `from` do not count yet. */
export function linkPolicy(plan: NetworkPlan, at: number): LinkPolicy {
  return (from, to) => {
    let quality: LinkQuality = LINK_PRESETS[presetOf(plan, from, to)];
    for (const options of plan.options.links ?? []) {
      if ((options.from ?? 0) > at || !concerns(plan, options, from, to)) continue;
      quality = {
        delay: options.delayMs === undefined ? quality.delay : milliseconds(options.delayMs),
        jitter: options.jitterMs === undefined ? quality.jitter : milliseconds(options.jitterMs),
        lossPerMille: options.lossPerMille ?? quality.lossPerMille,
        duplicatePerMille: options.duplicatePerMille ?? quality.duplicatePerMille,
        reorderPerMille: options.reorderPerMille ?? quality.reorderPerMille,
      };
    }
    return quality;
  };
}

/** Moments (seconds) at which some link changes its quality. */
export const linkChanges = (plan: NetworkPlan): readonly number[] =>
  [...new Set((plan.options.links ?? []).map((link) => link.from ?? 0).filter((at) => at > 0))].sort((a, b) => a - b);

/** Rules for `loseFirst`: the first so many datagrams in the named direction, counted from the link's `from`. */
export function loseFirstRules(plan: NetworkPlan): readonly PacketRule[] {
  return (plan.options.links ?? [])
    .filter((link) => (link.loseFirst ?? 0) > 0)
    .map((link) => {
      const from = entityOf(plan, link.between[0]).id;
      const to = entityOf(plan, link.between[1]).id;
      const starts = seconds(link.from ?? 0);
      let left = link.loseFirst ?? 0;
      return (packet) => {
        if (left === 0 || packet.from !== from || packet.to !== to || packet.sentAt < starts) return { kind: 'pass' };
        left--;
        return { kind: 'drop' };
      };
    });
}

/** Rules for `rewrite`: somebody in the middle of the link, who changes the text of some messages in one direction. */
export function rewriteRules(plan: NetworkPlan): readonly PacketRule[] {
  return (plan.options.links ?? []).flatMap(({ between, rewrite = [], from: beginning = 0 }) => {
    const [from, to] = between.map((role) => entityOf(plan, role).id);
    return rewrite.map((change): PacketRule => (packet) => {
      if (packet.from !== from || packet.to !== to || packet.send.label !== change.message || packet.sentAt < seconds(beginning)) return { kind: 'pass' };
      // What IPsec has sealed can be lost, but not changed without being noticed.
      if (packet.send.seal !== undefined) return { kind: 'pass' };
      const text = decodeUtf8(packet.arriving);
      if (!text.includes(change.from)) return { kind: 'pass' };
      const reason = `Somebody on the link changed this on the way: ${change.to === '' ? `${change.from} was taken out` : `${change.from} became ${change.to}`}.`;
      return { kind: 'replace', bytes: encodeUtf8(text.replaceAll(change.from, change.to)), remarks: [{ op: 'changed', reason }] };
    });
  });
}
