import { CircleSlash, GitFork, Megaphone, Power, PowerOff, RotateCcw, Undo2, UserMinus, UserPlus } from 'lucide-react';
import { change, openPublish, resetChanges, undoChange } from '#store/commands.ts';
import { isOpening } from '#store/playback.ts';
import { storyOf } from '#store/simulator.ts';
import { dropAct, formatPlace, possibleActs, presentityOf, type WhatIf } from '#store/what-if.ts';
import { useAppState, useExecute, useSimulator } from '#ui/simulator-context.tsx';
import { Menu, MenuHeading, MenuItem, MenuRule } from '#ui/widgets/Menu.tsx';

const ICONS: Readonly<Record<WhatIf['id'], typeof Power>> = {
  publish: Megaphone,
  subscribe: UserPlus,
  unsubscribe: UserMinus,
  'switch-off': PowerOff,
  'switch-on': Power,
  drop: CircleSlash,
};

/** What a person can do to the network at this moment. The network answers by itself. */
export function WhatIfMenu() {
  const ready = useAppState((state) => state.session.phase.kind === 'ready');
  return (
    <Menu label="What if" icon={<GitFork />} disabled={!ready}>
      <Acts />
    </Menu>
  );
}

/** Rendered when the menu opens, so that it speaks of the moment at which it was opened. */
function Acts() {
  const simulator = useSimulator();
  const execute = useExecute();
  const story = storyOf(simulator);
  if (story === undefined) return null;
  const time = simulator.viewTime.getState();
  const drop = isOpening(story, time) ? undefined : dropAct(story, time.step);
  const presentity = presentityOf(story);
  return (
    <>
      <MenuHeading>At this moment, {formatPlace(story, time)}</MenuHeading>
      {presentity !== undefined && (
        <MenuItem icon={<Megaphone />} onSelect={() => execute(openPublish)}>
          Publish another state …
        </MenuItem>
      )}
      {possibleActs(story, time).map((act) => (
        <Act key={act.id} act={act} />
      ))}
      {drop !== undefined && <Act act={drop} hint={drop.name} />}
      <MenuRule />
      <MenuItem icon={<Undo2 />} disabled={!undoChange.enabled(simulator)} hint="Ctrl+Z" onSelect={() => execute(undoChange)}>
        {undoChange.label}
      </MenuItem>
      <MenuItem icon={<RotateCcw />} disabled={!resetChanges.enabled(simulator)} onSelect={() => execute(resetChanges)}>
        {resetChanges.label}
      </MenuItem>
    </>
  );
}

function Act({ act, hint }: { readonly act: WhatIf; readonly hint?: string }) {
  const execute = useExecute();
  const Icon = ICONS[act.id];
  return (
    <MenuItem icon={<Icon />} {...(hint === undefined ? {} : { hint })} onSelect={() => execute(change(act))}>
      {act.label}
    </MenuItem>
  );
}
