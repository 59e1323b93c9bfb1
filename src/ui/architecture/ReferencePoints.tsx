/** The reference points of the presence service as a table: between whom, for what, and by what they are there, or why they are not. */
import { useMemo } from 'react';
import { functionsOf, imsPoints, referencePoints } from '#trace/architecture.ts';
import type { Story } from '#store/story.ts';
import { useStory, useViewTime } from '#ui/simulator-context.tsx';
import table from '#ui/widgets/table.module.css';
import styles from './ReferencePoints.module.css';

export function ReferencePoints() {
  const story = useStory();
  return (
    <section className={styles.panel} aria-label="Reference points" tabIndex={0}>
      {story?.byFunctions !== undefined && <Table story={story} by={story.byFunctions} />}
    </section>
  );
}

function Table({ story, by }: { readonly story: Story; readonly by: NonNullable<Story['byFunctions']> }) {
  const { trace } = by.transmissions;
  const step = useViewTime((time) => time.step);
  const points = useMemo(() => referencePoints(trace, functionsOf(trace, by.stage2.functions)), [trace, by]);
  const ims = useMemo(() => imsPoints(trace), [trace]);
  const message = story.steps[step]?.message;
  const link = story.trace.links.find(({ a, b }) => (a === message?.from && b === message.to) || (a === message?.to && b === message.from));
  const inUse = message === undefined ? [] : usedBy(message.label, link?.referencePoint ?? '');
  return (
    <>
      <table className={`${table.table ?? ''} ${styles.table ?? ''}`}>
        <caption className="visually-hidden">Reference points of the presence service in this network</caption>
        <thead>
          <tr>
            <th scope="col">Point</th>
            <th scope="col">Between</th>
            <th scope="col">Carries</th>
            <th scope="col">In this network</th>
          </tr>
        </thead>
        <tbody>
          {points.map(({ name, between, carries, by: over, missing }) => (
            <tr key={name} data-missing={missing !== undefined} aria-current={inUse.includes(name) ? 'true' : undefined}>
              <th scope="row">{name}</th>
              <td>{between}</td>
              <td>{carries}</td>
              <td>{missing ?? (over.length === 0 ? 'a link of its own' : `by ${over.join(', ')}`)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className={styles.ims}>
        Of the IMS: <b>{ims.here.join(', ')}</b>. Not in this network: {ims.absent.join(', ')}.
      </p>
    </>
  );
}

/** The reference point of a message, of those of its link. */
function usedBy(label: string, points: string): readonly string[] {
  const all = points.split(' · ');
  if (all.length === 1) return all;
  const update = label.startsWith('PresUpdateMsg');
  return all.filter((each) => (update ? each !== 'Pw' : label.startsWith('MsgAck') || each === 'Pw'));
}
