/** The price of presence as aligned text: what the runs of the scaled-down cases counted, the formula beside it, and what that comes to at full size. */
import { inThousands } from '#base/thousands.ts';
import type { PricedCase } from '#scenario/price/price-run.ts';
import { BORDER_KINDS } from '#trace/border-count.ts';
import { CASES, changesOf, FORMULAS, messagesInAll, perSecond, PRICE_CASES, PUBLISHED, refreshesOf, SAVINGS } from '#trace/price-formula.ts';

const spaced = (number: number): string => inThousands(String(Math.round(number)), ' ');
const tenths = (number: number): string => {
  const [whole = '', rest = ''] = number.toFixed(1).split('.');
  return `${spaced(Number(whole))}.${rest}`;
};

export const isExact = ({ messages, formula }: Pick<PricedCase, 'messages' | 'formula'>): boolean => messages === formula;

function rowsOf(priced: readonly PricedCase[]): readonly string[] {
  return priced.map((row) => {
    const { parameters, saving, messages, formula, bytes } = row;
    const kinds = BORDER_KINDS.map((kind) => spaced(row.byKind[kind].bytes).padStart(10)).join('');
    const seconds = tenths(perSecond(messagesInAll(parameters, saving), parameters)).padStart(12);
    const kilobytes = tenths(perSecond((2 * parameters.users * bytes) / 1000, parameters)).padStart(13);
    return `${CASES[row.case].name.padEnd(5)}${saving.padEnd(17)}${spaced(messages).padStart(9)}${spaced(formula).padStart(9)}  ${(isExact(row) ? 'equal' : 'NOT EQUAL').padEnd(9)}${kinds}${spaced(bytes).padStart(11)}${seconds}${kilobytes}`;
  });
}

/** What is computed per watcher and session, then per second for all users of both domains. */
export function formatPrice(priced: readonly PricedCase[]): string {
  const cases = PRICE_CASES.filter((each) => priced.some((row) => row.case === each));
  return [
    'The price of presence: what crosses the border between two domains that watch each other',
    '',
    'Per watcher and session: requests and answers, counted in runs scaled down in users, and by formula. Bytes are those of the messages counted.',
    '',
    `${''.padEnd(22)}${'messages'.padStart(9)}${''.padStart(9)}  ${''.padEnd(9)}${'bytes'.padStart(10)}${''.padStart(30)}${''.padStart(11)}${'full size'.padStart(12)}`,
    `${'case'.padEnd(5)}${'saving'.padEnd(17)}${'counted'.padStart(9)}${'formula'.padStart(9)}  ${''.padEnd(9)}${BORDER_KINDS.map((kind) => kind.padStart(10)).join('')}${'all'.padStart(11)}${'messages/s'.padStart(12)}${'kB/s'.padStart(13)}`,
    ...rowsOf(priced),
    '',
    'Formulas, per watcher (C contacts, k changes, r refreshes of each subscription):',
    ...SAVINGS.map((saving) => `  ${saving.padEnd(17)}${FORMULAS[saving]}`),
    '  common is an experiment, no standard; it is run with everybody watching, all else with one watcher in each domain.',
    '',
    'Cases:',
    ...cases.map((each) => {
      const { name, title, parameters } = CASES[each];
      const { contacts, hours, users } = parameters;
      return `  ${name} ${title.padEnd(20)} C = ${String(contacts).padStart(2)}, ${hours} h, k = ${changesOf(parameters)}, r = ${refreshesOf(parameters)}, ${spaced(users)} users in each domain`;
    }),
    '',
    'Draft -00 of April 2007, as reported by Isode and the XSF, in kB/s (other sizes of messages, and assumptions that are not known: not reproduced here):',
    ...cases.map((each) => {
      const { simple, optimised, xmpp } = PUBLISHED[each];
      return `  ${CASES[each].name} SIMPLE ${spaced(simple).padStart(8)}, optimised ${(optimised === undefined ? 'no figure that can be right' : spaced(optimised)).padStart(8)}, XMPP ${spaced(xmpp)}`;
    }),
    '',
  ].join('\n');
}
