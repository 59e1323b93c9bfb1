/** The documents that users of the story keep at a server and may change over Ut, as they are where the reader stands. */
import type { ViewDocument } from '#base/view.ts';
import type { EntityViews } from '#session/port.ts';
import type { EntityId } from '#trace/record.ts';
import type { Story } from './story.ts';

export type DocumentUsage = 'pres-rules' | 'rls-services';

/** Who may change what. `kept`: as the server holds it at this moment; undefined: there is none. */
export interface OwnDocument {
  readonly usage: DocumentUsage;
  readonly owner: string;
  readonly ue: EntityId;
  readonly server: EntityId;
  readonly kept: Pick<ViewDocument, 'text' | 'tag'> | undefined;
}

const USAGES: ReadonlySet<string> = new Set<DocumentUsage>(['pres-rules', 'rls-services']);
const isUsage = (text: string): text is DocumentUsage => USAGES.has(text);

/** In the order of the entities. */
export function ownDocuments(views: EntityViews | undefined): readonly OwnDocument[] {
  return Object.entries(views ?? {}).flatMap(([ue, { changes = [] }]) =>
    changes.flatMap(({ usage, owner, server }): OwnDocument[] => {
      const kept = views?.[server]?.documents?.find((each) => each.usage === usage && each.owner === owner);
      return isUsage(usage) ? [{ usage, owner, ue, server, kept }] : [];
    }),
  );
}

/** Whether lists are served in this story that no user can change, because no server keeps them as documents. */
export const fixedLists = ({ trace: { entities } }: Story): boolean =>
  entities.some(({ kind }) => kind === 'list-server') && !entities.some(({ kind }) => kind === 'xdms');
