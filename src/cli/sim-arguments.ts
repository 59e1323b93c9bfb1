/** Reads the words of a `sim` call. Pure. */
import { quoted } from '#base/quoted.ts';
import { parseChanges } from '#trace/parse-changes.ts';
import type { Change } from '#trace/record.ts';

export type RunFormat = 'ladder' | 'json' | 'pcapng' | 'mermaid' | 'plantuml';
/** By functions, or by entities. */
export type LadderLevel = 'stage2' | 'stage3';

interface RunWords {
  /** Id of the catalog, or the path of a file: of a scenario, or of a run that the page has saved. */
  readonly scenario: string;
  /** Undefined where the call names none. */
  readonly seed: number | undefined;
  readonly changes: readonly Change[];
}

export type SimCall =
  /** `help`: how it is used, where that says more than a sentence. */
  | { readonly kind: 'wrong'; readonly message: string; readonly help?: string }
  | { readonly kind: 'help'; readonly text: string }
  | { readonly kind: 'list'; readonly json: boolean }
  | { readonly kind: 'coverage'; readonly json: boolean }
  /** The fingerprint of every run of the catalog: what another engine must compute, too. */
  | { readonly kind: 'hashes'; readonly seed: number }
  /** What crosses the border between two domains that watch each other. */
  | { readonly kind: 'price'; readonly json: boolean }
  | ({ readonly kind: 'run'; readonly format: RunFormat; readonly level: LadderLevel; readonly out: string | undefined } & RunWords)
  | ({ readonly kind: 'check' } & RunWords)
  /** What a run took, beside another where there is one. */
  | { readonly kind: 'counts'; readonly json: boolean; readonly runs: readonly [RunWords, RunWords?] };

const HELP = `sim list [--json]
sim run <scenario-id | file.json> [--seed N] [--set name=value ...] [--changes JSON] [--level stage2|stage3] [--format ladder|json|pcapng|mermaid|plantuml] [--out FILE]
sim check <scenario-id | file.json> [--seed N] [--set name=value ...] [--changes JSON]
sim counts <scenario-id | file.json> [--seed N] [--set name=value ...] [--changes JSON] [--json] [--against <scenario-id | file.json> [--seed N] [--set name=value ...] [--changes JSON]]
sim coverage [--json]
sim price [--json]
sim hashes [--seed N]

file.json: a scenario file (src/scenario/README.md), or a run that the page has saved (Export > Run), which brings its seed and its changes.
--changes takes what a link of the page holds after c=, decoded: [{"kind":"drop","record":72}]
`;
const FORMATS: readonly string[] = ['ladder', 'json', 'pcapng', 'mermaid', 'plantuml'];
const LEVELS: readonly string[] = ['stage2', 'stage3'];
const LARGEST_SEED = 2 ** 32 - 1;

const wrong = (message: string): SimCall => ({ kind: 'wrong', message });

export function parseSimArguments(words: readonly string[]): SimCall {
  if (words.includes('--help') || words.includes('-h')) return { kind: 'help', text: HELP };
  const [command, ...rest] = words;
  switch (command) {
    case undefined:
      return { kind: 'wrong', message: 'Say what to do: list, run, check, counts, coverage, price or hashes.', help: HELP };
    case 'help':
      return { kind: 'help', text: HELP };
    case 'list':
    case 'coverage':
    case 'price':
      if (rest.length === 0) return { kind: command, json: false };
      return rest.length === 1 && rest[0] === '--json'
        ? { kind: command, json: true }
        : wrong(`sim ${command} takes --json only, not ${quoted(rest.join(' '))}.`);
    case 'counts':
      return parseCounts(rest);
    case 'hashes': {
      // Read as the options of a run, of which it takes one.
      const read = rest.length === 0 || (rest.length === 2 && rest[0] === '--seed') ? parseRun('check', ['every', ...rest]) : undefined;
      if (read === undefined) return wrong(`sim hashes takes --seed N only, not ${quoted(rest.join(' '))}.`);
      return read.kind === 'check' ? { kind: 'hashes', seed: read.seed ?? 1 } : read;
    }
    case 'run':
    case 'check':
      return parseRun(command, rest);
    default:
      return wrong(`There is no command ${quoted(command)}; there are list, run, check, counts, coverage, price and hashes.`);
  }
}

function parseCounts(words: readonly string[]): SimCall {
  const json = words.includes('--json');
  const rest = words.filter((word) => word !== '--json');
  const cut = rest.indexOf('--against');
  const first = parseRun('counts', cut < 0 ? rest : rest.slice(0, cut));
  const second = cut < 0 ? undefined : parseRun('counts', rest.slice(cut + 1));
  if (first.kind !== 'check') return first;
  if (second === undefined) return { kind: 'counts', json, runs: [wordsOf(first)] };
  return second.kind === 'check' ? { kind: 'counts', json, runs: [wordsOf(first), wordsOf(second)] } : second;
}

const wordsOf = ({ scenario, seed, changes }: RunWords): RunWords => ({ scenario, seed, changes });

function parseRun(command: 'run' | 'check' | 'counts', words: readonly string[]): SimCall {
  let scenario: string | undefined;
  let seed: number | undefined;
  let format: RunFormat = 'ladder';
  let level: LadderLevel = 'stage3';
  let out: string | undefined;
  const changes: Change[] = [];
  const given = new Set<string>();
  for (let i = 0; i < words.length; i++) {
    // `--seed=5` says the same as `--seed 5`.
    const [, word = words[i] as string, joined] = /^(--[a-z]+)=(.*)$/s.exec(words[i] as string) ?? [];
    if (!word.startsWith('-')) {
      if (scenario !== undefined) return wrong(`One scenario at a time: ${quoted(scenario)} or ${quoted(word)}?`);
      scenario = word;
      continue;
    }
    if (!['--seed', '--set', '--changes', ...(command === 'run' ? ['--level', '--format', '--out'] : [])].includes(word))
      return wrong(`sim ${command} has no option ${quoted(word)}.`);
    const value = joined ?? words[++i];
    if (value === undefined || value === '') return wrong(`The option ${word} needs a value.`);
    if (word !== '--set' && given.has(word)) return wrong(`${word} is given twice.`);
    given.add(word);
    switch (word) {
      case '--seed':
        seed = Number(value);
        if (!/^\d+$/.test(value) || seed > LARGEST_SEED) return wrong(`A seed is a whole number from 0 to ${LARGEST_SEED}, not ${quoted(value)}.`);
        break;
      case '--set': {
        const equals = value.indexOf('=');
        if (equals < 1) return wrong(`--set takes name=value, not ${quoted(value)}.`);
        changes.push({ kind: 'set', name: value.slice(0, equals), value: value.slice(equals + 1) });
        break;
      }
      case '--changes': {
        const read = parseChanges(value);
        if ('problem' in read) return wrong(read.problem);
        changes.push(...read);
        break;
      }
      case '--format':
        if (!FORMATS.includes(value)) return wrong(`The formats are ${FORMATS.join(', ')}, not ${quoted(value)}.`);
        format = value as RunFormat;
        break;
      case '--level':
        if (!LEVELS.includes(value)) return wrong(`The levels are stage2 (functions) and stage3 (entities and their protocols), not ${quoted(value)}.`);
        level = value as LadderLevel;
        break;
      default:
        out = value;
    }
  }
  const names = changes.flatMap((change) => (change.kind === 'set' ? [change.name] : []));
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) return wrong(`The change ${quoted(twice)} is given twice.`);
  if (scenario === undefined) return wrong(`Name a scenario: an id of "sim list", or a scenario file.`);
  if (level === 'stage2' && format !== 'ladder') return wrong(`Stage 2 is a reading of the run, printed as a ladder; ${format} holds the messages themselves.`);
  return command === 'run' ? { kind: 'run', scenario, seed, changes, format, level, out } : { kind: 'check', scenario, seed, changes };
}
