import { describe, expect, it } from 'vitest';
import { createFixtureTrace } from '#testing/fixture-trace.ts';
import type { MessageRecord, Trace } from './record.ts';
import { formatSequence } from './sequence-text.ts';

const trace = createFixtureTrace();
const mermaid = formatSequence(trace, 'mermaid').split('\n');
const plantUml = formatSequence(trace, 'plantuml').split('\n');
const steps = trace.records.filter((record): record is MessageRecord => record.kind === 'message');

describe('a run as a sequence diagram', () => {
  it('groups who takes part by networks, tells the chapters, and leaves the prologue out', () => {
    expect(mermaid.slice(0, 7)).toEqual([
      '---',
      `title: "${trace.title}"`,
      '---',
      'sequenceDiagram',
      '  box visited1.net',
      '    participant p1 as UE#35;1',
      '    participant p2 as P-CSCF#35;1',
    ]);
    expect(mermaid).toContain('  p1->>p2: 1 · SUBSCRIBE');
    expect(plantUml.slice(0, 5)).toEqual([
      '@startuml',
      `title ${trace.title}`,
      'box "visited1.net"',
      '  participant "UE#1" as p1',
      '  participant "P-CSCF#1" as p2',
    ]);
    expect(plantUml).toContain('p1 -> p2 : 1 · SUBSCRIBE');
    expect(plantUml.at(-2)).toBe('@enduml');
    const chapters = trace.chapters.filter(({ prologue }) => prologue !== true);
    expect(plantUml.filter((line) => line.startsWith('== '))).toEqual(chapters.map(({ title }, i) => `== ${i + 1}. ${title} ==`));
    expect([mermaid, plantUml].map((lines) => lines.some((line) => line.includes('REGISTER')))).toEqual([false, false]);
  });

  it('has one arrow for each message, dashed for answers, crossed for what is lost', () => {
    const [first] = steps.filter(({ label, at }) => label === 'SUBSCRIBE' && at > 5_000_000);
    const lost: Trace = {
      ...trace,
      records: trace.records.map((record) => {
        if (record !== first) return record;
        const { arrivedAt: _, ...rest } = first;
        return { ...rest, lostAt: first.sentAt + 5 };
      }),
    };
    expect(formatSequence(lost, 'mermaid')).toContain('  p1-xp2: 1 · SUBSCRIBE\n');
    expect(formatSequence(lost, 'plantuml')).toContain('p1 ->x p2 : 1 · SUBSCRIBE\n');
    const answers = mermaid.filter((line) => line.includes('-->>'));
    expect(answers.length).toBeGreaterThan(5);
    expect(answers.every((line) => /· (?:\d{3} |LIA|DNS|\w+A\b)/.test(line))).toBe(true);
    expect(mermaid.filter((line) => /^ {2}p\d+-/.test(line)).length).toBe(plantUml.filter((line) => /^p\d+ -/.test(line)).length);
  });

  it('writes no name that its language would read as its own', () => {
    const odd: Trace = { ...trace, title: 'A "title"; #1', entities: trace.entities.map((entity) => ({ ...entity, label: `<${entity.label};"x"` })) };
    expect(formatSequence(odd, 'mermaid')).toContain('participant p1 as #60;UE#35;1#59;#34;x#34;');
    expect(formatSequence(odd, 'plantuml')).toContain(`participant "<UE#1;''x''" as p1`);
  });

  it('tells a run that is a prologue only, and one in which nothing was sent', () => {
    const prologue: Trace = { ...trace, chapters: trace.chapters.slice(0, 1) };
    expect(formatSequence(prologue, 'plantuml')).toContain('REGISTER');
    expect(formatSequence({ ...trace, records: [] }, 'mermaid')).toContain('sequenceDiagram');
  });
});
