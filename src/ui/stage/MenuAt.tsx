/** The stage's menu, where one is open; loaded when first wanted. */
import { lazy, Suspense } from 'react';
import type { StageMenuControl } from './use-stage-menu.ts';

const StageMenu = lazy(() => import('#ui/menus/StageMenu.tsx').then((module) => ({ default: module.StageMenu })));

export function MenuAt({ menu: { opened, close } }: { readonly menu: StageMenuControl }) {
  if (opened === undefined) return null;
  return (
    <Suspense fallback={null}>
      <StageMenu key={`${opened.x} ${opened.y}`} opened={opened} onClose={close} />
    </Suspense>
  );
}
