/**
 * The story of a run as a sequence diagram for other people's tools: Mermaid (in wikis and repositories) and PlantUML (in specifications). The registrations and
 * whatever else is folded as the prologue are left out, unless there is nothing else; so are folded hours, but for a mark.
 */
import { ladderColumns, ladderRows, type ChapterRow, type GapRow, type LadderRow, type StepRow } from './ladder.ts';
import type { EntityId, Trace } from './record.ts';

export type SequenceLanguage = 'mermaid' | 'plantuml';

interface Participants {
  readonly networks: readonly { readonly network: string; readonly members: readonly { readonly alias: string; readonly label: string }[] }[];
  readonly aliasOf: (id: EntityId) => string;
  readonly ends: readonly [string, string];
}

/** Ends with a line feed. */
export function formatSequence(trace: Trace, language: SequenceLanguage): string {
  const rows = told(trace);
  const participants = participantsOf(trace, rows);
  const lines = language === 'mermaid' ? mermaid(trace, rows, participants) : plantUml(trace, rows, participants);
  return `${lines.join('\n')}\n`;
}

/** What is told: without the prologue, and without the gap between it and the story. */
function told(trace: Trace): readonly LadderRow[] {
  const rows = ladderRows(trace);
  const first = rows.findIndex((row) => row.kind === 'chapter' && row.chapter.prologue !== true);
  const story = first < 0 ? [] : rows.slice(first);
  return story.some(({ kind }) => kind === 'step') ? story : rows;
}

function participantsOf(trace: Trace, rows: readonly LadderRow[]): Participants {
  const present = new Set(rows.flatMap((row) => (row.kind === 'step' ? [row.from, row.to] : [])));
  const columns = ladderColumns(trace).filter(({ entity }) => present.has(entity.id));
  const aliases = new Map(columns.map(({ entity }, i) => [entity.id, `p${i + 1}`]));
  const networks: { network: string; members: { alias: string; label: string }[] }[] = [];
  for (const { entity, network } of columns) {
    if (networks.at(-1)?.network !== network) networks.push({ network, members: [] });
    networks.at(-1)?.members.push({ alias: aliases.get(entity.id) ?? '', label: entity.label });
  }
  return { networks, aliasOf: (id) => aliases.get(id) ?? 'p1', ends: ['p1', `p${Math.max(1, columns.length)}`] };
}

/** `12 · SUBSCRIBE`. */
const labelOf = ({ name, label, retransmissionOf }: StepRow): string => `${name} · ${label}${retransmissionOf === undefined ? '' : ' (again)'}`;
const headOf = ({ chapter, number }: ChapterRow): string => (number === 0 ? chapter.title : `${number}. ${chapter.title}`);

/** Characters that mean something to Mermaid are written as its entity codes. */
const inMermaid = (text: string): string => text.replace(/[#;<>&"]/g, (char) => `#${char.charCodeAt(0)};`).replaceAll(/[\r\n]+/g, ' ');

function mermaid(trace: Trace, rows: readonly LadderRow[], { networks, aliasOf, ends }: Participants): readonly string[] {
  const over = `Note over ${ends[0] === ends[1] ? ends[0] : ends.join(',')}`;
  const ways = { request: '->>', response: '-->>', lost: '-x' } as const;
  const line = (row: ChapterRow | GapRow | StepRow): string => {
    if (row.kind === 'chapter') return `  ${over}: ${inMermaid(headOf(row))}`;
    if (row.kind === 'gap') return `  ${over}: ${inMermaid(row.label)} later`;
    return `  ${aliasOf(row.from)}${ways[row.lost ? 'lost' : row.isResponse ? 'response' : 'request']}${aliasOf(row.to)}: ${inMermaid(labelOf(row))}`;
  };
  return [
    '---',
    `title: ${JSON.stringify(trace.title)}`,
    '---',
    'sequenceDiagram',
    ...networks.flatMap(({ network, members }) => [
      `  box ${inMermaid(network)}`,
      ...members.map(({ alias, label }) => `    participant ${alias} as ${inMermaid(label)}`),
      '  end',
    ]),
    ...rows.map(line),
  ];
}

const inPlantUml = (text: string): string => text.replaceAll('"', "''").replaceAll(/[\r\n]+/g, ' ');

function plantUml(trace: Trace, rows: readonly LadderRow[], { networks, aliasOf }: Participants): readonly string[] {
  const line = (row: ChapterRow | GapRow | StepRow): string => {
    if (row.kind === 'chapter') return `== ${inPlantUml(headOf(row))} ==`;
    if (row.kind === 'gap') return `... ${inPlantUml(row.label)} later ...`;
    return `${aliasOf(row.from)} ${row.isResponse ? '-->' : '->'}${row.lost ? 'x' : ''} ${aliasOf(row.to)} : ${inPlantUml(labelOf(row))}`;
  };
  return [
    '@startuml',
    `title ${inPlantUml(trace.title)}`,
    ...networks.flatMap(({ network, members }) => [
      `box "${inPlantUml(network)}"`,
      ...members.map(({ alias, label }) => `  participant "${inPlantUml(label)}" as ${alias}`),
      'end box',
    ]),
    ...rows.map(line),
    '@enduml',
  ];
}
