import { lazy, Suspense, type LazyExoticComponent, type ReactNode } from 'react';
import { closeDialog } from '#store/commands.ts';
import type { DialogName } from '#store/store.ts';
import { useAppState, useExecute } from '#ui/simulator-context.tsx';

const DIALOGS: Readonly<Record<DialogName, LazyExoticComponent<(props: { readonly onClose: () => void }) => ReactNode>>> = {
  counts: lazy(() => import('../counts/CountsDialog.tsx').then((module) => ({ default: module.CountsDialog }))),
  coverage: lazy(() => import('../coverage/CoverageDialog.tsx').then((module) => ({ default: module.CoverageDialog }))),
  price: lazy(() => import('../price/PriceDialog.tsx').then((module) => ({ default: module.PriceDialog }))),
  scenarios: lazy(() => import('./ScenariosDialog.tsx').then((module) => ({ default: module.ScenariosDialog }))),
  publish: lazy(() => import('./PublishDialog.tsx').then((module) => ({ default: module.PublishDialog }))),
  network: lazy(() => import('./NetworkDialog.tsx').then((module) => ({ default: module.NetworkDialog }))),
  document: lazy(() => import('../forms/DocumentDialog.tsx').then((module) => ({ default: module.DocumentDialog }))),
  edit: lazy(() => import('../edit/EditDialog.tsx').then((module) => ({ default: module.EditDialog }))),
  compare: lazy(() => import('../compare/CompareDialog.tsx').then((module) => ({ default: module.CompareDialog }))),
  palette: lazy(() => import('../palette/PaletteDialog.tsx').then((module) => ({ default: module.PaletteDialog }))),
  shortcuts: lazy(() => import('./ShortcutsDialog.tsx').then((module) => ({ default: module.ShortcutsDialog }))),
};

/** The dialog that is open, if any; each is loaded when it is first wanted. */
export function Dialogs() {
  const execute = useExecute();
  const name = useAppState((state) => state.layout.dialog);
  if (name === undefined) return null;
  const Open = DIALOGS[name];
  return (
    <Suspense fallback={null}>
      <Open onClose={() => execute(closeDialog)} />
    </Suspense>
  );
}
