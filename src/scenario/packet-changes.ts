/** What a person does to single messages on their way, as rules of the network. The network answers by itself. */
import type { Note } from '#base/note.ts';
import type { Duration } from '#base/time.ts';
import type { Packet, PacketRule, Verdict } from '#sim/packet.ts';
import { applyEdits, differencesOf, type Difference } from '#trace/message-edits.ts';
import type { Change } from '#trace/record.ts';

const PASS: Verdict = { kind: 'pass' };

/** One rule for each change of a message, in the order in which they were made. */
export const packetRules = (changes: readonly Change[]): readonly PacketRule[] =>
  changes.flatMap((change) => {
    if (change.kind === 'do' || change.kind === 'set') return [];
    const act = ruleOf(change);
    return [(packet: Packet) => (packet.record === change.record ? act(packet) : PASS)];
  });

function ruleOf(change: Exclude<Change, { kind: 'do' | 'set' }>): PacketRule {
  switch (change.kind) {
    case 'drop':
    case 'duplicate':
      return () => change;
    case 'delay':
      // A lost message does not come late.
      return ({ arrivesAt, sentAt }) => (arrivesAt === undefined ? PASS : { kind: 'deliver', delay: (arrivesAt - sentAt + change.by) as Duration });
    case 'edit':
      return ({ arriving, send }) => {
        const bytes = applyEdits(arriving, change.edits);
        return { kind: 'replace', bytes, remarks: send.protocol === 'SIP' ? differencesOf(arriving, bytes).map(remarkOf) : [OTHER_BYTES] };
      };
  }
}

const OTHER_BYTES: Note = { op: 'changed', reason: 'The bytes were changed on the way, by a person: the sender wrote others.' };

/** An operator's act, not an entity's: no clause governs it. */
function remarkOf({ op, header, from, to }: Difference): Note {
  if (header === 'Body') return { op, reason: 'The body was changed on the way, by a person: the sender wrote another.' };
  const what = op === 'removed' ? 'was taken out' : op === 'added' ? 'was put in' : 'was changed';
  const sender = op === 'removed' ? 'wrote it' : op === 'added' ? 'did not write it' : `wrote ${from ?? ''}`;
  return {
    op,
    header,
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    reason: `The ${header} ${what} on the way, by a person: the sender ${sender}.`,
  };
}
