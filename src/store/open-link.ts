/** Between the state and the link: making the link of this moment, and going where a link leads. */
import { outlineOfPrincipal } from '#session/outline.ts';
import { OWN_PREFIX, type OwnFile } from '#session/port.ts';
import type { Change, Moment, RecordId } from '#trace/record.ts';
import { goToOpening, isOpening, standAtStep } from './playback.ts';
import { DEFAULT_SCENARIO, momentOf, notify, openRun, openScenario } from './runs.ts';
import { storyOf, type Simulator } from './simulator.ts';
import { setLevel } from './switch-level.ts';
import { patch, selectRun, selectStory, type Run } from './store.ts';
import { deriveStory, type Story, type StoryStep } from './story.ts';
import { fitsLink, formatLink, HASH_DIGITS, type Link, PRICE_NAMES } from './url.ts';

/** The fragment that leads back to this moment; undefined while there is no run, and where somebody has written more into it than a link holds. */
export function linkOf(simulator: Simulator): string | undefined {
  const address = addressOf(simulator);
  return address?.held === undefined ? address?.link : undefined;
}

export interface Address {
  readonly link: string;
  readonly held?: Held;
}

/** What a link leaves out, and the browser keeps with the entry of its history. */
export interface Held {
  /** All of the run. */
  readonly changes: readonly Change[];
  /** A scenario of somebody's own. */
  readonly own?: OwnFile;
}

/** What stands in the address bar. Where no link holds the changes it says how many they are; of a scenario of somebody's own it names the id that only this page knows. */
export function addressOf(simulator: Simulator): Address | undefined {
  const state = simulator.store.getState();
  const run = selectRun(state);
  if (run === undefined) return undefined;
  const time = simulator.viewTime.getState();
  const { scenario, seed, changes, own: text } = run.request;
  const fits = fitsLink(changes);
  const link = formatLink({
    engine: run.story.trace.engine,
    scenario,
    seed,
    changes: fits ? changes : [],
    omitted: fits ? undefined : changes.length,
    moment: momentOf(selectStory(state) ?? run.story, time),
    price: state.layout.dialog === 'price' ? PRICE_NAMES.flatMap((name) => state.price.typed?.[name] ?? []) : undefined,
    level: state.layout.level,
    entity: state.selection.entity,
    pinned: state.selection.pinned?.run === run.id ? state.selection.pinned.message : undefined,
    hash: run.hash,
  });
  if (text === undefined) return fits ? { link } : { link, held: { changes } };
  const name = state.session.scenarios.find(({ id }) => id === scenario)?.own?.name ?? scenario;
  return { link, held: { changes, own: { name, text } } };
}

/** Shows the network that a page without a fragment opens with, before its run is computed. */
export function showOutline(simulator: Simulator): void {
  patch(simulator.store, 'session', { outline: deriveStory(outlineOfPrincipal()) });
  goToOpening(simulator);
}

/** Whether an address leads nowhere in particular: to the default scenario at rest. */
export const isEmptyFragment = (fragment: string): boolean => fragment.length < 2;

/** Opens what the fragment names, or the default scenario; a link that is bad or outdated is told in one sentence. `held`: what it leaves out, where this browser has kept it. */
export async function openLink(simulator: Simulator, fragment: string, held?: Held): Promise<void> {
  if (isEmptyFragment(fragment)) return openScenario(simulator, DEFAULT_SCENARIO);
  const { parseLink } = await import('./parse-link.ts');
  const link = parseLink(fragment);
  if (link === undefined) return openScenario(simulator, DEFAULT_SCENARIO);
  if ('problem' in link) {
    await openScenario(simulator, DEFAULT_SCENARIO);
    return notify(simulator, `${link.problem} The first scenario is shown instead.`, 'problem');
  }
  const { scenario, seed, omitted } = link;
  const own = scenario.startsWith(OWN_PREFIX) ? held?.own : undefined;
  if (scenario.startsWith(OWN_PREFIX) && own === undefined) {
    await openScenario(simulator, DEFAULT_SCENARIO);
    return notify(simulator, OF_OWN_FILE, 'problem');
  }
  const isBack = held !== undefined && (omitted !== undefined || own !== undefined);
  const changes = isBack ? held.changes : link.changes;
  const name =
    changes.length === 0
      ? undefined
      : `${isBack ? 'As it was left' : 'As the link has it'} (${changes.length === 1 ? 'one change' : `${changes.length} changes`})`;
  const run =
    own === undefined
      ? await openRun(simulator, { scenario, seed, changes }, name)
      : await (await import('./open-file.ts')).openOwn(simulator, own, { seed, changes }, name);
  if (run === undefined) {
    const { session, layout } = simulator.store.getState();
    const why = session.phase.kind === 'failed' ? session.phase.problem.what : (layout.notice?.text ?? 'What the link asks for could not be computed.');
    await openScenario(simulator, DEFAULT_SCENARIO);
    return notify(simulator, `${why} The first scenario is shown instead.`, 'problem');
  }
  await stand(simulator, run, link);
  const told = [...(link.remarks ?? []), ...missingMessages(run, changes), ...notInRun(run, link)];
  if (omitted !== undefined && !isBack) {
    const many =
      omitted === 1 ? 'What was changed in this run is too long for a link and was' : `The ${omitted} changes of this run are too long for a link and were`;
    told.push(`${many} kept only by the page that made it: the scenario is shown without. A file of the run, saved there (Export), brings everything.`);
  } else if (link.hash === undefined && link.engine !== run.story.trace.engine) {
    told.push(`The link was made with engine ${link.engine}; this is ${run.story.trace.engine}, so its messages may be others than those that were shared.`);
  } else if (link.hash !== undefined && run.hash.slice(0, HASH_DIGITS) !== link.hash.slice(0, HASH_DIGITS)) {
    const engines = link.engine === run.story.trace.engine ? '' : ` It was made with engine ${link.engine}; this is ${run.story.trace.engine}.`;
    told.push(`This is another run than the one that was shared: the same story now gives other messages.${engines}`);
  }
  if (told.length > 0) notify(simulator, told.join(' '), 'problem');
}

const OF_OWN_FILE =
  'The link leads to a scenario file of somebody’s own, which no link holds. Ask for the file (Export > Run saves one) and open it here. The first scenario is shown instead.';

const UNDONE = { drop: 'dropped', edit: 'edited', delay: 'delayed', duplicate: 'duplicated' } as const;

/** What the link does to messages that this run does not have. */
function missingMessages({ story }: Run, changes: Link['changes']): readonly string[] {
  return changes.flatMap((change) =>
    'record' in change && story.index.step(change.record) === undefined
      ? [`No message of this run has the number ${change.record}, so none is ${UNDONE[change.kind]}.`]
      : [],
  );
}

/** What the link points at and this run does not have. */
function notInRun({ story }: Run, { moment, entity, pinned }: Link): readonly string[] {
  const lacks = (record: RecordId | undefined): boolean => record !== undefined && record !== 0 && story.index.step(record) === undefined;
  return [
    ...(lacks(moment?.record) ? [`No message of this run has the number ${moment?.record}, so the story stands at its beginning.`] : []),
    ...(entity !== undefined && story.entity(entity) === undefined ? [`Nobody in this run has the name “${entity}”.`] : []),
    ...(lacks(pinned) ? [`No message of this run has the number ${pinned}, so none is pinned.`] : []),
  ];
}

/** The message of the moment; the last one before it where the link names none. */
function stepOfMoment({ steps }: Story, { t, record }: Moment): StoryStep | undefined {
  return record === 0 ? steps.findLast(({ message }) => message.sentAt <= t) : steps.find(({ message }) => message.id === record);
}

async function stand(simulator: Simulator, run: Run, link: Link): Promise<void> {
  const { story } = run;
  await setLevel(simulator, 'stage3');
  if (link.entity !== undefined && story.entity(link.entity) !== undefined) {
    patch(simulator.store, 'selection', { entity: link.entity });
    patch(simulator.store, 'layout', { inspectorTab: 'entity' });
  }
  if (link.pinned !== undefined && story.index.step(link.pinned) !== undefined)
    patch(simulator.store, 'selection', { pinned: { run: run.id, message: link.pinned } });
  if (link.price !== undefined) {
    const [first] = link.price;
    const typed = first === undefined ? undefined : Object.fromEntries(PRICE_NAMES.map((name, i) => [name, link.price?.[i] ?? '']));
    patch(simulator.store, 'price', { typed });
    patch(simulator.store, 'layout', { dialog: 'price' });
  }
  const step = link.moment === undefined ? undefined : stepOfMoment(story, link.moment);
  if (link.moment === undefined || step === undefined || isOpening(story, { step: step.index, s: story.teaching.toTeaching(link.moment.t) }))
    goToOpening(simulator);
  else standAtStep(simulator, step.index);
  if (link.level === 'stage3') return;
  await setLevel(simulator, link.level);
  const told = storyOf(simulator);
  const time = simulator.viewTime.getState();
  // Half way of the arrow, not of its first transmission.
  if (told !== undefined && !isOpening(told, time)) standAtStep(simulator, time.step);
}
