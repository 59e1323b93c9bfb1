import type { Priced } from '#scenario/price/price-run.ts';
import { CASES, messagesInAll, messagesPerWatcher, perSecond, PRICE_CASES, type PriceCase, PUBLISHED, type Saving, SAVINGS } from '#trace/price-formula.ts';
import { spaced } from '#store/price-numbers.ts';
import table from '#ui/widgets/table.module.css';
import { Counted } from './PriceTable.tsx';
import { NumbersHead } from './NumbersHead.tsx';
import styles from './Price.module.css';
import { SAVING_WORDS } from './savings.ts';

/** All published cases: per watcher, and per second at full size; what the draft printed beside it. */
export function CasesTable({ pricedOf }: { readonly pricedOf: (each: PriceCase, saving: Saving) => Priced | undefined }) {
  return (
    <table className={`${table.table ?? ''} ${styles.table ?? ''}`}>
      <NumbersHead what="Messages per watcher and session" columns={[...SAVINGS.map((saving) => SAVING_WORDS[saving].name), 'Draft -00, kB/s']} />
      <tbody>
        {PRICE_CASES.map((each) => {
          const { name, title, parameters } = CASES[each];
          const { simple, optimised, xmpp } = PUBLISHED[each];
          return (
            <tr key={each}>
              <th scope="row">
                {name} {title}
                <p className={styles.hint}>
                  {parameters.contacts} contacts, {parameters.changesPerHour} changes/h, {spaced(parameters.users)} users
                </p>
              </th>
              {SAVINGS.map((saving) => {
                const priced = pricedOf(each, saving);
                const formula = messagesPerWatcher(parameters, saving);
                return (
                  <td key={saving} className={table.number}>
                    {priced === undefined ? <span className={styles.hint}>{spaced(formula)}</span> : <Counted messages={priced.messages} formula={formula} />}
                    <p className={styles.hint}>{spaced(perSecond(messagesInAll(parameters, saving), parameters), 1)}/s</p>
                  </td>
                );
              })}
              <td className={table.number}>
                {spaced(simple)}
                <p className={styles.hint}>
                  {optimised === undefined ? '' : `optimised ${spaced(optimised)}, `}XMPP {spaced(xmpp)}
                </p>
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
