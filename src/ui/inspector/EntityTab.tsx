import { lazy, Suspense, useId, useMemo, useState } from 'react';
import type { EntityView, ViewTimer } from '#base/view.ts';
import { inspectEntity } from '#store/commands.ts';
import { shownStep } from '#store/selection.ts';
import type { Story } from '#store/story.ts';
import type { EntityId } from '#trace/record.ts';
import { formatSpan } from '#trace/time-text.ts';
import { useAppState, useExecute, useViewTime } from '#ui/simulator-context.tsx';
import { Button } from '#ui/widgets/Button.tsx';
import styles from './Inspector.module.css';
import { EntityActs } from './EntityActs.tsx';
import { MachineDiagram } from './MachineDiagram.tsx';
import { FoldedTables, isCache, saidIn, Tables } from './Tables.tsx';
import { formatTimeLeft } from './time-left.ts';

/** Only some runs have a policy to show. */
const Composition = lazy(() => import('../composition/Composition.tsx').then((module) => ({ default: module.Composition })));
const OF_COMPOSITION: ReadonlySet<string> = new Set(['Composition', 'Composition policy', 'Published documents']);

/** `story` is of the transmissions, `told` the one that is shown: the same, unless it is told by functions. */
export function EntityTab({ told, story }: { readonly told: Story; readonly story: Story }) {
  const selected = useAppState((state) => state.selection.entity);
  const known = selected === undefined ? undefined : story.entity(selected);
  return (
    <>
      <Chooser story={story} selected={known?.id} />
      {known !== undefined && <EntityActs told={told} entity={known.id} />}
      {known === undefined ? <Suggestions told={told} story={story} /> : <State key={known.id} told={told} story={story} entity={known.id} />}
    </>
  );
}

function Chooser({ story, selected }: { readonly story: Story; readonly selected: EntityId | undefined }) {
  const execute = useExecute();
  const id = useId();
  const entity = selected === undefined ? undefined : story.entity(selected);
  return (
    <header className={styles.hop}>
      {entity !== undefined && <h2 className="visually-hidden">{entity.label}</h2>}
      <label className={styles.where} htmlFor={id}>
        Entity
      </label>
      <select id={id} className={styles.chooser} value={selected ?? ''} onChange={(event) => execute(inspectEntity(event.target.value))}>
        {selected === undefined && <option value="">Choose …</option>}
        {story.trace.networks.map(({ domain }) => (
          <optgroup key={domain} label={domain}>
            {story.trace.entities
              .filter((each) => each.network === domain)
              .map((each) => (
                <option key={each.id} value={each.id}>
                  {each.label}
                </option>
              ))}
          </optgroup>
        ))}
      </select>
      {entity !== undefined && (
        <p className={styles.ends}>
          {entity.role === undefined ? '' : `${entity.role} · `}
          {entity.network}
          {entity.home === entity.network ? '' : `, at home in ${entity.home}`} · {entity.addresses.join(', ')}
        </p>
      )}
    </header>
  );
}

/** Nobody is chosen yet: who has a part in the current step is near at hand. */
function Suggestions({ told, story }: { readonly told: Story; readonly story: Story }) {
  const execute = useExecute();
  const message = useViewTime((time) => shownStep(told, time)?.message);
  return (
    <div className={styles.nothing}>
      <p>Choose an entity on the stage or in the ladder to see what it holds at this moment.</p>
      {message !== undefined && (
        <div className={styles.suggestions}>
          {[message.from, message.to].map((id) => (
            <Button key={id} onPress={() => execute(inspectEntity(id))}>
              {story.entity(id)?.label ?? id}
            </Button>
          ))}
        </div>
      )}
    </div>
  );
}

function State({ told, story, entity }: { readonly told: Story; readonly story: Story; readonly entity: EntityId }) {
  const current = useAppState((state) => state.session.current);
  const views = useAppState((state) => state.session.views);
  const step = useViewTime((time) => time.step);
  const view = views?.run === current ? views?.entities[entity] : undefined;
  // What was shown before this, to tell what has changed since.
  const [shown, setShown] = useState<{ readonly view: EntityView | undefined; readonly before: EntityView | undefined }>({ view, before: undefined });
  if (view !== undefined && view !== shown.view) setShown({ view, before: shown.view });
  const before = useMemo(() => (shown.before === undefined ? undefined : saidIn(shown.before.tables)), [shown.before]);
  if (view === undefined) return <p className={styles.nothing}>The state at this moment is being computed …</p>;
  const composition = view.tables.filter(({ title }) => OF_COMPOSITION.has(title));
  return (
    <div aria-busy={views?.step !== step}>
      {composition.length > 0 && (
        <Suspense>
          <Composition told={told} story={story} entity={entity} tables={composition} />
        </Suspense>
      )}
      <Tables tables={view.tables.filter((table) => !isCache(table) && !OF_COMPOSITION.has(table.title))} before={before} />
      <Timers timers={view.timers} />
      <Machines story={story} view={view} />
      <FoldedTables tables={view.tables.filter(isCache)} />
    </div>
  );
}

const MOST_TIMERS = 6;

function Timers({ timers }: { readonly timers: readonly ViewTimer[] }) {
  // To the tenth of a second: as finely as it is written.
  const t = useViewTime((time) => Math.floor(time.t / 100_000) * 100_000);
  if (timers.length === 0) return null;
  const sorted = timers.toSorted((a, b) => a.firesAt - b.firesAt);
  const row = ({ name, subject, firesAt }: ViewTimer, i: number) => (
    <li key={i}>
      <span className={styles.timerName}>{name}</span>
      <span className={styles.left} title={formatSpan(Math.max(0, firesAt - t))}>
        {formatTimeLeft(firesAt - t)} left
      </span>
      <span className={styles.subject}>{subject}</span>
    </li>
  );
  return (
    <section className={styles.block}>
      <h3 className={styles.title}>Timers</h3>
      <ul className={styles.timers}>{sorted.slice(0, MOST_TIMERS).map(row)}</ul>
      {sorted.length > MOST_TIMERS && (
        <details className={styles.fold}>
          <summary>{sorted.length - MOST_TIMERS} more</summary>
          <ul className={styles.timers}>{sorted.slice(MOST_TIMERS).map(row)}</ul>
        </details>
      )}
    </section>
  );
}

function Machines({ story, view }: { readonly story: Story; readonly view: EntityView }) {
  const machines = [...new Set(view.states.map(({ machine }) => machine))];
  return machines.map((machine) => {
    const instances = view.states.filter((each) => each.machine === machine);
    const table = story.trace.tables.find(({ name }) => name === machine);
    return (
      <section key={machine} className={styles.block}>
        <h3 className={styles.title}>State machine: {machine}</h3>
        {table !== undefined && <MachineDiagram table={table} live={instances.map(({ state }) => state)} />}
        <ul className={styles.instances}>
          {instances.map(({ key, state }) => (
            <li key={key}>
              <b>{state}</b> {key}
            </li>
          ))}
        </ul>
      </section>
    );
  });
}
