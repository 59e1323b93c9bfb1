/** The whole run as a file: what the menu of exports does, and the entries of the palette. */
import type { Command } from '#store/commands.ts';
import { exportCurrent, notify, type ExportFormat } from '#store/runs.ts';
import { download } from './download.ts';

export interface FileKind {
  readonly format: ExportFormat;
  readonly name: string;
  readonly hint: string;
}

/** What no link holds is kept by it. */
export const RUN_FILE: FileKind = { format: 'run', name: 'Run', hint: 'The scenario and your changes; opens here again' };

export const FILE_KINDS: readonly FileKind[] = [
  { format: 'pcapng', name: 'Capture', hint: 'pcapng, opens in Wireshark' },
  { format: 'ladder', name: 'Ladder', hint: 'Every message on a line, as text' },
  { format: 'mermaid', name: 'Mermaid', hint: 'The story as a sequence diagram, for wikis and repositories' },
  { format: 'plantuml', name: 'PlantUML', hint: 'The same, for specifications' },
  { format: 'json', name: 'Trace', hint: 'Messages, notes and states, as JSON' },
  RUN_FILE,
];

export const save = ({ format, name }: FileKind): Command => ({
  id: `export.${format}`,
  label: `Export: ${name}`,
  keys: [],
  enabled: ({ store }) => store.getState().session.phase.kind === 'ready',
  run: async (simulator) => {
    const file = await exportCurrent(simulator, format);
    if (file === undefined) return;
    download(file);
    notify(simulator, `${file.name} is saved.`);
  },
});
