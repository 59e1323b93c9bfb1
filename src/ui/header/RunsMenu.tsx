import { chooseRun } from '#store/commands.ts';
import { selectRun } from '#store/store.ts';
import { useAppState, useExecute } from '#ui/simulator-context.tsx';
import { Menu, MenuChoice } from '#ui/widgets/Menu.tsx';

/** The runs of this session; shown once there is more than one. */
export function RunsMenu() {
  const execute = useExecute();
  const runs = useAppState((state) => state.session.runs);
  const current = useAppState(selectRun);
  if (runs.length < 2 || current === undefined) return null;
  const place = runs.findIndex((run) => run.id === current.id) + 1;
  return (
    <Menu label={`Run ${place} of ${runs.length}`}>
      <MenuChoice
        label="Runs of this session"
        value={String(current.id)}
        options={runs.map((run) => ({ value: String(run.id), text: run.name, hint: run.story.trace.title }))}
        onChoose={(id) => execute(chooseRun(Number(id)))}
      />
    </Menu>
  );
}
