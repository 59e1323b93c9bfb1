import { Plus } from 'lucide-react';
import { Button } from '#ui/widgets/Button.tsx';
import styles from './Forms.module.css';
import { KeptRow, Unreadable } from './KeptRow.tsx';
import { RuleCard } from './RuleCard.tsx';
import { freshId, hintsOfRules, NEW_ROW, rowsOfRules, type RuleRow, type ShownRule, withNewRow, withoutRow, withRow } from './rules-form.ts';
import { useCards } from './use-cards.ts';

interface Props {
  /** Of the draft. */
  readonly name: string;
  readonly text: string;
  readonly onChange: (text: string) => void;
}

/** Every rule a card. While a card is being filled in its text may be none that the server takes: the cards stay then. */
export function RulesForm({ name, text, onChange }: Props) {
  const [left, keep] = useCards<ShownRule>(name, text);
  const read = rowsOfRules(text);
  const rows = left ?? ('kind' in read ? undefined : read);
  const hints = hintsOfRules(text);
  const write = (to: string, next: readonly ShownRule[]): void => {
    keep(to, next);
    onChange(to);
  };
  if (rows === undefined) return <Unreadable what="rules" fault={'kind' in read ? read : undefined} />;
  const replace = (i: number, row: RuleRow): void =>
    write(
      withRow(text, i, row),
      rows.map((each, n) => (n === i ? { kind: 'row', row } : each)),
    );
  const remove = (i: number): void =>
    write(
      withoutRow(text, i),
      rows.filter((_, n) => n !== i),
    );
  const add = (): void => {
    const row: RuleRow = { ...NEW_ROW, id: freshId(rows.map((each) => (each.kind === 'row' ? each.row.id : each.id))) };
    write(withNewRow(text, row), [...rows, { kind: 'row', row }]);
  };
  return (
    <section className={styles.form} aria-label="The rules as a form">
      <p className={styles.hint}>
        Of all rules that hold for a watcher, the one that gives most counts, whatever their order: block &lt; ask me &lt; politely block &lt; allow (RFC 5025
        §3.2.1). To block somebody whom a rule for many gives more, leave them out of that rule. Whom no rule names, the presence server treats as its operator
        says.
      </p>
      <ol className={styles.cards}>
        {rows.map((shown, i) => (
          <li key={i}>
            {shown.kind === 'kept' ? (
              <KeptRow name={shown.id} what="rule" onRemove={() => remove(i)} />
            ) : (
              <RuleCard row={shown.row} hint={hints[i]} onChange={(row) => replace(i, row)} onRemove={() => remove(i)} />
            )}
          </li>
        ))}
      </ol>
      <Button icon={<Plus />} className={styles.add ?? ''} onPress={add}>
        Add a rule
      </Button>
    </section>
  );
}
