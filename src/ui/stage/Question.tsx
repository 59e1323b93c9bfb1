/** Somebody waits for an answer of the presentity: the question stands at its terminal, in room that nothing else needs, and is answered there. */
import { memo, useState } from 'react';
import { freePlace } from '#diagram/free-place.ts';
import { type Box, fitText, textWidth } from '#diagram/geometry.ts';
import type { Layout, PlacedEntity } from '#diagram/layout-types.ts';
import { GLYPH, GLYPH_RADIUS } from '#diagram/metrics.ts';
import { answerActs, questionsAt, type Question as Asked } from '#store/answers.ts';
import { change } from '#store/commands.ts';
import type { Story } from '#store/story.ts';
import type { EntityId } from '#trace/record.ts';
import { useAppState, useExecute, useSimulator, useViewTime } from '#ui/simulator-context.tsx';
import styles from './Stage.module.css';
import { pressedBy } from './use-stage.ts';

const SIZES = { text: 13, button: 13, pad: 9, row: 24, gap: 6, line: 16 } as const;
const LABELS = ['Allow', 'Block', 'Politely block', 'Later'] as const;
const buttonWidth = (label: string): number => Math.round(textWidth(label, SIZES.button, 600)) + 13;
const WIDTHS = LABELS.map(buttonWidth);
const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);

/** One row of buttons, or two. */
const FORMS = [4, 2].map((columns) => {
  const rows = LABELS.length / columns;
  const width = Math.max(...Array.from({ length: rows }, (_, row) => sum(WIDTHS.slice(row * columns, (row + 1) * columns)))) + (columns - 1) * SIZES.gap;
  return { columns, width: Math.max(190, width + 2 * SIZES.pad), height: 2 * SIZES.pad + 2 * SIZES.line + 4 + rows * SIZES.row + (rows - 1) * SIZES.gap };
});

/** The question of the moment, if there is one that was not put off. */
export function useQuestion(story: Story): { readonly question: Asked | undefined; readonly putOff: () => void } {
  const run = useAppState((state) => state.session.current);
  const views = useAppState((state) => state.session.views);
  const { step, t } = { step: useViewTime((time) => time.step), t: useViewTime((time) => Math.round(time.t)) };
  const [later, setLater] = useState<readonly string[]>([]);
  const known = views?.run === run && views?.step === step ? views.entities : undefined;
  const keyOf = ({ ue, watcher }: Asked): string => `${run} ${ue} ${watcher}`;
  const question = questionsAt(story, known, t).find((each) => !later.includes(keyOf(each)));
  return { question, putOff: () => question !== undefined && setLater([...later, keyOf(question)]) };
}

interface Props {
  readonly layout: Layout;
  readonly story: Story;
  readonly question: Asked;
  readonly onLater: () => void;
}

export const Question = memo(function Question({ layout, story, question, onLater }: Props) {
  const simulator = useSimulator();
  const execute = useExecute();
  const ready = useAppState((state) => state.session.phase.kind === 'ready');
  const placed = layout.entityById.get(question.ue);
  if (placed === undefined) return null;
  const box = placeOf(layout, placed);
  const form = FORMS.find(({ width, height }) => width === box.width && height === box.height) ?? FORMS[0];
  if (form === undefined) return null;
  const answer = (short: string): void => {
    if (short === 'Later') return onLater();
    const act = answerActs(story, simulator.viewTime.getState(), question).find((each) => each.short === short);
    if (act !== undefined && ready) execute(change(act));
  };
  const top = box.y + SIZES.pad + 2 * SIZES.line + 4;
  return (
    <g className={styles.question} role="group" aria-label={`${question.watcher} asks to see ${placed.name}`} data-still="">
      <rect className={styles.questionBox} x={box.x} y={box.y} width={box.width} height={box.height} rx={10} />
      <text className={styles.questionWho} x={box.x + SIZES.pad} y={box.y + SIZES.pad + 11} fontSize={SIZES.text}>
        {fitText(question.watcher, SIZES.text, 650, box.width - 2 * SIZES.pad)}
      </text>
      <text className={styles.questionWhat} x={box.x + SIZES.pad} y={box.y + SIZES.pad + 11 + SIZES.line} fontSize={SIZES.text}>
        asks to see {placed.name}
      </text>
      {LABELS.map((label, i) => {
        const row = Math.floor(i / form.columns);
        const before = WIDTHS.slice(row * form.columns, i);
        const x = box.x + SIZES.pad + sum(before) + before.length * SIZES.gap;
        const y = top + row * (SIZES.row + SIZES.gap);
        const width = WIDTHS[i] ?? 0;
        return (
          <g
            key={label}
            role="button"
            tabIndex={0}
            aria-label={label === 'Later' ? 'Answer later' : `${label} ${question.watcher}`}
            aria-disabled={!ready}
            className={styles.questionButton}
            data-primary={i === 0}
            onClick={() => answer(label)}
            onKeyDown={pressedBy(() => answer(label))}
          >
            <rect x={x} y={y} width={width} height={SIZES.row} rx={7} />
            <text x={x + width / 2} y={y + SIZES.row / 2 + SIZES.button * 0.36} fontSize={SIZES.button}>
              {label}
            </text>
          </g>
        );
      })}
    </g>
  );
});

/** Below everything else: whose question it is. */
export const QuestionGround = memo(function QuestionGround({ layout, question }: Pick<Props, 'layout' | 'question'>) {
  const placed = layout.entityById.get(question.ue);
  if (placed === undefined) return null;
  return (
    <>
      <path className={styles.questionWay} d={wayBetween(placeOf(layout, placed), placed)} />
      <rect className={styles.questionRing} {...around(placed)} rx={GLYPH_RADIUS + 5} />
    </>
  );
});

/** Where the question of this terminal stands. */
export function boxOf(layout: Layout, ue: EntityId): Box | undefined {
  const placed = layout.entityById.get(ue);
  return placed === undefined ? undefined : placeOf(layout, placed);
}

const placeOf = (layout: Layout, placed: PlacedEntity): Box => freePlace(layout, placed, FORMS) ?? cornerOf(layout);

/** With no room anywhere: at the lower left, where it hides least. */
function cornerOf({ height }: Layout): Box {
  const [form] = FORMS;
  return { x: 12, y: height - (form?.height ?? 0) - 12, width: form?.width ?? 0, height: form?.height ?? 0 };
}

const around = ({ x, y }: PlacedEntity) => ({ x: x - GLYPH / 2 - 5, y: y - GLYPH / 2 - 5, width: GLYPH + 10, height: GLYPH + 10 });

/** From the edge of the box to the glyph. */
function wayBetween(box: Box, { x, y }: PlacedEntity): string {
  const fromX = Math.max(box.x, Math.min(x, box.x + box.width));
  const fromY = Math.max(box.y, Math.min(y, box.y + box.height));
  const length = Math.hypot(x - fromX, y - fromY) || 1;
  const stop = GLYPH / 2 + 5;
  return `M${fromX} ${fromY}L${x - ((x - fromX) / length) * stop} ${y - ((y - fromY) / length) * stop}`;
}
