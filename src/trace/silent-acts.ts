/** What happens without a message, and is told between those of a ladder: what operators break and mend, and what somebody wanted but was refused before anything was sent. */
import { impairmentText } from './impairment.ts';
import type { EntityId, IntentRecord, RecordId, Trace } from './record.ts';

export interface SilentAct {
  readonly record: RecordId;
  readonly at: number;
  readonly entity: EntityId;
  /** `Stops`, `Link to S-CSCF#2 is cut`; a refusal has its reason only. */
  readonly text: string;
  /** The whole sentence. */
  readonly reason: string;
  /** Something is broken or refused by it. */
  readonly rejected: boolean;
}

/** In the order in which they were done; of those only that the participants see. */
export function silentActs({ records, entities }: Pick<Trace, 'records' | 'entities'>): readonly SilentAct[] {
  const labels = new Map(entities.map(({ id, label }) => [id, label]));
  return records.flatMap((record): readonly SilentAct[] => {
    if (record.kind === 'note' && record.op === 'rejected' && record.message === undefined && labels.has(record.entity)) {
      const { id, at, entity, reason } = record;
      return [{ record: id, at, entity, text: reason, reason, rejected: true }];
    }
    return record.kind === 'intent' ? actOf(labels, record) : [];
  });
}

function actOf(labels: ReadonlyMap<EntityId, string>, { id, at, entity, intent }: IntentRecord): readonly SilentAct[] {
  const label = labels.get(entity ?? '');
  if (entity === undefined || label === undefined) return [];
  const other = typeof intent['to'] === 'string' ? intent['to'] : '';
  const end = labels.get(other) ?? other;
  const link = `The link between ${label} and ${end}`;
  const act = (text: string, reason: string, rejected: boolean): readonly SilentAct[] => [{ record: id, at, entity, text, reason, rejected }];
  switch (intent.kind) {
    case 'crash':
      return act('Stops', `${label} stops: what is sent to it reaches nobody until it comes back.`, true);
    case 'restart':
      return act('Comes back', `${label} comes back with its configuration, and without what was in its memory.`, false);
    case 'cut':
      return act(`Link to ${end} is cut`, `${link} is cut: nothing passes until it is repaired.`, true);
    case 'impair': {
      const fault = impairmentText(intent);
      return act(`Link to ${end}: ${fault}`, `${link} is bad from now on: ${fault}.`, true);
    }
    case 'restore':
      return act(`Link to ${end} is repaired`, `${link} carries messages again.`, false);
    default:
      return [];
  }
}
