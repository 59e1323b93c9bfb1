/**
 * What somebody has begun to write in a form: it stays until it is sent or given up, whatever is looked at in between (over a reload: app/kept-drafts.ts). Each is kept under a name that
 * says what it belongs to, so that it is never taken for something else's.
 */
import type { EntityId, MessageRecord } from '#trace/record.ts';
import type { OwnDocument } from './own-documents.ts';
import type { Simulator } from './simulator.ts';
import type { AppState, RunId } from './store.ts';
import type { PublishedState } from './what-if.ts';

/** Under one name all keep drafts of one kind. */
export type DraftName<T> = string & { readonly draftOf?: T };

const named = <T>(...parts: readonly (string | number)[]): DraftName<T> => parts.join(' ');

/** Of a document of a scenario. */
export const documentDraft = (scenario: string, { usage, owner }: Pick<OwnDocument, 'usage' | 'owner'>): DraftName<string> => named(scenario, usage, owner);

export interface MessageDraft {
  readonly text: string;
  /** Content-Length follows the body. */
  readonly keepLength: boolean;
}

/** Of a message as it was sent: the same number may be another message in another run. */
export const messageDraft = (scenario: string, { id }: Pick<MessageRecord, 'id'>, sent: string): DraftName<MessageDraft> =>
  named(scenario, 'message', id, sent);

/** `Fields` are those of the form. */
export const policyDraft = <Fields>(scenario: string, server: EntityId): DraftName<Fields> => named(scenario, 'policy', server);

export const publishDraft = (scenario: string): DraftName<PublishedState> => named(scenario, 'publish');

/** What a network can be turned into hangs on the run that it is turned from. */
export const networkDraft = (run: RunId): DraftName<Readonly<Record<string, string>>> => named('network', run);

export const selectDraft = <T>(state: AppState, name: DraftName<T>): T | undefined => state.drafts[name] as T | undefined;

/** Undefined gives it up. */
export function keepDraft<T>({ store }: Simulator, name: DraftName<T>, draft: T | undefined): void {
  const { [name]: _, ...others } = store.getState().drafts;
  store.setState({ drafts: draft === undefined ? others : { ...others, [name]: draft } });
}
