/** What the palette offers: commands, what can be done at this moment, entities, scenarios; and what of it has the words that somebody types. Pure. */
import { actsHere, formatMessage } from '#store/acts-here.ts';
import {
  change,
  chooseScenario,
  editDocument,
  editPolicy,
  faster,
  inspectEntity,
  KEYED_COMMANDS,
  openCompare,
  openCounts,
  openCoverage,
  openNetwork,
  openPalette,
  openPrice,
  openPublish,
  openScenarios,
  openShortcuts,
  slower,
  switchArchitecture,
  switchLevel,
  switchTheme,
  togglePresenting,
  redoChange,
  undoChange,
  type Command,
} from '#store/commands.ts';
import { NOUNS } from '#store/documents.ts';
import type { Simulator } from '#store/simulator.ts';
import type { EntityId } from '#trace/record.ts';
import { share } from '#ui/header/share.ts';
import { openFromFile } from '#ui/menus/choose-file.ts';
import { FILE_KINDS, save } from '#ui/menus/save.ts';

export const GROUPS = ['Commands', 'What if, at this moment', 'Entities', 'Scenarios'] as const;
export type Group = (typeof GROUPS)[number];

/** What has no button, or none that everybody finds, comes first. */
const VIEWS: readonly Command[] = [
  openScenarios,
  openCounts,
  openPrice,
  openCoverage,
  openNetwork,
  openPublish,
  togglePresenting,
  switchLevel,
  switchArchitecture,
  openShortcuts,
];

/** What else people call it: the words on the buttons, and those of other tools. */
const ALSO_CALLED: ReadonlyMap<Command, string> = new Map([
  [openCounts, 'counts traffic compare'],
  [openCoverage, 'coverage clauses'],
  [openPrice, 'cost dimensioning'],
  [openCompare, 'diff two messages'],
  [openShortcuts, 'keys help'],
  [togglePresenting, 'full screen projector'],
  [switchTheme, 'theme colours'],
  [undoChange, 'undo'],
  [redoChange, 'redo'],
  [faster, 'speed'],
  [slower, 'speed'],
]);

export interface Entry {
  readonly id: string;
  readonly group: Group;
  readonly text: string;
  /** Said in smaller letters beside it. */
  readonly aside: string;
  /** Sought in, and not shown. */
  readonly more: string;
  readonly command: Command;
}

const SHOWN_KEYS: Readonly<Record<string, string>> = { ' ': 'Space', ArrowLeft: '←', ArrowRight: '→', 'Ctrl+z': 'Ctrl-Z', 'Ctrl+Shift+z': 'Ctrl-Shift-Z' };

/** `N`, `Space`: the first key of a command. */
const keyOf = ({ keys: [key = ''] }: Command): string => SHOWN_KEYS[key] ?? (key.length === 1 ? key.toUpperCase() : key);

/** Everything that can be asked for where the reader stands. */
export function entriesOf(simulator: Simulator): readonly Entry[] {
  const state = simulator.store.getState();
  const here = actsHere(simulator);
  const entries: Entry[] = [];
  const add = (group: Group, id: string, command: Command, text: string, aside = '', more = ''): void => {
    if (command.enabled(simulator)) entries.push({ id: `${group} ${id}`, group, text, aside, more, command });
  };
  const commands = [...VIEWS, ...KEYED_COMMANDS.filter((each) => each !== openPalette && !VIEWS.includes(each))];
  for (const each of commands) add('Commands', each.id, each, each.label, keyOf(each), ALSO_CALLED.get(each));
  add('Commands', share.id, share, share.label, '', 'link copy url');
  add('Commands', openFromFile.id, openFromFile, openFromFile.label, '', 'own import load json');
  for (const kind of FILE_KINDS) {
    const each = save(kind);
    add('Commands', each.id, each, each.label, '', `${kind.hint} file download save`);
  }
  if (here !== undefined) {
    const { story, step } = here;
    const nameOf = (entity: EntityId): string => story.entity(entity)?.label ?? entity;
    const offer = (command: Command, text: string, aside = ''): void => add('What if, at this moment', text, command, text, aside, 'what if');
    for (const act of here.ofPeople) offer(change(act), act.label);
    for (const document of here.documents) offer(editDocument(document), `Change the ${NOUNS[document.usage]} of ${nameOf(document.ue)}`);
    for (const server of here.policies) offer(editPolicy(server), `Change the policy of ${nameOf(server)}`);
    for (const act of here.ofEntity) offer(change(act), act.label);
    if (here.ofLink !== undefined) offer(change(here.ofLink), here.ofLink.label);
    for (const act of here.ofMessage) offer(change(act), act.label, step === undefined ? '' : formatMessage(story, step));
    for (const { id, label, network, role = '' } of story.trace.entities) add('Entities', id, inspectEntity(id), label, network, `${id} ${role}`);
  }
  for (const { id, title, summary, own } of state.session.scenarios) add('Scenarios', id, chooseScenario(id), title, own?.name ?? id, summary);
  return entries;
}

const wordsOf = (text: string): readonly string[] =>
  text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');

/** Those that have every word; first those whose name begins with what is sought. Each group stays together and keeps its order; the group with the best comes first. */
export function matching(entries: readonly Entry[], sought: string): readonly Entry[] {
  const words = wordsOf(sought);
  if (words.length === 0) return entries;
  const begin = sought.trim().toLowerCase();
  const rankOf = ({ text, aside, more }: Entry): number => {
    const name = text.toLowerCase();
    if (name.startsWith(begin) || aside.toLowerCase() === begin) return 0;
    const shown = `${name} ${aside.toLowerCase()}`;
    if (words.every((word) => shown.includes(word))) return 1;
    return words.every((word) => `${shown} ${more.toLowerCase()}`.includes(word)) ? 2 : 3;
  };
  const ranked = entries.map((entry) => ({ entry, rank: rankOf(entry) })).filter(({ rank }) => rank < 3);
  return GROUPS.map((group) => ranked.filter(({ entry }) => entry.group === group).toSorted((a, b) => a.rank - b.rank))
    .toSorted((a, b) => (a[0]?.rank ?? 3) - (b[0]?.rank ?? 3))
    .flatMap((group) => group.map(({ entry }) => entry));
}
