import { useEffect, useState } from 'react';
import { chooseScenario } from '#store/commands.ts';
import { cancelPrices, gatherPrices, priceKey } from '#store/price.ts';
import { patch } from '#store/store.ts';
import { CASES, PRICE_CASES, type PriceParameters, type Saving, SAVINGS } from '#trace/price-formula.ts';
import { useAppState, useExecute, useSimulator } from '#ui/simulator-context.tsx';
import { Button } from '#ui/widgets/Button.tsx';
import { Modal } from '#ui/widgets/Modal.tsx';
import { CasesTable } from './CasesTable.tsx';
import { caseOf, parametersOf, problemTogether, textsOf, type Texts } from '#store/price-numbers.ts';
import styles from './Price.module.css';
import { PriceForm } from './PriceForm.tsx';
import { BytesTable, PriceTable } from './PriceTable.tsx';
import { SAVING_WORDS } from './savings.ts';

/** What takes least time first. */
const PUBLISHED_CASES = PRICE_CASES.toSorted((a, b) => CASES[a].parameters.contacts - CASES[b].parameters.contacts).flatMap((each) =>
  SAVINGS.map((saving) => ({ parameters: CASES[each].parameters, saving })),
);
const SCENARIO = 'interdomain-traffic';

/** What presence between two domains costs: by formula, and counted in runs. Closing it ends the computation; what was counted is kept. */
export function PriceDialog({ onClose }: { readonly onClose: () => void }) {
  const simulator = useSimulator();
  const execute = useExecute();
  const { priced, computing, problem } = useAppState((state) => state.price);
  const typed = useAppState((state) => state.price.typed) as Texts | undefined;
  const texts = typed ?? textsOf(CASES.basic.parameters);
  const [valid, setValid] = useState<PriceParameters>(parametersOf(texts) ?? CASES.basic.parameters);
  useEffect(() => {
    void gatherPrices(simulator, PUBLISHED_CASES);
    return () => cancelPrices(simulator);
  }, [simulator]);
  const parameters = parametersOf(texts);
  // The figures stay when a number cannot be read.
  const figures = parameters ?? valid;
  const shown = parameters === undefined ? undefined : caseOf(parameters);
  const known = (of: PriceParameters, saving: Saving) => priced.get(priceKey(of, saving));
  const change = (next: typeof texts): void => {
    patch(simulator.store, 'price', { typed: next });
    setValid(parametersOf(next) ?? figures);
  };
  const open = (saving: Saving): void => {
    onClose();
    execute(
      chooseScenario(SCENARIO, 1, [
        { name: 'case', value: shown ?? 'basic' },
        { name: 'saving', value: saving },
      ]),
    );
  };
  const isRefused = parameters !== undefined && problemTogether(parameters) !== undefined;
  const isCounted = SAVINGS.every((saving) => known(figures, saving) !== undefined);
  const count = (): void => void gatherPrices(simulator, [...SAVINGS.map((saving) => ({ parameters: figures, saving })), ...PUBLISHED_CASES]);
  return (
    <Modal title="The price of presence" wide fill onClose={onClose}>
      <div className={styles.price}>
        <PriceForm texts={texts} parameters={parameters} shown={shown} last={caseOf(figures)} onTexts={change} />
        <div className={styles.scroll} tabIndex={0} role="region" aria-label="Figures">
          <p className={styles.lead}>
            Two domains watch each other for a session. Runs with a few users count what crosses the border between them, requests and answers, and the formula
            stands beside. What a watcher costs does not hang on how many there are, so full size is a matter of multiplication.
          </p>
          <div className={styles.state} role="status">
            {computing !== undefined && (
              <>
                <progress className={styles.progress} aria-label="Sessions counted" max={computing.of} value={computing.done} />
                <span>
                  {computing.done} of {computing.of} sessions counted
                </span>
                <Button onPress={() => cancelPrices(simulator)}>Stop</Button>
              </>
            )}
            {computing === undefined && problem !== undefined && (
              <span className={styles.error}>
                {problem.what} {problem.remedy}
              </span>
            )}
            {computing === undefined &&
              problem === undefined &&
              (isCounted ? 'All of it is counted.' : isRefused ? 'By formula only: the form says why it cannot be counted.' : 'Not all of it is counted yet.')}
            {(computing === undefined || shown === undefined) && !isCounted && (
              <Button primary disabled={parameters === undefined || isRefused} onPress={count}>
                Count it
              </Button>
            )}
          </div>
          <PriceTable parameters={figures} pricedOf={(saving) => known(figures, saving)} {...(shown === undefined ? {} : { onOpen: open })} />
          <dl className={styles.words}>
            {SAVINGS.map((saving) => (
              <div key={saving}>
                <dt>{SAVING_WORDS[saving].name}</dt>
                <dd>{SAVING_WORDS[saving].says}</dd>
              </div>
            ))}
          </dl>
          <BytesTable pricedOf={(saving) => known(figures, saving)} />
          <p className={styles.hint}>
            Bytes are those of the messages that were counted, without IP and what is below. Not counted: DNS, and everything inside the domains.
          </p>
          <CasesTable pricedOf={(each, saving) => known(CASES[each].parameters, saving)} />
          <p className={styles.hint}>
            The figures of draft -00 (April 2007) are as Isode and the XSF reported them: of other sizes of messages, and of assumptions that are not known any
            more. They are quoted, not reproduced. The draft (draft-ietf-simple-interdomain-scaling-analysis) expired and is no RFC. Where its “optimised”
            figure cannot be right it is left out.
          </p>
        </div>
      </div>
    </Modal>
  );
}
