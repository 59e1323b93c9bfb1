/** Every way to say a `sim` call, and every wrong one with the sentence that it gets. */
import { describe, expect, it } from 'vitest';
import { parseSimArguments } from './sim-arguments.ts';

const parse = (line: string) => parseSimArguments(line === '' ? [] : line.split(' '));
const RUN = { kind: 'run', scenario: 'publish', seed: undefined, changes: [], format: 'ladder', level: 'stage3', out: undefined };

describe('the words of a call', () => {
  it.each([
    ['list', { kind: 'list', json: false }],
    ['list --json', { kind: 'list', json: true }],
    ['coverage', { kind: 'coverage', json: false }],
    ['coverage --json', { kind: 'coverage', json: true }],
    ['price', { kind: 'price', json: false }],
    ['price --json', { kind: 'price', json: true }],
    ['hashes', { kind: 'hashes', seed: 1 }],
    ['hashes --seed 7', { kind: 'hashes', seed: 7 }],
    ['run publish', RUN],
    ['run --seed=7 --set=rate=a=b publish', { ...RUN, seed: 7, changes: [{ kind: 'set', name: 'rate', value: 'a=b' }] }],
    ['run --seed 0 publish', { ...RUN, seed: 0 }],
    ['run publish --seed 4294967295 --format json --out a.json', { ...RUN, seed: 4_294_967_295, format: 'json', out: 'a.json' }],
    [
      'run ./mine.json --set a=1 --set b=x=y',
      {
        ...RUN,
        scenario: './mine.json',
        changes: [
          { kind: 'set', name: 'a', value: '1' },
          { kind: 'set', name: 'b', value: 'x=y' },
        ],
      },
    ],
    ['run publish --level stage2', { ...RUN, level: 'stage2' }],
    ['run publish --level stage3 --format json', { ...RUN, format: 'json' }],
    ['run publish --set a=', { ...RUN, changes: [{ kind: 'set', name: 'a', value: '' }] }],
    ['run publish --changes [{"kind":"drop","record":7}]', { ...RUN, changes: [{ kind: 'drop', record: 7 }] }],
    ['counts list-own --json', { kind: 'counts', json: true, runs: [{ scenario: 'list-own', seed: undefined, changes: [] }] }],
    [
      'counts list-own --seed 2 --against list-own --set by=singles',
      {
        kind: 'counts',
        json: false,
        runs: [
          { scenario: 'list-own', seed: 2, changes: [] },
          { scenario: 'list-own', seed: undefined, changes: [{ kind: 'set', name: 'by', value: 'singles' }] },
        ],
      },
    ],
    ['check publish --seed 7', { kind: 'check', scenario: 'publish', seed: 7, changes: [] }],
  ])('%s', (line, call) => {
    expect(parse(line)).toEqual(call);
  });

  it.each(['help', '--help', '-h', 'coverage --help', 'price -h', 'check --help', 'run publish -h', 'counts list-own --help'])(
    '%s tells how it is used',
    (word) => {
      expect(parse(word)).toMatchObject({ kind: 'help', text: expect.stringContaining('--format ladder|json|pcapng|mermaid|plantuml') as string });
    },
  );

  it.each([
    ['', 'Say what to do: list, run, check, counts, coverage, price or hashes.'],
    ['counts', 'Name a scenario: an id of "sim list", or a scenario file.'],
    ['counts list-own --against', 'Name a scenario: an id of "sim list", or a scenario file.'],
    ['counts list-own --out x', 'sim counts has no option "--out".'],
    ['hashes publish', 'sim hashes takes --seed N only, not "publish".'],
    ['hashes --seed x', 'A seed is a whole number from 0 to 4294967295, not "x".'],
    ['walk', 'There is no command "walk"; there are list, run, check, counts, coverage, price and hashes.'],
    ['list --all', 'sim list takes --json only, not "--all".'],
    ['list --json --json', 'sim list takes --json only, not "--json --json".'],
    ['run', 'Name a scenario: an id of "sim list", or a scenario file.'],
    ['run --seed 3', 'Name a scenario: an id of "sim list", or a scenario file.'],
    ['run fetch publish', 'One scenario at a time: "fetch" or "publish"?'],
    ['run publish --speed 3', 'sim run has no option "--speed".'],
    ['check publish --out x', 'sim check has no option "--out".'],
    ['check publish --format json', 'sim check has no option "--format".'],
    ['run publish --out', 'The option --out needs a value.'],
    ['run publish --seed=', 'The option --seed needs a value.'],
    ['run publish --seeds=1', 'sim run has no option "--seeds".'],
    ['run publish --seed x', 'A seed is a whole number from 0 to 4294967295, not "x".'],
    ['run publish --seed -1', 'A seed is a whole number from 0 to 4294967295, not "-1".'],
    ['run publish --seed 1.5', 'A seed is a whole number from 0 to 4294967295, not "1.5".'],
    ['run publish --seed 0x10', 'A seed is a whole number from 0 to 4294967295, not "0x10".'],
    ['run publish --seed 4294967296', 'A seed is a whole number from 0 to 4294967295, not "4294967296".'],
    ['run publish --set rule', '--set takes name=value, not "rule".'],
    ['run publish --set =block', '--set takes name=value, not "=block".'],
    ['run publish --set a=1 --set a=2', 'The change "a" is given twice.'],
    ['run publish --set a=1 --changes [{"kind":"set","name":"a","value":"2"}]', 'The change "a" is given twice.'],
    ['run publish --changes [{"kind":"set","name":"a","value":"2"},{"kind":"set","name":"a","value":"1"}]', 'The change "a" is given twice.'],
    ['run publish --set __proto__=1 --set __proto__=2', 'The change "__proto__" is given twice.'],
    ['run publish --seed 1 --seed 1', '--seed is given twice.'],
    ['run publish --format json --format json', '--format is given twice.'],
    ['run publish --out a --out b', '--out is given twice.'],
    ['run publish --level stage2 --level stage3', '--level is given twice.'],
    ['run publish --changes [] --changes []', '--changes is given twice.'],
    ['run publish --format __proto__', 'The formats are ladder, json, pcapng, mermaid, plantuml, not "__proto__".'],
    ['run publish --seed 1e400', 'A seed is a whole number from 0 to 4294967295, not "1e400".'],
    ['run publish --seed NaN', 'A seed is a whole number from 0 to 4294967295, not "NaN".'],
    ['run publish --seed Infinity', 'A seed is a whole number from 0 to 4294967295, not "Infinity".'],
    ['run publish --seed +1', 'A seed is a whole number from 0 to 4294967295, not "+1".'],
    ['run publish --seed \u0661', 'A seed is a whole number from 0 to 4294967295, not "\u0661".'],
    [`run publish --seed ${'9'.repeat(5000)}`, `A seed is a whole number from 0 to 4294967295, not "${'9'.repeat(59)}…".`],
    ['run publish --seed 1\n2', 'A seed is a whole number from 0 to 4294967295, not "1\\n2".'],
    ['run publish --set \r\nX-A:', '--set takes name=value, not "\\r\\nX-A:".'],
    [`run a\r\nb publish`, 'One scenario at a time: "a\\r\\nb" or "publish"?'],
    ['run publish --level 2', 'The levels are stage2 (functions) and stage3 (entities and their protocols), not "2".'],
    ['run publish --level', 'The option --level needs a value.'],
    ['check publish --level stage2', 'sim check has no option "--level".'],
    ['run publish --level stage2 --format pcapng', 'Stage 2 is a reading of the run, printed as a ladder; pcapng holds the messages themselves.'],
    ['run publish --changes {', 'The changes are not JSON.'],
    ['run publish --format pcap', 'The formats are ladder, json, pcapng, mermaid, plantuml, not "pcap".'],
  ])('sim %s is wrong', (line, sentence) => {
    const call = parse(line);
    expect(call.kind === 'wrong' ? call.message : call.kind).toBe(sentence);
  });
});
