/** The menu at a place of the stage: what can be done to the entity or the link that was pointed at. Opened by a click, the right mouse button or the keyboard. */
import { useCallback, useState, type KeyboardEvent, type MouseEvent } from 'react';
import type { LinkEnds } from '#store/link-acts.ts';
import type { EntityId } from '#trace/record.ts';

export type MenuTarget =
  | { readonly kind: 'entity'; readonly entity: EntityId }
  /** Several, where one line stands for them. */
  | { readonly kind: 'link'; readonly title: string; readonly links: readonly LinkEnds[] };

export interface OpenedMenu {
  readonly target: MenuTarget;
  /** Where on the screen. */
  readonly x: number;
  readonly y: number;
  /** Gets the focus back, where the menu was opened from the keyboard. */
  readonly from: SVGElement | undefined;
}

type MenuEvent = MouseEvent<SVGElement> | KeyboardEvent<SVGElement>;
/** Keys other than Enter and Space open nothing. */
export type OpenMenu = (target: MenuTarget, event: MenuEvent) => void;

export interface StageMenuControl {
  readonly opened: OpenedMenu | undefined;
  readonly open: OpenMenu;
  readonly close: () => void;
}

export function useStageMenu(): StageMenuControl {
  const [opened, setOpened] = useState<OpenedMenu>();
  const open = useCallback((target: MenuTarget, event: MenuEvent): void => {
    const byKey = 'key' in event;
    if (byKey && event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    event.stopPropagation();
    const box = event.currentTarget.getBoundingClientRect();
    // The menu key of the keyboard tells no place either.
    const pointed = !byKey && (event.clientX !== 0 || event.clientY !== 0) ? event : undefined;
    setOpened({
      target,
      x: pointed?.clientX ?? box.x + box.width / 2,
      y: pointed?.clientY ?? box.y + box.height / 2,
      from: byKey || document.activeElement === event.currentTarget ? event.currentTarget : undefined,
    });
  }, []);
  const close = useCallback(() => setOpened(undefined), []);
  return { opened, open, close };
}
