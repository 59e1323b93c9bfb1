import { FolderOpen } from 'lucide-react';
import { useRef, useState, type KeyboardEvent } from 'react';
import { chooseScenario, openCoverage, openPrice } from '#store/commands.ts';
import { selectRun } from '#store/store.ts';
import { openFromFile } from '#ui/menus/choose-file.ts';
import { useAppState, useExecute } from '#ui/simulator-context.tsx';
import { Button } from '#ui/widgets/Button.tsx';
import { Modal } from '#ui/widgets/Modal.tsx';
import { groupsMatching, placeAfter } from './choose-scenario.ts';
import { ScenarioGroups, ScenarioList } from './ScenarioList.tsx';
import styles from './scenarios.module.css';

const LARGEST_SEED = 4_294_967_295;

export function ScenariosDialog({ onClose }: { readonly onClose: () => void }) {
  const execute = useExecute();
  const scenarios = useAppState((state) => state.session.scenarios);
  const run = useAppState(selectRun);
  const current = run?.request.scenario;
  const [seed, setSeed] = useState(String(run?.request.seed ?? 1));
  const [search, setSearch] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const valid = /^\d{1,10}$/.test(seed) && Number(seed) <= LARGEST_SEED;
  const shown = groupsMatching(scenarios, search);
  const count = shown.reduce((sum, group) => sum + group.scenarios.length, 0);
  const choose = (id: string): void => {
    if (!valid) return;
    onClose();
    execute(chooseScenario(id, Number(seed)));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const buttons = [...(list.current?.querySelectorAll('button') ?? [])];
    const from = buttons.findIndex((button) => button === event.target);
    // From the field to the one that is shown, while nothing is sought.
    const here = from === -1 && search === '' && event.key === 'ArrowDown' ? buttons.findIndex((button) => button.ariaCurrent !== null) - 1 : from;
    const to = placeAfter(event.key, Math.max(here, -1), buttons.length);
    if (to !== undefined) {
      event.preventDefault();
      (buttons[to] ?? field.current)?.focus();
    } else if (from !== -1 && event.key.length === 1 && event.key !== ' ') field.current?.focus();
  };
  return (
    <Modal title="Choose a scenario" wide fill onClose={onClose}>
      <div className={styles.picker} onKeyDown={onKeyDown}>
        <form
          role="search"
          className={styles.search}
          onSubmit={(event) => {
            event.preventDefault();
            const first = shown[0]?.scenarios[0];
            if (first !== undefined && search.trim() !== '') choose(first.id);
          }}
        >
          <input
            ref={field}
            data-focus=""
            type="search"
            aria-label="Search the scenarios"
            placeholder="Search by title, id, text or source, e.g. tel, 3263, 403"
            autoComplete="off"
            spellCheck={false}
            value={search}
            onChange={(event) => setSearch(event.target.value)}
          />
          <output className={styles.count}>{search.trim() === '' ? `${count} scenarios` : `${count} of ${scenarios.length} scenarios`}</output>
          <Button icon={<FolderOpen />} title="A JSON file of your own. It can be dropped on the page, too." onPress={() => execute(openFromFile)}>
            Open a scenario file …
          </Button>
        </form>
        <ScenarioGroups shown={shown} onGo={(id) => document.getElementById(`group-${id}`)?.scrollIntoView()} />
        <div ref={list} className={styles.list}>
          <ScenarioList shown={shown} current={current} disabled={!valid} onChoose={choose} />
          {count === 0 && <p className={styles.nothing}>No scenario has all of these words. Fewer words find more.</p>}
        </div>
      </div>
      <form
        className={styles.seed}
        onSubmit={(event) => {
          event.preventDefault();
          if (current !== undefined) choose(current);
        }}
      >
        <label htmlFor="seed">Seed</label>
        <input
          id="seed"
          inputMode="numeric"
          value={seed}
          aria-invalid={!valid}
          aria-describedby="seed-hint"
          onChange={(event) => setSeed(event.target.value)}
        />
        <Button type="submit" disabled={!valid}>
          Run this scenario with it
        </Button>
        <p id="seed-hint" className={valid ? styles.hint : styles.error}>
          {valid
            ? 'Chance follows from it: branches, tags, delays and losses. The same seed gives the same run.'
            : `A seed is a whole number from 0 to ${LARGEST_SEED}.`}
        </p>
        <Button shortcut="C" onPress={() => execute(openCoverage)}>
          What of the standards they show
        </Button>
        <Button shortcut="M" onPress={() => execute(openPrice)}>
          The price of presence
        </Button>
      </form>
    </Modal>
  );
}
