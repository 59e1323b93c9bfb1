import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { computeRun } from '#testing/computed-run.ts';
import { deriveStory, type StoryStep } from '#store/story.ts';
import { decodeDiameter } from './decode-diameter.ts';
import { decodeDns } from './decode-dns.ts';
import { formatHex, type Leaf } from './decoded.ts';
import { layoutMachine, rowsFrom, BOX_HEIGHT } from './machine-layout.ts';
import { neighboursOf } from './neighbours.ts';
import { linesOf, tellingLines, whyOf } from './provenance.ts';
import { splitSipText } from './sip-text.ts';
import { stacksOf } from './stacks.ts';
import { formatColumn, formatTimeLeft } from './time-left.ts';
import { wiresharkFilter } from './wireshark-filter.ts';
import { tokenizeXml } from './xml-tokens.ts';

function tell() {
  const trace = computeRun({
    format: 1,
    id: 'reading',
    title: 'Reading',
    summary: 'Reading.',
    until: 20,
    chapters: [
      { id: 'prologue', title: 'Registrations', at: 0, prologue: true },
      { id: 'subscribe', title: 'Subscribe', at: 10 },
    ],
    timeline: [
      { at: 0.5, who: 'ue2', do: { kind: 'register' } },
      { at: 3, who: 'ue1', do: { kind: 'register' } },
      { at: 10, who: 'ue1', do: { kind: 'subscribe', to: 'sip:user2_public1@home2.net' } },
    ],
  });
  return deriveStory(trace);
}

const story = tell();
function stepOf(from: string, to: string, label: string): StoryStep {
  const id = story.index.find({ from, to, label, chapter: 'subscribe' })?.id ?? 0;
  const step = story.steps[story.index.step(id)?.index ?? -1];
  if (step === undefined) throw new Error(`no ${label} from ${from} to ${to}`);
  return step;
}
const first = stepOf('ue1', 'pcscf1.visited1.net', 'SUBSCRIBE');
const second = stepOf('pcscf1.visited1.net', 'scscf1.home1.net', 'SUBSCRIBE');
const third = stepOf('scscf1.home1.net', 'icscf2-s.home2.net', 'SUBSCRIBE');
const lir = stepOf('icscf2-s.home2.net', 'hss2.home2.net', 'LIR');
const lia = stepOf('hss2.home2.net', 'icscf2-s.home2.net', 'LIA');

describe('what a hop did to a message that the entities computed', () => {
  const changes = (step: StoryStep, change: string): readonly string[] =>
    linesOf(story, step.message).flatMap((line) => (line.change === change ? [line.name] : []));

  it('is all of it: the P-CSCF', () => {
    expect(changes(second, 'added')).toEqual(['Via', 'Record-Route', 'P-Asserted-Identity', 'P-Charging-Vector']);
    expect(changes(second, 'removed')).toEqual(['Route', 'P-Preferred-Identity', 'Require', 'Proxy-Require', 'Security-Verify']);
    expect(changes(second, 'changed')).toEqual(['Max-Forwards']);
  });

  it('has a reason for each line that it touched', () => {
    for (const step of story.steps) {
      if (step.message.protocol !== 'SIP' || step.prologue || !step.isRequest) continue;
      for (const line of linesOf(story, step.message)) {
        if (line.change === 'same' || line.name === 'Content-Length') continue;
        expect(whyOf(story, step.message, line), `${step.name} ${line.change} ${line.name}`).toBeDefined();
      }
    }
  });

  it('explains a changed Via by what the receiver noted', () => {
    const via = linesOf(story, third.message).find((line) => line.change === 'changed' && line.name === 'Via');
    const why = via === undefined ? undefined : whyOf(story, third.message, via);
    expect(why?.notes.map(({ op, header }) => [op, header])).toEqual([['changed', 'Via']]);
  });

  it('finds over hops who wrote a line', () => {
    const event = linesOf(story, third.message).find((line) => line.name === 'Event');
    const why = event === undefined ? undefined : whyOf(story, third.message, event);
    expect(why?.message.id).toBe(first.message.id);
    expect(why?.notes[0]?.op).toBe('added');
  });

  it('opens two reasons at first, none of them about what every hop does', () => {
    const lines = linesOf(story, second.message);
    const open = [...tellingLines(story, second.message, lines)].map((i) => lines[i]?.name);
    expect(open).toHaveLength(2);
    expect(open).not.toContain('Max-Forwards');
    expect(open).not.toContain('Via');
  });
});

describe('ways from a message', () => {
  it('lead over its hops', () => {
    expect(neighboursOf(story, second).previousHop?.index).toBe(first.index);
    expect(neighboursOf(story, second).nextHop?.index).toBe(third.index);
    expect(neighboursOf(story, first).previousHop).toBeUndefined();
  });

  it('lead to the answer and back', () => {
    expect(neighboursOf(story, lir).counterpart?.index).toBe(lia.index);
    expect(neighboursOf(story, lia).counterpart?.index).toBe(lir.index);
    const answer = neighboursOf(story, third).counterpart;
    expect(answer?.message.label).toBe('200 OK (SUBSCRIBE)');
    expect(answer?.message.from).toBe(third.message.to);
  });

  it('lead to Wireshark', () => {
    expect(wiresharkFilter(first.message)).toMatch(/^sip\.Call-ID == "[^"]+" && sip\.CSeq\.seq == 1 && sip\.Method == "SUBSCRIBE"$/);
    expect(wiresharkFilter(lir.message)).toMatch(/^diameter\.hopbyhopid == 0x[0-9a-f]{8}$/);
    expect(wiresharkFilter(lia.message)).toBe(wiresharkFilter(lir.message));
  });

  it('lie in stacks', () => {
    const stacks = stacksOf(story, splitSipText(first.message.bytes).headers);
    expect(stacks.map(({ name, plates }) => [name, plates.map(({ entity }) => entity?.label)])).toEqual([
      ['Route', ['P-CSCF#1', 'S-CSCF#1']],
      ['Via', ['UE#1']],
    ]);
  });
});

describe('binary messages', () => {
  const flat = (leaves: readonly Leaf[]): readonly string[] => leaves.flatMap(({ name, value, members }) => [`${name}: ${value}`, ...flat(members ?? [])]);

  it('are named AVP by AVP', () => {
    expect(flat(decodeDiameter(lir.message.bytes))).toEqual(
      expect.arrayContaining([
        'Command: 302 (LIR)',
        'Application: 16777216 (3GPP Cx)',
        'Vendor-Id: 10415 (3GPP)',
        'Public-Identity: sip:user2_public1@home2.net',
      ]),
    );
    expect(flat(decodeDiameter(lia.message.bytes))).toEqual(
      expect.arrayContaining(['Server-Name: sip:scscf2.home2.net', 'Result-Code: 2001 (DIAMETER_SUCCESS)']),
    );
    const saa = story.index.find({ label: 'SAA' });
    expect(decodeDiameter(saa?.bytes ?? new Uint8Array()).find(({ name }) => name === 'User-Data')?.document).toContain('<IMSSubscription');
  });

  it('are named record by record', () => {
    const answers = story.steps.filter((step) => step.message.protocol === 'DNS' && !step.isRequest);
    const lines = answers.flatMap((step) => flat(decodeDns(step.message.bytes)));
    expect(lines).toContain('AAAA: icscf2-s.home2.net → 2001:db8:2::20, for 86400 s');
  });

  it('never throw, whatever the octets', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), (bytes) => {
        decodeDiameter(bytes);
        decodeDns(bytes);
        expect(formatHex(bytes).split('\n').length).toBe(Math.max(1, Math.ceil(bytes.length / 16)));
      }),
    );
    expect(decodeDiameter(new Uint8Array(3))).toEqual([{ name: 'Not readable', value: 'cut short, at octet 3' }]);
  });

  it('are shown octet by octet', () => {
    expect(formatHex(Uint8Array.from([0, 65, 255]))).toBe(`0000  ${'00 41 ff'.padEnd(23)}  ${' '.repeat(23)}  .A.`);
  });
});

describe('XML in colours', () => {
  it('loses no character', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('<', '>', '/', '"', "'", '=', ' ', 'a', '!', '-', '?') }),
        (text) =>
          tokenizeXml(text)
            .map((token) => token.text)
            .join('') === text,
      ),
    );
  });

  it('tells tags, attributes, values and text apart', () => {
    expect(tokenizeXml('<?xml?><a b="c">d</a>')).toEqual([
      { kind: 'aside', text: '<?xml?>' },
      { kind: 'tag', text: '<a ' },
      { kind: 'attribute', text: 'b' },
      { kind: 'tag', text: '=' },
      { kind: 'value', text: '"c"' },
      { kind: 'tag', text: '>' },
      { kind: 'text', text: 'd' },
      { kind: 'tag', text: '</a>' },
    ]);
  });
});

describe('state machines', () => {
  it('have a place for every state, and none upon another', () => {
    for (const table of story.trace.tables) {
      const { boxes, edges, width, height } = layoutMachine(table);
      expect(boxes.map(({ state }) => state).toSorted()).toEqual([...table.states].toSorted());
      for (const a of boxes) {
        expect(a.x).toBeGreaterThanOrEqual(0);
        expect(a.x + a.width).toBeLessThanOrEqual(width);
        expect(a.y + BOX_HEIGHT).toBeLessThanOrEqual(height);
        for (const b of boxes) if (a !== b && a.y === b.y) expect(a.x + a.width <= b.x || b.x + b.width <= a.x).toBe(true);
      }
      expect(edges.length).toBeGreaterThan(0);
      for (const { d } of edges) expect(d).toMatch(/^M[-\d. ]+[CL]/);
    }
  });

  it('say where a state leads', () => {
    const table = story.trace.tables.find(({ name }) => name === 'non-INVITE client transaction');
    if (table === undefined) throw new Error('no such table');
    expect(rowsFrom(table, 'completed').map(({ on }) => on)).toEqual(['provisional', 'final', 'Timer K']);
  });
});

describe('time left', () => {
  it('is as exact as a person wants it', () => {
    expect([12_400_000, 81_000_000, 7_181_000_000, 30_000_000_000, 599_000_000_000, -5].map(formatTimeLeft)).toEqual([
      '12.4 s',
      '81 s',
      '119 min',
      '8 h',
      '6 days',
      '0.0 s',
    ]);
  });

  it('is said of a column of seconds too, and of no other', () => {
    const { title, cell } = formatColumn('For (s)');
    expect([title, cell('599991'), cell('59'), cell('-'), cell('')]).toEqual(['For', '6 days', '59 s', '-', '']);
    expect([formatColumn('Port').title, formatColumn('Port').cell('5060')]).toEqual(['Port', '5060']);
  });
});
