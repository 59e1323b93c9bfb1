import { Braces, Download, FileText, Network } from 'lucide-react';
import type { ExportFormat } from '#session/port.ts';
import { exportCurrent, notify } from '#store/runs.ts';
import { useAppState, useSimulator } from '#ui/simulator-context.tsx';
import { Menu, MenuHeading, MenuItem } from '#ui/widgets/Menu.tsx';
import { download } from './download.ts';

export function ExportMenu() {
  const simulator = useSimulator();
  const ready = useAppState((state) => state.session.phase.kind === 'ready');
  const save = async (format: ExportFormat): Promise<void> => {
    const file = await exportCurrent(simulator, format);
    if (file === undefined) return;
    download(file);
    notify(simulator, `${file.name} is saved.`);
  };
  return (
    <Menu label="Export" icon={<Download />} disabled={!ready}>
      <MenuHeading>The whole run as a file</MenuHeading>
      <MenuItem icon={<Network />} hint="pcapng, opens in Wireshark" onSelect={() => void save('pcapng')}>
        Capture
      </MenuItem>
      <MenuItem icon={<FileText />} hint="Every message on a line, as text" onSelect={() => void save('ladder')}>
        Ladder
      </MenuItem>
      <MenuItem icon={<Braces />} hint="The trace: messages, notes, states, as JSON" onSelect={() => void save('json')}>
        Trace
      </MenuItem>
    </Menu>
  );
}
