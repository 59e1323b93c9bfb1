import { shortcutsOf } from '#store/commands.ts';
import { useSimulator } from '#ui/simulator-context.tsx';
import { Modal } from '#ui/widgets/Modal.tsx';
import styles from './dialogs.module.css';

const NAMES: Readonly<Record<string, string>> = { ' ': 'Space', ArrowLeft: '←', ArrowRight: '→', PageUp: 'Page up', PageDown: 'Page down', Escape: 'Esc' };

const formatKey = (key: string): string =>
  key
    .split(/(?<=Ctrl|Shift)\+/)
    .map((part) => NAMES[part] ?? (part.length === 1 ? part.toUpperCase() : part))
    .join('+');

export function ShortcutsDialog({ onClose }: { readonly onClose: () => void }) {
  const simulator = useSimulator();
  return (
    <Modal title="Keyboard shortcuts" text onClose={onClose}>
      <dl className={styles.shortcuts}>
        {shortcutsOf(simulator).map((command) => (
          <div key={command.id} className={styles.shortcut}>
            <dt>{command.label}</dt>
            <dd>
              {command.keys.map((key) => (
                <kbd key={key}>{formatKey(key)}</kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
