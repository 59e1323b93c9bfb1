/** What stands below one another in the ladder: headings, arrows, pills, folded gaps; and the participants above them. */
import { tintOf } from '#diagram/place-entities.ts';
import type { Tint } from '#diagram/layout-types.ts';
import type { Story, StoryStep } from '#store/story.ts';
import { ladderColumns, ladderRows, type LadderRow, type StepRow } from '#trace/ladder.ts';
import type { Protocol } from '#base/machine.ts';
import { createLayerOf, LAYERS, type Layer, type LayerSet } from '#trace/layers.ts';
import type { EntityId, TraceEntity } from '#trace/record.ts';
import { actsBetween, decisionsOf, type Decision } from './decisions.ts';
import { createMessageFilter } from './message-filter.ts';

export type LadderItem =
  | { readonly kind: 'chapter'; readonly key: string; readonly title: string }
  | { readonly kind: 'prologue'; readonly key: string; readonly title: string; readonly messages: number; readonly open: boolean }
  | { readonly kind: 'gap'; readonly key: string; readonly text: string }
  | { readonly kind: 'step'; readonly key: string; readonly index: number; readonly row: StepRow; readonly layer: Layer }
  /** A decision between two arrows; `index` is the step that it belongs to. */
  | { readonly kind: 'decision'; readonly key: string; readonly index: number; readonly decision: Decision }
  /** Steps of a layer that is switched off, from `index` to `last`: said in a few words where the first was asked. */
  | {
      readonly kind: 'hidden';
      readonly key: string;
      readonly index: number;
      readonly last: number;
      readonly entity: EntityId;
      readonly protocol: Protocol;
      readonly layer: Layer;
      readonly text: string;
    };

export interface LadderGroup {
  readonly network: string;
  readonly tint: Tint;
  readonly columns: readonly TraceEntity[];
  /** Place of its first column among all. */
  readonly first: number;
}

export interface LadderContent {
  readonly items: readonly LadderItem[];
  readonly groups: readonly LadderGroup[];
  /** Place of each participant among the columns. */
  readonly columns: ReadonlyMap<EntityId, number>;
  /** For each step the item that shows it, or the last one before it; -1 where there is none. */
  readonly itemOfStep: Int32Array;
  /** How many steps have an arrow. */
  readonly shown: number;
}

export const LAYER_NAMES: Readonly<Record<Layer, string>> = {
  SIP: 'SIP',
  Diameter: 'Cx',
  Charging: 'Rf',
  DNS: 'DNS',
  HTTP: 'HTTP',
  XMPP: 'XMPP',
  Security: 'IKE, ESP',
  Report: 'Reports',
};

/** The layers that occur, in a fixed order. */
export function layersOf(story: Story): readonly Layer[] {
  const layerOf = createLayerOf(story.trace);
  const found = new Set(story.steps.map((step) => layerOf(step.message)));
  return LAYERS.filter((layer) => found.has(layer));
}

export function deriveLadder(story: Story, layers: LayerSet, typed: string): LadderContent {
  const filter = createMessageFilter(story, typed);
  const rough = filter === undefined ? allItems(story, layers) : matchingItems(story, layers, filter);
  const speaking = new Set<EntityId>();
  for (const item of rough) {
    if (item.kind === 'step') speaking.add(item.row.from).add(item.row.to);
    else if (item.kind === 'decision') speaking.add(item.decision.entity);
  }
  const items = rough.flatMap((item) => (item.kind === 'run' ? hiddenItem(item.rows, speaking, item.layer) : item));
  const itemOfStep = new Int32Array(story.steps.length).fill(-1);
  let shown = 0;
  items.forEach((item, i) => {
    if (item.kind === 'step') {
      itemOfStep[item.index] = i;
      shown++;
    } else if (item.kind === 'hidden') {
      itemOfStep.fill(i, item.index, item.last + 1);
    }
  });
  for (let i = 1; i < itemOfStep.length; i++) if (itemOfStep[i] === -1) itemOfStep[i] = itemOfStep[i - 1] ?? -1;
  return { items, ...participantsOf(story, speaking), itemOfStep, shown };
}

function participantsOf(story: Story, speaking: ReadonlySet<EntityId>): Pick<LadderContent, 'groups' | 'columns'> {
  const columns = new Map<EntityId, number>();
  const groups: { network: string; tint: Tint; columns: TraceEntity[]; first: number }[] = [];
  for (const { entity, network } of ladderColumns(story.trace)) {
    if (!speaking.has(entity.id)) continue;
    const group = groups.at(-1);
    if (group?.network === network) group.columns.push(entity);
    else groups.push({ network, tint: tintOf(story.byFunctions?.transmissions.trace ?? story.trace, network), columns: [entity], first: columns.size });
    columns.set(entity.id, columns.size);
  }
  return { groups, columns };
}

const stepOf = (story: Story, row: StepRow): StoryStep => story.steps[row.step.index] as StoryStep;

/** Steps one after the other whose layer is switched off. */
interface HiddenRun {
  readonly kind: 'run';
  readonly layer: Layer;
  readonly rows: readonly StepRow[];
}

function allItems(story: Story, layers: LayerSet): readonly (LadderItem | HiddenRun)[] {
  const items: (LadderItem | HiddenRun)[] = [];
  const rows = ladderRows(story.trace);
  const layerOf = createLayerOf(story.trace);
  let folded = false;
  let hidden: StepRow[] = [];
  const closeHidden = (): void => {
    if (hidden[0] !== undefined) items.push({ kind: 'run', layer: layerOf(hidden[0]), rows: hidden });
    hidden = [];
  };
  const acts = actsBetween(story);
  let done = 0;
  let latest = 0;
  /** What was done without a message before `until` belongs to the step before it; in a folded prologue it is folded away. */
  const tellActs = (until: number): void => {
    for (let act = acts[done]; act !== undefined && act.at < until; act = acts[++done]) {
      if (folded) continue;
      closeHidden();
      items.push({ kind: 'decision', key: `act ${act.record}`, index: latest, decision: act.decision });
    }
  };
  rows.forEach((row, i) => {
    tellActs(row.kind === 'chapter' ? row.chapter.at : row.kind === 'gap' ? row.from : row.step.message.sentAt);
    if (row.kind === 'step') latest = row.step.index;
    if (row.kind === 'chapter') {
      closeHidden();
      const prologue = row.chapter.prologue === true;
      folded = prologue && !story.prologueOpen;
      items.push(headingItem(row, story.prologueOpen, i));
      if (row.steps === 0 && !folded)
        items.push({ kind: 'gap', key: `empty ${i}`, text: story.byFunctions === undefined ? 'nothing is sent' : 'nothing that has a name at stage 2' });
    } else if (folded) {
      return;
    } else if (row.kind === 'gap') {
      closeHidden();
      items.push({ kind: 'gap', key: `gap ${row.from}`, text: row.label });
    } else if (!layers.has(layerOf(row))) {
      if (hidden[0] !== undefined && layerOf(hidden[0]) !== layerOf(row)) closeHidden();
      hidden.push(row);
    } else {
      closeHidden();
      const { before, after } = decisionsOf(story, stepOf(story, row));
      const { index } = row.step;
      before.forEach((decision, n) => items.push({ kind: 'decision', key: `before ${row.record} ${n}`, index, decision }));
      items.push({ kind: 'step', key: `step ${row.record}`, index, row, layer: layerOf(row) });
      after.forEach((decision, n) => items.push({ kind: 'decision', key: `after ${row.record} ${n}`, index, decision }));
    }
  });
  tellActs(Infinity);
  closeHidden();
  return items;
}

/** Only what fits, each chapter's heading above it; the prologue is searched as well. */
function matchingItems(story: Story, layers: LayerSet, filter: (step: StoryStep) => boolean): readonly LadderItem[] {
  const items: LadderItem[] = [];
  const layerOf = createLayerOf(story.trace);
  let heading: LadderItem | undefined;
  ladderRows(story.trace).forEach((row, i) => {
    if (row.kind === 'chapter') heading = { kind: 'chapter', key: `chapter ${i}`, title: row.chapter.title };
    else if (row.kind === 'step' && layers.has(layerOf(row)) && filter(stepOf(story, row))) {
      if (heading !== undefined) items.push(heading);
      heading = undefined;
      items.push({ kind: 'step', key: `step ${row.record}`, index: row.step.index, row, layer: layerOf(row) });
    }
  });
  return items;
}

function headingItem(row: Extract<LadderRow, { kind: 'chapter' }>, open: boolean, i: number): LadderItem {
  const { chapter, steps } = row;
  return chapter.prologue === true
    ? { kind: 'prologue', key: `chapter ${i}`, title: chapter.title, messages: steps, open }
    : { kind: 'chapter', key: `chapter ${i}`, title: chapter.title };
}

/** Stands where a participant that has a line asks; answers, and what the servers say among themselves meanwhile, need no row. */
function hiddenItem(rows: readonly StepRow[], speaking: ReadonlySet<EntityId>, layer: Layer): readonly LadderItem[] {
  const asked = rows.find((row) => row.isRequest && speaking.has(row.from));
  const first = rows[0];
  const last = rows.at(-1);
  if (asked === undefined || first === undefined || last === undefined) return [];
  const { record, protocol, label, from } = asked;
  const name = LAYER_NAMES[layer];
  return [
    {
      kind: 'hidden',
      key: `hidden ${record}`,
      index: first.step.index,
      last: last.step.index,
      entity: from,
      protocol,
      layer,
      text: layer === 'Security' || label.startsWith(name) ? label : `${name} ${label}`,
    },
  ];
}

/** `Step 7, SUBSCRIBE from I-CSCF#2 to S-CSCF#2, lost`. */
export function describeStep(story: Story, row: StepRow): string {
  const from = story.entity(row.from)?.label ?? row.from;
  const to = story.entity(row.to)?.label ?? row.to;
  const again = row.retransmissionOf === undefined ? '' : `, retransmission of step ${row.retransmissionOf}`;
  return `Step ${row.name}, ${row.label} from ${from} to ${to}${again}${row.lost ? ', lost on the way' : ''}`;
}
