import { describe, expect, it } from 'vitest';
import type { Scenario } from '#scenario/scenario.ts';
import { computeRun } from '#testing/computed-run.ts';
import { deriveStory, type Story } from '#store/story.ts';
import type { LayerSet } from '#trace/layers.ts';
import { deriveBrackets } from './brackets.ts';
import { shortReason } from './decisions.ts';
import { deriveLadder, describeStep, layersOf, type LadderItem } from './items.ts';

/** The story of the principal flow, computed by the entities. */
function tell(network?: Scenario['network'], prologueOpen = false): Story {
  const trace = computeRun({
    format: 1,
    id: 'ladder',
    title: 'Ladder',
    summary: 'Ladder.',
    until: 50,
    ...(network === undefined ? {} : { network }),
    chapters: [
      { id: 'prologue', title: 'Registrations', at: 0, prologue: true },
      { id: 'subscribe', title: 'Subscribe', at: 10 },
      { id: 'unsubscribe', title: 'Unsubscribe', at: 35 },
    ],
    timeline: [
      { at: 0.5, who: 'ue2', do: { kind: 'register' } },
      { at: 3, who: 'ue1', do: { kind: 'register' } },
      { at: 6, who: 'ue2', do: { kind: 'publish', basic: 'open', note: 'At my desk' } },
      { at: 10, who: 'ue1', do: { kind: 'subscribe', to: 'sip:user2_public1@home2.net' } },
      { at: 35, who: 'ue1', do: { kind: 'unsubscribe' } },
    ],
  });
  return deriveStory(trace, prologueOpen);
}

const story = tell();
const SIP_AND_CX: LayerSet = new Set(['SIP', 'Diameter']);
const ALL: LayerSet = new Set(['SIP', 'Diameter', 'DNS']);
const kinds = (items: readonly LadderItem[]): readonly string[] => items.map(({ kind }) => kind);
const labelsOf = (story: Story, items: readonly LadderItem[]): readonly string[] =>
  items.flatMap((item) =>
    item.kind === 'step' ? [`${item.row.label} ${story.entity(item.row.from)?.label ?? ''} ${story.entity(item.row.to)?.label ?? ''}`] : [],
  );

it("tells operators' acts below the heading of their chapter, on the line of their entity", () => {
  const restarted = deriveStory(
    computeRun({
      format: 1,
      id: 'acts',
      title: 'Acts',
      summary: 'Acts.',
      until: 40,
      chapters: [
        { id: 'prologue', title: 'Before', at: 0, prologue: true },
        { id: 'outage', title: 'Outage', at: 10 },
        { id: 'after', title: 'After', at: 20 },
      ],
      timeline: [
        { at: 0.5, who: 'ue2', do: { kind: 'register' } },
        { at: 10, who: 'ps', do: { kind: 'crash' } },
        { at: 15, who: 'ps', do: { kind: 'restart' } },
        { at: 20, who: 'ue2', do: { kind: 'publish', basic: 'open' } },
      ],
    }),
  );
  const { items, columns } = deriveLadder(restarted, SIP_AND_CX, '');
  const told = items.flatMap((item) => (item.kind === 'chapter' ? [item.title] : item.kind === 'decision' ? [item.decision.text] : []));
  expect(told.slice(0, 4)).toEqual(['Outage', 'Stops', 'Comes back', 'After']);
  expect(columns.has('ps.home2.net')).toBe(true);
});

describe('the ladder of the principal flow', () => {
  const content = deriveLadder(story, SIP_AND_CX, '');

  it('has the participants of the story only, by network, without DNS servers', () => {
    expect(content.groups.map(({ network, tint, columns }) => [network, tint, columns.map(({ label }) => label)])).toEqual([
      ['visited1.net', 'visited', ['UE#1', 'P-CSCF#1']],
      ['home1.net', 'home1', ['S-CSCF#1']],
      ['home2.net', 'home2', ['I-CSCF#2', 'HSS#2', 'S-CSCF#2', 'PS']],
    ]);
    expect([...content.columns.values()]).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  it('folds the prologue to one row and begins with the SUBSCRIBE', () => {
    expect(content.items[0]).toEqual({ kind: 'prologue', key: 'chapter 0', title: 'Registrations', messages: story.first, open: false });
    expect(content.items[1]).toMatchObject({ kind: 'chapter', title: 'Subscribe' });
    expect(labelsOf(story, content.items).slice(0, 6)).toEqual([
      'SUBSCRIBE UE#1 P-CSCF#1',
      'SUBSCRIBE P-CSCF#1 S-CSCF#1',
      'SUBSCRIBE S-CSCF#1 I-CSCF#2',
      'LIR I-CSCF#2 HSS#2',
      'LIA HSS#2 I-CSCF#2',
      'SUBSCRIBE I-CSCF#2 S-CSCF#2',
    ]);
  });

  it('unfolds the prologue, and then has everybody who speaks in it', () => {
    const open = tell(undefined, true);
    const { items, columns } = deriveLadder(open, SIP_AND_CX, '');
    expect(items.filter(({ kind }) => kind === 'step').length).toBeGreaterThan(content.shown + 50);
    expect([...columns.keys()].map((id) => open.entity(id)?.label)).toContain('I-CSCF#1');
  });

  it('folds the idle time before a chapter, with its length', () => {
    const gap = content.items.findIndex(({ kind }) => kind === 'gap');
    expect(content.items[gap]).toMatchObject({ text: '25 s' });
    expect(content.items[gap + 1]).toMatchObject({ kind: 'chapter', title: 'Unsubscribe' });
  });

  it('says what was decided between the arrows, at the entity that did', () => {
    const decisions = content.items.flatMap((item) =>
      item.kind === 'decision' ? [`${story.entity(item.decision.entity)?.label ?? ''}: ${item.decision.text}`] : [],
    );
    expect(decisions).toContain('S-CSCF#2: Filter criterion 10 matches → PS');
    expect(decisions).toContain('S-CSCF#1: The profile holds no filter criteria');
    expect(decisions).toContain('UE#1: Known: open, "At my desk"');
    const at = content.items.findIndex((item) => item.kind === 'decision' && item.decision.text.startsWith('Filter criterion'));
    expect(content.items[at + 1]).toMatchObject({ kind: 'step', row: { label: 'SUBSCRIBE', to: 'ps.home2.net' } });
  });

  it('says in a row that DNS was asked, and shows each message when the layer is on', () => {
    expect(content.items.filter(({ kind }) => kind === 'hidden')).toContainEqual(
      expect.objectContaining({ text: 'DNS NAPTR home2.net', protocol: 'DNS', entity: 'scscf1.home1.net' }),
    );
    const all = deriveLadder(story, ALL, '');
    expect(kinds(all.items)).not.toContain('hidden');
    expect(all.shown).toBe(story.steps.length - story.first);
    expect([...all.columns.keys()]).toContain('dns.home1.net');
    expect(layersOf(story)).toEqual(['SIP', 'Diameter', 'DNS']);
  });

  it('knows for every step of the story which row stands for it, never one after it', () => {
    for (const typed of ['', 'notify']) {
      const { items, itemOfStep } = deriveLadder(story, SIP_AND_CX, typed);
      for (let step = story.first; step < story.steps.length; step++) {
        const item = items[itemOfStep[step] ?? -1];
        if (typed === '') expect(item).toBeDefined();
        if (item !== undefined && 'index' in item) expect(item.index).toBeLessThanOrEqual(step);
      }
    }
  });

  it('says each step in words', () => {
    const first = content.items.find((item) => item.kind === 'step');
    expect(first?.kind === 'step' && describeStep(story, first.row)).toBe('Step 1, SUBSCRIBE from UE#1 to P-CSCF#1');
  });

  it('draws the subscription from its SUBSCRIBE to its last message', () => {
    const [bracket, ...others] = deriveBrackets(story, content);
    expect(others).toEqual([]);
    expect(bracket).toMatchObject({ firstStep: story.first, ended: true, lane: 0 });
    expect(bracket?.text).toMatch(/^Subscription of UE#1 at PS \(presence\), step 1 to \d+$/);
    expect(content.items[bracket?.lastItem ?? -1]).toMatchObject({ row: { label: '200 OK (NOTIFY)' } });
  });
});

describe('the filter', () => {
  it('keeps what has every word in its label, its entities or its Call-ID, in the prologue too', () => {
    const found = deriveLadder(story, SIP_AND_CX, 'notify  PS');
    expect(found.shown).toBe(4);
    expect(labelsOf(story, found.items)[0]).toBe('NOTIFY PS S-CSCF#1');
    expect(kinds(found.items)).not.toContain('gap');
    expect(labelsOf(story, deriveLadder(story, SIP_AND_CX, 'register').items)[0]).toBe('REGISTER UE#2 P-CSCF#2');
  });

  it('finds a Call-ID', () => {
    const subscribe = story.steps[story.first];
    const callId = /Call-ID: (\S+)/.exec(String.fromCharCode(...(subscribe?.message.bytes ?? [])))?.[1] ?? '';
    const found = deriveLadder(story, ALL, callId.toUpperCase());
    expect(found.shown).toBeGreaterThan(20);
    expect(new Set(found.items.flatMap((item) => (item.kind === 'step' ? [item.row.protocol] : [])))).toEqual(new Set(['SIP']));
  });

  it('gives nothing where nothing fits', () => {
    expect(deriveLadder(story, ALL, 'no such thing')).toMatchObject({ items: [], shown: 0 });
  });
});

describe('a lossy link', () => {
  const lossy = tell({ links: [{ between: ['ue1', 'pcscf1'], loseFirst: 1, from: 10 }] });
  const steps = deriveLadder(lossy, SIP_AND_CX, '').items.flatMap((item) => (item.kind === 'step' ? [item.row] : []));

  it('shows what is lost, and what is sent again', () => {
    expect(steps[0]).toMatchObject({ label: 'SUBSCRIBE', lost: true });
    expect(steps[1]).toMatchObject({ label: 'SUBSCRIBE', lost: false, retransmissionOf: '1' });
    const [first, second] = steps;
    if (first === undefined || second === undefined) throw new Error('no steps');
    expect(describeStep(lossy, first)).toBe('Step 1, SUBSCRIBE from UE#1 to P-CSCF#1, lost on the way');
    expect(describeStep(lossy, second)).toBe('Step 2, SUBSCRIBE from UE#1 to P-CSCF#1, retransmission of step 1');
  });
});

describe('a reason in short', () => {
  it('is a few words', () => {
    const host = (name: string): string | undefined => (name === 'ps.home2.net' ? 'PS' : undefined);
    expect(shortReason('Filter criterion 20 matches (originating, registered): sip:ps.home2.net is to be asked.', host)).toBe(
      'Filter criterion 20 matches → PS',
    );
    expect(shortReason('Filter criterion 20 matches (originating, registered): sip:as.example.com:5070;lr is to be asked.', host)).toBe(
      'Filter criterion 20 matches → as.example.com',
    );
    expect(shortReason('Replaced what sip:a@b.net #1 had published: now open, meeting, "In a meeting".', host)).toBe('Stored: open, meeting, "In a meeting"');
    expect(shortReason(`${'A long sentence. '.repeat(9)}.`, host)).toHaveLength(64);
  });
});
