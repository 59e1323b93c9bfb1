import { useMemo } from 'react';
import { change, editDocument } from '#store/commands.ts';
import { NOUNS } from '#store/documents.ts';
import { ownDocuments } from '#store/own-documents.ts';
import type { Story } from '#store/story.ts';
import { transmissionsAt } from '#store/switch-level.ts';
import { entityActs, possibleActs, type WhatIf } from '#store/what-if.ts';
import type { EntityId } from '#trace/record.ts';
import { useAppState, useExecute, useSimulator, useViewTime } from '#ui/simulator-context.tsx';
import { Button } from '#ui/widgets/Button.tsx';
import styles from './Inspector.module.css';

/** What a person can do to this entity, or make its user do, at this moment. */
export function EntityActs({ told, entity }: { readonly told: Story; readonly entity: EntityId }) {
  const execute = useExecute();
  const simulator = useSimulator();
  const ready = useAppState((state) => state.session.phase.kind === 'ready');
  // What can be done depends on the step; when it is done, on the very moment.
  useViewTime((time) => time.step);
  const actsNow = (): readonly WhatIf[] => {
    const { story, time } = transmissionsAt(told, simulator.viewTime.getState());
    const ofUser = possibleActs(story, time).filter(({ change: made }) => made.kind === 'do' && made.who === entity);
    return [...ofUser, ...entityActs(story, time, entity)];
  };
  const documents = useAppState((state) => state.session.views?.entities);
  // At the terminal of who may change it, and at the server that keeps it.
  const own = useMemo(() => ownDocuments(documents).filter(({ ue, server }) => ue === entity || server === entity), [documents, entity]);
  const doNow = (id: string): void => {
    const act = actsNow().find((each) => each.id === id);
    if (act !== undefined) execute(change(act));
  };
  return (
    <div className={styles.entityActs} role="group" aria-label="What if">
      {actsNow().map(({ id, label }) => (
        <Button key={id} className={styles.way ?? ''} disabled={!ready} onPress={() => doNow(id)}>
          {label}
        </Button>
      ))}
      {own.map((document) => (
        <Button key={document.usage + document.ue} className={styles.way ?? ''} disabled={!ready} onPress={() => execute(editDocument(document))}>
          Change the {NOUNS[document.usage]} of {told.entity(document.ue)?.label ?? document.ue} …
        </Button>
      ))}
    </div>
  );
}
