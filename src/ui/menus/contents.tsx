/** What stands in the menus of the header. */
import {
  Bookmark,
  Braces,
  CircleSlash,
  Clock,
  CloudRain,
  Copy,
  Feather,
  FileText,
  FolderOpen,
  Gauge,
  Layers,
  Megaphone,
  Network,
  Plug,
  Power,
  Redo2,
  PowerOff,
  RotateCcw,
  RotateCw,
  Settings2,
  Snail,
  SquarePen,
  Undo2,
  Unplug,
  UserMinus,
  UserPlus,
  UserCheck,
  UserX,
  FilePen,
  Volume2,
  VolumeX,
  Waypoints,
  Workflow,
  Zap,
} from 'lucide-react';
import { actsHere, formatMessage } from '#store/acts-here.ts';
import {
  change,
  chooseRun,
  editDocument,
  editPolicy,
  openEdit,
  openNetwork,
  openPublish,
  redoChange,
  resetChanges,
  setTheme,
  undoChange,
} from '#store/commands.ts';
import { NOUNS } from '#store/documents.ts';
import { fixedLists } from '#store/own-documents.ts';
import { isOpening } from '#store/playback.ts';
import type { ExportFormat } from '#store/runs.ts';
import { selectRun, type Run, type Theme } from '#store/store.ts';
import { formatPlace, presentityOf, type WhatIf, type WhatIfId } from '#store/what-if.ts';
import { useAppState, useExecute, useSimulator } from '#ui/simulator-context.tsx';
import { MenuChoice, MenuHeading, MenuItem, MenuRule } from './items.tsx';
import { openFromFile } from './choose-file.ts';
import { FILE_KINDS, save } from './save.ts';

const ACT_ICONS: Readonly<Record<WhatIfId, typeof Power>> = {
  publish: Megaphone,
  subscribe: UserPlus,
  unsubscribe: UserMinus,
  'switch-off': PowerOff,
  'switch-on': Power,
  drop: CircleSlash,
  edit: SquarePen,
  delay: Clock,
  duplicate: Copy,
  crash: Zap,
  restart: RotateCw,
  cut: Unplug,
  lose: CloudRain,
  slow: Snail,
  restore: Plug,
  overload: Gauge,
  relieve: Feather,
  'fall-silent': VolumeX,
  'speak-again': Volume2,
  'change-policy': Layers,
  'deregister-user': UserX,
  answer: UserCheck,
  document: FilePen,
};

/** What a person can do to the network at this moment. The network answers by itself. */
export function Acts() {
  const simulator = useSimulator();
  const execute = useExecute();
  const run = useAppState(selectRun);
  useAppState((state) => state.selection.entity);
  useAppState((state) => state.session.views);
  const choices = useAppState((state) => state.session.scenarios.find((scenario) => scenario.id === run?.request.scenario)?.choices.length ?? 0);
  const here = actsHere(simulator);
  if (here === undefined) return null;
  const { story, time, step } = here;
  const nameOf = (id: string): string => story.entity(id)?.label ?? id;
  return (
    <>
      <MenuHeading>At this moment, {formatPlace(story, time)}</MenuHeading>
      {presentityOf(story) !== undefined && (
        <MenuItem icon={<Megaphone />} onSelect={() => execute(openPublish)}>
          Publish another state …
        </MenuItem>
      )}
      {here.ofPeople.map((act) => (
        <Act key={act.label} act={act} />
      ))}
      {here.documents.map((document) => (
        <MenuItem key={document.usage + document.ue} icon={<FilePen />} onSelect={() => execute(editDocument(document))}>
          Change the {NOUNS[document.usage]} of {nameOf(document.ue)} …
        </MenuItem>
      ))}
      {fixedLists(story) && (
        <MenuItem icon={<FilePen />} disabled hint="The operator has set them: no server here keeps documents that users change (XDMS)">
          The lists cannot be changed here
        </MenuItem>
      )}
      {here.policies.map((server) => (
        <MenuItem key={server} icon={<Layers />} hint="Whose word counts, of several that publish" onSelect={() => execute(editPolicy(server))}>
          Change the policy of {nameOf(server)} …
        </MenuItem>
      ))}
      {here.ofEntity.map((act) => (
        <Act key={act.id} act={act} />
      ))}
      {here.ofLink !== undefined && <Act act={here.ofLink} hint="Any other link or entity: click it on the map" />}
      {step !== undefined && (
        <MenuHeading>
          {isOpening(story, time) ? 'The next message' : 'This message'}: {formatMessage(story, step)}
        </MenuHeading>
      )}
      {step !== undefined && (
        <MenuItem icon={<SquarePen />} hint="Take a header away, change a value, then let it travel (E)" onSelect={() => execute(openEdit)}>
          Edit this message in flight …
        </MenuItem>
      )}
      {here.ofMessage.map((act) => (
        <Act key={act.id} act={act} />
      ))}
      <MenuRule />
      {choices > 0 && (
        <MenuItem icon={<Settings2 />} hint="From the beginning" onSelect={() => execute(openNetwork)}>
          Change the network …
        </MenuItem>
      )}
      <MenuItem icon={<Undo2 />} disabled={!undoChange.enabled(simulator)} hint="Ctrl+Z" onSelect={() => execute(undoChange)}>
        {undoChange.label}
      </MenuItem>
      <MenuItem icon={<Redo2 />} disabled={!redoChange.enabled(simulator)} hint="Ctrl+Shift+Z" onSelect={() => execute(redoChange)}>
        {redoChange.label}
      </MenuItem>
      <MenuItem icon={<RotateCcw />} disabled={!resetChanges.enabled(simulator)} onSelect={() => execute(resetChanges)}>
        {resetChanges.label}
      </MenuItem>
    </>
  );
}

export function Act({ act, hint }: { readonly act: WhatIf; readonly hint?: string }) {
  const execute = useExecute();
  const Icon = ACT_ICONS[act.id];
  return (
    <MenuItem icon={<Icon />} {...(hint === undefined ? {} : { hint })} onSelect={() => execute(change(act))}>
      {act.label}
    </MenuItem>
  );
}

/** What a run was made from is in force in it as well: it is named for the last change only. */
function besides({ parent, request }: Run, runs: readonly Run[]): { readonly hint?: string } {
  const before = runs.find(({ id }) => id === parent)?.request.changes.length ?? 0;
  const kept = Math.min(before, request.changes.length - 1);
  if (kept < 1 || request.changes.at(-1)?.kind === 'set') return {};
  return { hint: kept === 1 ? 'and what was changed before it: both are in force' : `and the ${kept} changes before it: all are in force` };
}

/** Those of this scenario first, by what was changed in them; the others by what they tell. */
export function Runs() {
  const execute = useExecute();
  const runs = useAppState((state) => state.session.runs);
  const current = useAppState((state) => state.session.current);
  const scenario = runs.find(({ id }) => id === current)?.request.scenario;
  const [same, others] = [true, false].map((isSame) => runs.filter(({ request }) => (request.scenario === scenario) === isSame));
  const choose = (id: string): void => execute(chooseRun(Number(id)));
  return (
    <>
      <MenuChoice
        label="Runs of this scenario"
        value={String(current)}
        options={(same ?? []).map((run) => ({ value: String(run.id), text: run.name, ...besides(run, runs) }))}
        onChoose={choose}
      />
      {others !== undefined && others.length > 0 && (
        <MenuChoice
          label="Runs of other scenarios"
          value={String(current)}
          options={others.map(({ id, name, story }) => ({ value: String(id), text: story.trace.title, hint: name }))}
          onChoose={choose}
        />
      )}
    </>
  );
}

const FILE_ICONS: Readonly<Record<ExportFormat, typeof Power>> = {
  run: Bookmark,
  pcapng: Network,
  ladder: FileText,
  mermaid: Waypoints,
  plantuml: Workflow,
  json: Braces,
};

export function Files() {
  const execute = useExecute();
  return (
    <>
      <MenuHeading>The whole run as a file</MenuHeading>
      {FILE_KINDS.map((kind) => {
        const Icon = FILE_ICONS[kind.format];
        return (
          <MenuItem key={kind.format} icon={<Icon />} hint={kind.hint} onSelect={() => execute(save(kind))}>
            {kind.name}
          </MenuItem>
        );
      })}
      <MenuRule />
      <MenuItem icon={<FolderOpen />} hint="From a file that was saved here; or a scenario of your own" onSelect={() => execute(openFromFile)}>
        Open a saved run …
      </MenuItem>
    </>
  );
}

const THEMES: readonly { readonly value: Theme; readonly text: string }[] = [
  { value: 'system', text: 'As the system' },
  { value: 'light', text: 'Light' },
  { value: 'dark', text: 'Dark' },
];

export function Themes() {
  const execute = useExecute();
  const theme = useAppState((state) => state.settings.theme);
  return <MenuChoice label="Theme" value={theme} options={THEMES} onChoose={(value) => execute(setTheme(value))} />;
}
