import { Plus, Trash2 } from 'lucide-react';
import { Button } from '#ui/widgets/Button.tsx';
import styles from './Forms.module.css';
import { KeptRow, Unreadable } from './KeptRow.tsx';
import { hintOfMember, type ListRow, rowsOfLists, type ShownList, withList, withNewList, withoutList } from './lists-form.ts';
import { Field } from './RuleCard.tsx';
import { useCards } from './use-cards.ts';

interface Props {
  /** Of the draft. */
  readonly name: string;
  readonly text: string;
  readonly owner: string;
  readonly onChange: (text: string) => void;
}

/** Every list a card, every member a line. */
export function ListsForm({ name, text, owner, onChange }: Props) {
  const [left, keep] = useCards<ShownList>(name, text);
  const read = rowsOfLists(text);
  const rows = left ?? ('kind' in read ? undefined : read);
  const write = (to: string, next: readonly ShownList[]): void => {
    keep(to, next);
    onChange(to);
  };
  if (rows === undefined) return <Unreadable what="lists" fault={'kind' in read ? read : undefined} />;
  const replace = (i: number, row: ListRow): void =>
    write(
      withList(text, i, row),
      rows.map((each, n) => (n === i ? { kind: 'row', row } : each)),
    );
  const remove = (i: number): void =>
    write(
      withoutList(text, i),
      rows.filter((_, n) => n !== i),
    );
  const add = (): void => {
    const uris = rows.map((each) => (each.kind === 'row' ? each.row.uri : each.uri));
    const [user = '', domain = ''] = owner.split('@');
    const stem = user.replace(/_public\d+$/, '');
    let n = rows.length + 1;
    while (uris.includes(`${stem}_list${n}@${domain}`)) n++;
    const row: ListRow = { uri: `${stem}_list${n}@${domain}`, name: '', members: [] };
    write(withNewList(text, row), [...rows, { kind: 'row', row }]);
  };
  return (
    <section className={styles.form} aria-label="The lists as a form">
      <p className={styles.hint}>A list has an address of its own: whoever subscribes to it is told of everybody on it.</p>
      <ol className={styles.cards}>
        {rows.map((shown, i) => (
          <li key={i}>
            {shown.kind === 'kept' ? (
              <KeptRow name={shown.uri} what="list" onRemove={() => remove(i)} />
            ) : (
              <ListCard row={shown.row} onChange={(row) => replace(i, row)} onRemove={() => remove(i)} />
            )}
          </li>
        ))}
      </ol>
      <Button icon={<Plus />} className={styles.add ?? ''} onPress={add}>
        Add a list
      </Button>
    </section>
  );
}

const Hint = ({ text }: { readonly text: string | undefined }) => (text === undefined ? null : <p className={styles.memberHint}>{text}</p>);

function ListCard({ row, onChange, onRemove }: { readonly row: ListRow; readonly onChange: (row: ListRow) => void; readonly onRemove: () => void }) {
  const set = (fields: Partial<ListRow>): void => onChange({ ...row, ...fields });
  const setMember = (i: number, fields: Partial<ListRow['members'][number]>): void =>
    set({ members: row.members.map((each, n) => (n === i ? { ...each, ...fields } : each)) });
  return (
    <div className={styles.card} role="group" aria-label={`The list ${row.uri}`}>
      <div className={styles.cardHead}>
        <Field label="Address of the list">
          <input value={row.uri} spellCheck={false} onChange={(event) => set({ uri: event.target.value })} />
        </Field>
        <Field label="Its name">
          <input value={row.name} onChange={(event) => set({ name: event.target.value })} />
        </Field>
        <Button label={`Remove the list ${row.uri}`} icon={<Trash2 />} className={styles.remove ?? ''} onPress={onRemove} />
      </div>
      <ul className={styles.members} aria-label="Members">
        {row.members.map((member, i) => (
          <li key={i} className={styles.member}>
            <input
              aria-label={`Address of member ${i + 1}`}
              value={member.uri}
              spellCheck={false}
              placeholder="sip:user2_public1@home2.net"
              onChange={(event) => setMember(i, { uri: event.target.value })}
            />
            <input
              aria-label={`Name of member ${i + 1}`}
              value={member.name}
              placeholder="Name"
              onChange={(event) => setMember(i, { name: event.target.value })}
            />
            <Button
              label={`Remove ${member.uri === '' ? `member ${i + 1}` : member.uri}`}
              icon={<Trash2 />}
              className={styles.remove ?? ''}
              onPress={() => set({ members: row.members.filter((_, n) => n !== i) })}
            />
            <Hint text={hintOfMember(row.uri, member.uri)} />
          </li>
        ))}
      </ul>
      <Button icon={<Plus />} className={styles.add ?? ''} onPress={() => set({ members: [...row.members, { uri: '', name: '' }] })}>
        Add a member
      </Button>
    </div>
  );
}
