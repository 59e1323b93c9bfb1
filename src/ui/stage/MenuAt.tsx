/** The stage's menu, where one is open; loaded when first wanted. */
import { PartBoundary } from '#ui/errors/PartBoundary.tsx';
import { createLate } from '#ui/widgets/late.ts';
import type { StageMenuControl } from './use-stage-menu.ts';

const late = createLate(() => import('#ui/menus/StageMenu.tsx').then((module) => module.StageMenu));

export function MenuAt({ menu: { opened, close } }: { readonly menu: StageMenuControl }) {
  if (opened === undefined) return null;
  return (
    <PartBoundary key={`${opened.x} ${opened.y}`} what="This menu" onBroken={close}>
      <late.Show with={{ opened, onClose: close }} meanwhile={null} />
    </PartBoundary>
  );
}
