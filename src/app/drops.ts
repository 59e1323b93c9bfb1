/** A file that is dropped on the page, wherever, is opened: a scenario of somebody's own, or a saved run. While one is held over the page it says so (`data-file-over`, ui/base.css). */
import { notify } from '#store/runs.ts';
import type { Simulator } from '#store/simulator.ts';

const holdsFile = ({ dataTransfer }: DragEvent): boolean => dataTransfer?.types.includes('Files') === true;

/** Returns the function that stops it. */
export function listenToDrops(simulator: Simulator, { document }: Window): () => void {
  const root = document.documentElement;
  const leave = (): void => root.removeAttribute('data-file-over');
  const onOver = (event: DragEvent): void => {
    if (!holdsFile(event)) return;
    event.preventDefault();
    root.setAttribute('data-file-over', '');
  };
  const onLeave = ({ relatedTarget }: DragEvent): void => {
    if (relatedTarget === null) leave();
  };
  const onDrop = (event: DragEvent): void => {
    if (!holdsFile(event)) return;
    // Else the browser would leave the page for the file.
    event.preventDefault();
    leave();
    const files = [...(event.dataTransfer?.files ?? [])];
    const [file] = files;
    if (file === undefined) return;
    if (files.length > 1) return notify(simulator, `${files.length} files were dropped, and one is opened at a time. Drop one of them.`, 'problem');
    void import('#ui/menus/choose-file.ts').then(
      ({ takeFile }) => takeFile(simulator, file),
      () => notify(simulator, 'What opens files could not be loaded. Look whether the network is there and try again.', 'problem'),
    );
  };
  document.addEventListener('dragover', onOver);
  document.addEventListener('dragleave', onLeave);
  document.addEventListener('drop', onDrop);
  return () => {
    document.removeEventListener('dragover', onOver);
    document.removeEventListener('dragleave', onLeave);
    document.removeEventListener('drop', onDrop);
  };
}
