/** What the story of this run took, and what another run took, side by side: by kind of message, link, border and protocol. */
import { Fragment, useEffect, useMemo, useState } from 'react';
import { opponentsOf } from '#store/counts.ts';
import { problemOf } from '#store/runs.ts';
import { selectRun } from '#store/store.ts';
import { sideBySide, type CountRow } from '#trace/side-by-side.ts';
import type { LinkTraffic, Traffic } from '#trace/traffic.ts';
import { useAppState, useSimulator } from '#ui/simulator-context.tsx';
import { Modal } from '#ui/widgets/Modal.tsx';
import styles from './Counts.module.css';
import { comparisonOf, differenceOf, spaced } from './difference.ts';

type Counted =
  { readonly kind: 'computing' } | { readonly kind: 'failed'; readonly why: string } | { readonly kind: 'ready'; readonly traffics: readonly Traffic[] };

const NOTHING = 'nothing';
const TITLES = { Kinds: 'By kind of message', Links: 'By link', Borders: 'Across borders', Protocols: 'By protocol', 'In all': 'In all' } as const;

export function CountsDialog({ onClose }: { readonly onClose: () => void }) {
  const simulator = useSimulator();
  const session = useAppState((state) => state.session);
  // That of the moment at which it was opened.
  const [run] = useState(() => selectRun(simulator.store.getState()));
  const opponents = useMemo(() => (run === undefined ? [] : opponentsOf(session, run)), [session, run]);
  // Of its own accord only beside a run of the same story: another one measures something else.
  const [chosen, setChosen] = useState(opponents.find(({ request }) => request.scenario === run?.request.scenario)?.id ?? NOTHING);
  const opponent = opponents.find(({ id }) => id === chosen);
  const [counted, setCounted] = useState<Counted>({ kind: 'computing' });
  useEffect(() => {
    if (run === undefined) return undefined;
    let wanted = true;
    const requests = [run.request, ...(opponent === undefined ? [] : [opponent.request])];
    Promise.all(requests.map((request) => simulator.session.traffic(request))).then(
      (traffics) => wanted && setCounted({ kind: 'ready', traffics }),
      (error: unknown) => wanted && setCounted({ kind: 'failed', why: problemOf(error, '').what }),
    );
    return () => {
      wanted = false;
    };
  }, [simulator, run, opponent]);
  if (run === undefined) return null;
  const isSameStory = opponent?.request.scenario === run.request.scenario;
  const radio = isSameStory ? run.story.trace.entities.find(({ role }) => role === 'watcher')?.id : undefined;
  const nameOf = (id: string): string => run.story.entity(id)?.label ?? id;
  const linkName = ({ a, b, referencePoint }: LinkTraffic): string => `${nameOf(a)} – ${nameOf(b)}${referencePoint === '' ? '' : ` (${referencePoint})`}`;
  return (
    <Modal title="What it took: messages and bytes" wide fill onClose={onClose}>
      <div className={styles.head}>
        <Summary counted={counted} opponent={opponent?.title} radio={radio} />
        <label className={styles.against}>
          Beside
          <select data-focus value={opponent === undefined ? NOTHING : chosen} onChange={(event) => setChosen(event.target.value)}>
            {opponents.map(({ id, title }) => (
              <option key={id} value={id}>
                {title}
              </option>
            ))}
            <option value={NOTHING}>nothing</option>
          </select>
        </label>
      </div>
      {counted.kind === 'ready' && <Counts traffics={counted.traffics} linkName={linkName} opponent={opponent?.title} />}
    </Modal>
  );
}

interface SummaryProps {
  readonly counted: Counted;
  readonly opponent: string | undefined;
  /** The terminal whose radio link matters most; another story has another one. */
  readonly radio: string | undefined;
}

function Summary({ counted, opponent, radio }: SummaryProps) {
  if (counted.kind === 'computing') return <p role="status">It is being counted …</p>;
  if (counted.kind === 'failed') return <p role="alert">{counted.why}</p>;
  const [mine, theirs] = counted.traffics;
  const [ownLink, otherLink] = counted.traffics.map(({ links }) =>
    links.find(({ a, b, referencePoint }) => referencePoint === 'Gm' && (a === radio || b === radio)),
  );
  const onAir =
    ownLink === undefined || otherLink === undefined
      ? ''
      : ` On the watcher’s radio link: ${comparisonOf(ownLink.messages, otherLink.messages, 'messages')} and ${comparisonOf(ownLink.bytes, otherLink.bytes, 'bytes')}.`;
  return (
    <div role="status">
      <p className={styles.sentence}>
        {mine === undefined
          ? ''
          : theirs === undefined || opponent === undefined
            ? `${spaced(mine.total.messages)} messages, ${spaced(mine.total.bytes)} bytes`
            : `${comparisonOf(mine.total.messages, theirs.total.messages, 'messages')} and ${comparisonOf(mine.total.bytes, theirs.total.bytes, 'bytes')}`}
      </p>
      <p className={styles.what}>
        {theirs === undefined || opponent === undefined ? 'Of this run' : `than the run beside it: ${opponent}`}.{onAir} The prologue is left out; bytes are
        those of the messages, without IP and what is below.
      </p>
    </div>
  );
}

interface CountsProps {
  readonly traffics: readonly Traffic[];
  readonly linkName: (link: LinkTraffic) => string;
  readonly opponent: string | undefined;
}

function Counts({ traffics: [mine, theirs], linkName, opponent }: CountsProps) {
  const rows = useMemo(() => (mine === undefined ? [] : sideBySide(mine, theirs, linkName)), [mine, theirs, linkName]);
  const groups = [...new Set(['In all' as const, ...rows.map(({ group }) => group)])];
  const columns = theirs === undefined ? 4 : 8;
  return (
    <div className={styles.scroller} tabIndex={0} role="region" aria-label="Counts">
      <table className={styles.table} data-alone={theirs === undefined}>
        <thead>
          {theirs !== undefined && (
            <tr>
              <td colSpan={2} />
              <th scope="colgroup" colSpan={2}>
                <span className={styles.mine} /> This run
              </th>
              <th scope="colgroup" colSpan={2} title={opponent}>
                <span className={styles.theirs} /> Beside it
              </th>
              <th scope="colgroup" colSpan={2}>
                Difference
              </th>
            </tr>
          )}
          <tr>
            <th scope="col">What</th>
            <th scope="col" className={styles.barColumn}>
              Bytes
            </th>
            {(theirs === undefined ? [''] : [' of this run', ' beside it', ': difference']).map((of) => (
              <Fragment key={of}>
                <th scope="col" className={styles.number}>
                  Messages<span className="visually-hidden">{of}</span>
                </th>
                <th scope="col" className={styles.number}>
                  Bytes<span className="visually-hidden">{of}</span>
                </th>
              </Fragment>
            ))}
          </tr>
        </thead>
        {groups.map((group) => {
          const own = rows.filter((row) => row.group === group);
          const most = Math.max(1, ...own.map((row) => Math.max(row.mine.bytes, row.theirs?.bytes ?? 0)));
          return (
            <tbody key={group} data-group={group}>
              {group !== 'In all' && (
                <tr className={styles.group}>
                  <th scope="rowgroup" colSpan={columns}>
                    {TITLES[group]}
                  </th>
                </tr>
              )}
              {own.map((row) => (
                <Row key={row.name} row={row} most={most} />
              ))}
            </tbody>
          );
        })}
      </table>
    </div>
  );
}

function Row({ row: { group, name, mine, theirs }, most }: { readonly row: CountRow; readonly most: number }) {
  const width = (bytes: number): { readonly width: string } => ({ width: `${Math.max(bytes === 0 ? 0 : 1, (bytes / most) * 100)}%` });
  return (
    <tr>
      <th scope="row">{group === 'In all' ? TITLES[group] : name}</th>
      <td aria-hidden="true">
        <span className={styles.bar} data-run="mine" style={width(mine.bytes)} />
        {theirs !== undefined && <span className={styles.bar} data-run="theirs" style={width(theirs.bytes)} />}
      </td>
      <td className={styles.number}>{spaced(mine.messages)}</td>
      <td className={styles.number}>{spaced(mine.bytes)}</td>
      {theirs !== undefined && (
        <>
          <td className={styles.number}>{spaced(theirs.messages)}</td>
          <td className={styles.number}>{spaced(theirs.bytes)}</td>
          {(['messages', 'bytes'] as const).map((what) => (
            <td
              key={what}
              className={styles.number}
              data-sign={Math.sign(mine[what] - theirs[what])}
              title={`${mine[what] < theirs[what] ? '−' : '+'}${spaced(Math.abs(mine[what] - theirs[what]))} ${what}`}
            >
              {differenceOf(mine[what], theirs[what])}
            </td>
          ))}
        </>
      )}
    </tr>
  );
}
