/** What a person can do to a link of the network where the reader stands: cut it, let it lose or delay what it carries, and mend it. */
import type { Intent } from '#base/machine.ts';
import type { EntityId } from '#trace/record.ts';
import type { Story } from './story.ts';
import type { ViewTime } from './view-time.ts';
import { formatPlace, lastIntent, type WhatIf, type WhatIfId } from './what-if.ts';

/** Both ends of a link. */
export type LinkEnds = readonly [EntityId, EntityId];

type Standing = Pick<ViewTime, 't' | 's' | 'step'>;

interface Way {
  readonly id: WhatIfId;
  readonly label: (what: string) => string;
  readonly did: string;
  readonly intent: Intent;
}

const CUT: Way = { id: 'cut', label: (what) => `Cut ${what}`, did: 'is cut', intent: { kind: 'cut' } };
const MEND: Way = { id: 'restore', label: (what) => `Repair ${what}`, did: 'is repaired', intent: { kind: 'restore' } };
/** UDP loses what SCTP and TCP send again: there the loss becomes delay. */
const BAD: readonly Way[] = [
  { id: 'lose', label: () => 'Let it lose a third of its packets', did: 'loses a third of its packets', intent: { kind: 'impair', lossPerMille: 330 } },
  { id: 'slow', label: () => 'Let everything on it come 1 second late', did: 'is 1 s late', intent: { kind: 'impair', lateMs: 1000 } },
];

const isSame = (a: Intent, b: Intent | undefined): boolean => b?.kind === a.kind && b['lossPerMille'] === a['lossPerMille'] && b['lateMs'] === a['lateMs'];

/** What its last fault was up to now; undefined for a sound link. */
function faultOf(story: Story, time: Standing, [a, b]: LinkEnds): Intent | undefined {
  const last = lastIntent(story, ['cut', 'impair', 'restore'], a, Math.round(time.t), b);
  return last?.kind === 'restore' ? undefined : last;
}

function actOf(story: Story, time: Standing, [a, b]: LinkEnds, { id, label, did, intent }: Way): WhatIf | undefined {
  const [from, to] = [story.entity(a), story.entity(b)];
  if (from === undefined || to === undefined) return undefined;
  const what = `the link between ${from.label} and ${to.label}`;
  return {
    id,
    label: label(what),
    name: `The link between ${from.label} and ${to.label} ${did} ${formatPlace(story, time)}`,
    change: { kind: 'do', at: Math.round(time.t), who: a, intent: { ...intent, to: b } },
  };
}

/** Everything that can be done to it now: a sound link can be cut or made bad, a bad one also mended, a cut one only mended. */
export function linkActs(story: Story, time: Standing, ends: LinkEnds): readonly WhatIf[] {
  const fault = faultOf(story, time, ends);
  const ways = fault === undefined ? [CUT, ...BAD] : fault.kind === 'cut' ? [MEND] : [MEND, CUT, ...BAD.filter(({ intent }) => !isSame(intent, fault))];
  return ways.flatMap((way) => actOf(story, time, ends, way) ?? []);
}

/** The link that the message of a step takes can be cut, and repaired. */
export function linkAct(story: Story, time: Standing): WhatIf | undefined {
  const message = story.steps[time.step]?.message;
  return message === undefined ? undefined : linkActs(story, time, [message.from, message.to])[0];
}
