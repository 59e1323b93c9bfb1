/** The menu at a place of the stage, on Radix. Loaded with the first one. */
import { DropdownMenu } from 'radix-ui';
import { Info, Megaphone } from 'lucide-react';
import { inspectEntity, openPublish } from '#store/commands.ts';
import { linkActs } from '#store/link-acts.ts';
import { storyOf } from '#store/simulator.ts';
import { transmissionsAt } from '#store/switch-level.ts';
import { entityActs, formatPlace, possibleActs, presentityOf, type WhatIf } from '#store/what-if.ts';
import type { OpenedMenu } from '#ui/stage/use-stage-menu.ts';
import { useExecute, useSimulator } from '#ui/simulator-context.tsx';
import styles from '#ui/widgets/widgets.module.css';
import { Act } from './contents.tsx';
import { MenuHeading, MenuItem, MenuRule } from './items.tsx';

interface Props {
  readonly opened: OpenedMenu;
  readonly onClose: () => void;
}

export function StageMenu({ opened, onClose }: Props) {
  const { x, y, from, target } = opened;
  const title = target.kind === 'link' ? target.title : 'Entity';
  return (
    <DropdownMenu.Root defaultOpen modal={false} onOpenChange={(open) => !open && onClose()}>
      <DropdownMenu.Trigger className={styles.anchor} style={{ left: x, top: y }} tabIndex={-1} aria-label={title} />
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          className={styles.menu}
          align="start"
          sideOffset={4}
          collisionPadding={8}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            from?.focus();
          }}
        >
          {target.kind === 'link' ? <LinkContent {...target} /> : <EntityContent entity={target.entity} />}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

function useTransmissions() {
  const simulator = useSimulator();
  const told = storyOf(simulator);
  return told === undefined ? undefined : transmissionsAt(told, simulator.viewTime.getState());
}

function LinkContent({ title, links }: { readonly title: string; readonly links: readonly (readonly [string, string])[] }) {
  const at = useTransmissions();
  if (at === undefined) return null;
  const { story, time } = at;
  const nameOf = (id: string): string => story.entity(id)?.label ?? id;
  return (
    <>
      <MenuHeading>
        {title}, {formatPlace(story, time)}
      </MenuHeading>
      {links.map(([a, b]) => (
        <LinkPart key={`${a} ${b}`} title={links.length > 1 ? `${nameOf(a)} – ${nameOf(b)}` : undefined} acts={linkActs(story, time, [a, b])} />
      ))}
    </>
  );
}

function LinkPart({ title, acts }: { readonly title: string | undefined; readonly acts: readonly WhatIf[] }) {
  return (
    <>
      {title !== undefined && <MenuHeading>{title}</MenuHeading>}
      {acts.map((act) => (
        <Act key={act.id} act={act} />
      ))}
    </>
  );
}

function EntityContent({ entity }: { readonly entity: string }) {
  const execute = useExecute();
  const at = useTransmissions();
  if (at === undefined) return null;
  const { story, time } = at;
  const ofUser = possibleActs(story, time).filter(({ change }) => change.kind === 'do' && change.who === entity);
  return (
    <>
      <MenuHeading>
        {story.entity(entity)?.label ?? entity}, {formatPlace(story, time)}
      </MenuHeading>
      <MenuItem icon={<Info />} onSelect={() => execute(inspectEntity(entity))}>
        Show what it holds
      </MenuItem>
      <MenuRule />
      {presentityOf(story)?.id === entity && (
        <MenuItem icon={<Megaphone />} onSelect={() => execute(openPublish)}>
          Publish another state …
        </MenuItem>
      )}
      {[...ofUser, ...entityActs(story, time, entity)].map((act) => (
        <Act key={act.id} act={act} />
      ))}
    </>
  );
}
