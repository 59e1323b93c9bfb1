import type { Priced } from '#scenario/price/price-run.ts';
import { FORMULAS, messagesByKind, messagesInAll, messagesPerWatcher, perSecond, type PriceParameters, type Saving, SAVINGS } from '#trace/price-formula.ts';
import type { BorderKind } from '#trace/border-count.ts';
import { spaced } from '#store/price-numbers.ts';
import table from '#ui/widgets/table.module.css';
import { NumbersHead } from './NumbersHead.tsx';
import styles from './Price.module.css';
import { KIND_ORDER, KIND_WORDS, SAVING_WORDS } from './savings.ts';

interface Props {
  readonly parameters: PriceParameters;
  readonly pricedOf: (saving: Saving) => Priced | undefined;
  /** Left out where no scenario of the catalog has these numbers. */
  readonly onOpen?: (saving: Saving) => void;
}

/** One case: what each saving costs a watcher, counted and by formula, and all watchers together. */
export function PriceTable({ parameters, pricedOf, onOpen }: Props) {
  const most = Math.max(...SAVINGS.map((saving) => messagesPerWatcher(parameters, saving)));
  return (
    <table className={`${table.table ?? ''} ${styles.table ?? ''}`}>
      <thead>
        <tr>
          <th scope="col" rowSpan={2}>
            Saving
          </th>
          <th scope="col" rowSpan={2}>
            Formula
          </th>
          <th scope="colgroup" colSpan={4} className={styles.group}>
            Per watcher and session
          </th>
          <th scope="colgroup" colSpan={2} className={styles.group}>
            All users
          </th>
        </tr>
        <tr>
          <th scope="col" className={table.number}>
            By formula
          </th>
          <th scope="col" className={table.number}>
            Counted
          </th>
          <th scope="col">
            <Legend />
          </th>
          <th scope="col" className={table.number}>
            Bytes
          </th>
          <th scope="col" className={table.number}>
            Messages/s
          </th>
          <th scope="col" className={table.number}>
            kB/s
          </th>
        </tr>
      </thead>
      <tbody>
        {SAVINGS.map((saving) => {
          const priced = pricedOf(saving);
          const formula = messagesPerWatcher(parameters, saving);
          return (
            <tr key={saving}>
              <th scope="row">
                {onOpen === undefined ? (
                  SAVING_WORDS[saving].name
                ) : (
                  <button type="button" className={styles.open} onClick={() => onOpen(saving)}>
                    {SAVING_WORDS[saving].name}
                  </button>
                )}
                {saving === 'common' && <span className={styles.experiment}>experiment</span>}
              </th>
              <td className={styles.formula}>{FORMULAS[saving]}</td>
              <td className={table.number}>{spaced(formula)}</td>
              <td className={table.number}>
                {priced === undefined ? <span className={styles.hint}>…</span> : <Counted messages={priced.messages} formula={formula} />}
              </td>
              <td>
                <Bar parameters={parameters} saving={saving} priced={priced} most={most} />
              </td>
              <td className={table.number}>{priced === undefined ? <span className={styles.hint}>…</span> : spaced(priced.bytes)}</td>
              <td className={table.number}>{spaced(perSecond(messagesInAll(parameters, saving), parameters), 1)}</td>
              <td className={table.number}>
                {priced === undefined ? <span className={styles.hint}>…</span> : spaced(perSecond((2 * parameters.users * priced.bytes) / 1000, parameters), 1)}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

export function Counted({ messages, formula }: { readonly messages: number; readonly formula: number }) {
  const isEqual = messages === formula;
  return (
    <span className={styles.counted} data-equal={isEqual}>
      {spaced(messages, Number.isInteger(messages) ? 0 : 2)} <span aria-hidden="true">{isEqual ? '✓' : '≠'}</span>
      <span className="visually-hidden">{isEqual ? 'equals the formula' : 'differs from the formula'}</span>
    </span>
  );
}

/** What the bytes that were counted are for. */
export function BytesTable({ pricedOf }: Pick<Props, 'pricedOf'>) {
  return (
    <table className={`${table.table ?? ''} ${styles.table ?? ''}`}>
      <NumbersHead what="Bytes per watcher and session" columns={[...KIND_ORDER.map((kind) => KIND_WORDS[kind]), 'In all', 'A message on average']} />
      <tbody>
        {SAVINGS.map((saving) => {
          const priced = pricedOf(saving);
          const cell = (amount: number | undefined) => (amount === undefined ? <span className={styles.hint}>…</span> : spaced(amount));
          return (
            <tr key={saving}>
              <th scope="row">{SAVING_WORDS[saving].name}</th>
              {KIND_ORDER.map((kind) => (
                <td key={kind} className={table.number}>
                  {cell(priced?.byKind[kind].bytes)}
                </td>
              ))}
              <td className={table.number}>{cell(priced?.bytes)}</td>
              <td className={table.number}>{cell(priced === undefined ? undefined : Math.round(priced.bytes / priced.messages))}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function Bar({
  parameters,
  saving,
  priced,
  most,
}: {
  readonly parameters: PriceParameters;
  readonly saving: Saving;
  readonly priced: Priced | undefined;
  readonly most: number;
}) {
  const split = priced === undefined ? messagesByKind(parameters, saving) : ofMessages(priced);
  const words = KIND_ORDER.map((kind) => `${KIND_WORDS[kind]} ${spaced(split[kind], Number.isInteger(split[kind]) ? 0 : 1)}`).join(', ');
  return (
    <span className={styles.bar} role="img" aria-label={words} title={words} data-counted={priced !== undefined}>
      {KIND_ORDER.map((kind) => (
        <span key={kind} data-kind={kind} style={{ width: `${(100 * split[kind]) / most}%` }} />
      ))}
    </span>
  );
}

const ofMessages = ({ byKind }: Priced): Readonly<Record<BorderKind, number>> =>
  Object.fromEntries(KIND_ORDER.map((kind) => [kind, byKind[kind].messages])) as Record<BorderKind, number>;

function Legend() {
  return (
    <span className={styles.legend}>
      {KIND_ORDER.map((kind) => (
        <span key={kind}>
          <i data-kind={kind} aria-hidden="true" /> {KIND_WORDS[kind].toLowerCase()}
        </span>
      ))}
    </span>
  );
}
