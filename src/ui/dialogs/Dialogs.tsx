import { closeDialog } from '#store/commands.ts';
import type { DialogName } from '#store/store.ts';
import { PartBoundary } from '#ui/errors/PartBoundary.tsx';
import { useAppState, useExecute } from '#ui/simulator-context.tsx';
import { createLate, type Late } from '#ui/widgets/late.ts';

const DIALOGS: Readonly<Record<DialogName, Late<{ readonly onClose: () => void }>>> = {
  counts: createLate(() => import('../counts/CountsDialog.tsx').then((module) => module.CountsDialog)),
  coverage: createLate(() => import('../coverage/CoverageDialog.tsx').then((module) => module.CoverageDialog)),
  price: createLate(() => import('../price/PriceDialog.tsx').then((module) => module.PriceDialog)),
  scenarios: createLate(() => import('./ScenariosDialog.tsx').then((module) => module.ScenariosDialog)),
  publish: createLate(() => import('./PublishDialog.tsx').then((module) => module.PublishDialog)),
  network: createLate(() => import('./NetworkDialog.tsx').then((module) => module.NetworkDialog)),
  document: createLate(() => import('../forms/DocumentDialog.tsx').then((module) => module.DocumentDialog)),
  edit: createLate(() => import('../edit/EditDialog.tsx').then((module) => module.EditDialog)),
  compare: createLate(() => import('../compare/CompareDialog.tsx').then((module) => module.CompareDialog)),
  palette: createLate(() => import('../palette/PaletteDialog.tsx').then((module) => module.PaletteDialog)),
  shortcuts: createLate(() => import('./ShortcutsDialog.tsx').then((module) => module.ShortcutsDialog)),
};

/** The dialog that is open, if any; each is loaded when it is first wanted. */
export function Dialogs() {
  const execute = useExecute();
  const name = useAppState((state) => state.layout.dialog);
  if (name === undefined) return null;
  const { Show } = DIALOGS[name];
  const close = (): void => execute(closeDialog);
  return (
    <PartBoundary key={name} what="This dialog" onBroken={close}>
      <Show with={{ onClose: close }} meanwhile={null} />
    </PartBoundary>
  );
}
