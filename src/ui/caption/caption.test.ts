import { describe, expect, it } from 'vitest';
import type { Intent } from '#base/machine.ts';
import { computeNamed } from '#testing/computed-run.ts';
import { createFixtureTrace } from '#testing/fixture-trace.ts';
import { tellByFunctions } from '#store/function-story.ts';
import { deriveStory, type StoryStep } from '#store/story.ts';
import type { NoteRecord, Trace } from '#trace/record.ts';
import { bestNote } from '#trace/explanation.ts';
import type { MessageEdit } from '#trace/message-edits.ts';
import { formatClause, isUnchecked } from '#ui/widgets/clause.ts';
import { captionOf, formatCaption, nextOf, silenceAfter } from './caption.ts';
import { OF_STAGE_3 } from './stage2-reason.ts';

const trace = createFixtureTrace();
const story = deriveStory(trace);
/** As people count: the prologue apart. */
const step = (number: number): StoryStep => story.steps[story.first + number - 1]!;
const sentence = (number: number): string => formatCaption(captionOf(story, step(number)));
const without = (records: (record: Trace['records'][number]) => Trace['records'][number]): Trace => ({ ...trace, records: trace.records.map(records) });

describe('captions', () => {
  it('tell who sends what to whom, and why', () => {
    expect(sentence(1)).toBe(
      'UE#1 sends a SUBSCRIBE to P-CSCF#1. The Route was learned at registration: first the P-CSCF, then the S-CSCF named by Service-Route.',
    );
  });

  it('say forwards when the message came in, also when a question to DNS or the HSS lay between', () => {
    expect(sentence(5)).toContain('S-CSCF#1 forwards the SUBSCRIBE to I-CSCF#2: DNS gave');
    expect(sentence(8)).toBe(
      'I-CSCF#2 forwards the SUBSCRIBE to S-CSCF#2: the HSS said that scscf2 serves user2. It does not record itself: the NOTIFY will not pass here.',
    );
  });

  it('say asks and answers for Diameter and DNS', () => {
    expect(captionOf(story, step(6)).act).toBe('I-CSCF#2 asks HSS#2 with an LIR (Location-Info-Request)');
    expect(captionOf(story, step(7)).act).toBe('HSS#2 answers I-CSCF#2 with an LIA');
    expect(captionOf(story, step(3)).act).toBe('S-CSCF#1 asks DNS for the NAPTR records of home2.net');
  });

  it('say answers for the first response and passes back for the others', () => {
    expect(captionOf(story, step(10)).act).toBe('PS answers the SUBSCRIBE with 200 (OK)');
    expect(captionOf(story, step(11)).act).toBe('S-CSCF#2 passes the 200 (OK) back to I-CSCF#2');
  });

  it('give the reason of an answer that is passed back once per way back', () => {
    const [first, second] = [step(11).message, step(12).message];
    expect(story.index.previousHop(second)).toBe(first);
    const why = 'The topmost Via was its own.';
    const reasoned = (id: number, message: number, entity: string, reason: string): NoteRecord => ({
      id,
      at: 0,
      kind: 'note',
      entity,
      message,
      op: 'decided',
      reason,
    });
    const told = (later: string): readonly (string | undefined)[] => {
      const notes = [reasoned(9001, first.id, first.from, why), reasoned(9002, second.id, second.from, later)];
      const others = trace.records.filter((record) => record.kind !== 'note' || (record.message !== first.id && record.message !== second.id));
      const changed = deriveStory({ ...trace, records: [...others, ...notes] });
      return [first, second].map(
        ({ id }) =>
          captionOf(
            changed,
            changed.steps.find(({ message }) => message.id === id)!,
          ).reason,
      );
    };
    expect(told(why)).toEqual([why, undefined]);
    expect(told('It has recorded itself.')).toEqual([why, 'It has recorded itself.']);
  });

  it('do not mistake a later request of the same dialog for one that is passed on', () => {
    const refresh = story.steps.find((each) => each.message.label === 'SUBSCRIBE' && each.message.sentAt > 1_700_000_000)!;
    expect(captionOf(story, refresh).act).toBe('UE#1 sends a SUBSCRIBE to P-CSCF#1');
  });

  it('say again for a retransmission, and tell losses', () => {
    const first = step(1).message;
    const lost = without((record) => (record.id === first.id && record.kind === 'message' ? withoutArrival(record, record.sentAt + 5) : record));
    const again = { ...first, id: 9001, sentAt: first.sentAt + 500_000, at: first.at + 500_000 };
    const told = deriveStory({ ...lost, records: [...lost.records, again] });
    const repeated = told.steps.find((each) => each.message.id === 9001)!;
    expect(captionOf(told, repeated).act).toBe('UE#1 sends the SUBSCRIBE to P-CSCF#1 again');
    expect(
      captionOf(
        told,
        told.steps.find((each) => each.message.id === first.id)!,
      ).act,
    ).toBe('UE#1 sends a SUBSCRIBE to P-CSCF#1, but it is lost on the way');
    const dropped = deriveStory({ ...lost, changes: [{ kind: 'drop', record: first.id }] });
    expect(
      captionOf(
        dropped,
        dropped.steps.find((each) => each.message.id === first.id)!,
      ).act,
    ).toContain('but it was dropped here');
  });

  it('prefer a refusal, then where it goes, then what was decided last, then what tells most of what was written', () => {
    const { message } = step(1);
    const note = (op: NoteRecord['op'], header?: string, more: Partial<NoteRecord> = {}): NoteRecord => ({
      id: 1,
      at: 0,
      kind: 'note',
      entity: 'x',
      op,
      reason: 'R.',
      ...(header === undefined ? {} : { header }),
      ...more,
    });
    expect(bestNote([note('added', 'Via'), note('added', 'Path'), note('routed'), note('decided')], message)?.op).toBe('routed');
    expect(
      bestNote([note('decided'), note('decided', undefined, { reason: 'Later.' }), note('decided', undefined, { clause: 'RFC 3263 §4' })], message)?.reason,
    ).toBe('Later.');
    expect(bestNote([note('routed'), note('rejected')], message)?.op).toBe('rejected');
    expect(bestNote([note('routed'), note('added', 'Subscription-State', { to: 'terminated;reason=timeout' })], message)?.header).toBe('Subscription-State');
    expect(bestNote([note('added', 'Via'), note('removed', 'Route'), note('changed', 'Max-Forwards')], message)?.header).toBe('Route');
    expect(bestNote([], message)).toBeUndefined();
  });

  it('show a clause only where it was read', () => {
    expect(formatClause('TS 24.229 (clause unchecked)')).toBe('TS 24.229');
    expect(formatClause('RFC 3261 §16.6')).toBe('RFC 3261 §16.6');
    expect([isUnchecked('TS 24.229 (clause unchecked)'), isUnchecked('RFC 3261 §16.6')]).toEqual([true, false]);
  });

  it('keep the capital of names after the colon', () => {
    expect(formatCaption({ act: 'A does it', reason: 'DNS gave it.', clause: undefined })).toBe('A does it: DNS gave it.');
    expect(formatCaption({ act: 'A does it', reason: 'The rule says so.', clause: undefined })).toBe('A does it: the rule says so.');
    expect(formatCaption({ act: 'A does it', reason: 'Two pairs stand ready.', clause: undefined })).toBe('A does it: two pairs stand ready.');
    expect(formatCaption({ act: 'A does it', reason: 'P-CSCF#1 is near.', clause: undefined })).toBe('A does it: P-CSCF#1 is near.');
    expect(formatCaption({ act: 'A does it', reason: 'One thing: another.', clause: undefined })).toBe('A does it. One thing: another.');
    expect(formatCaption({ act: 'A does it', reason: undefined, clause: undefined })).toBe('A does it.');
  });

  it('name the next event before it happens, and nothing after the last', () => {
    expect(nextOf(story, story.first - 1)).toBe('UE#1 sends a SUBSCRIBE to P-CSCF#1');
    expect(nextOf(story, story.steps.length - 1)).toBeUndefined();
  });

  it('tell what comes of a step without a message: a refusal in silence, a timer, a wish that cannot be granted', () => {
    const last = story.steps.at(-1)!;
    expect(silenceAfter(story, last.index)).toBeUndefined();
    const silent = (entity: string, op: NoteRecord['op'], reason: string): NoteRecord => ({
      id: 9001,
      at: last.message.sentAt + 1,
      kind: 'note',
      entity,
      op,
      reason,
    });
    const timeout = deriveStory({
      ...trace,
      records: [...trace.records, silent('ue1', 'decided', 'Nobody answered.'), silent('ps.home2.net', 'decided', 'It is quiet.')],
    });
    expect(silenceAfter(timeout, last.index)).toBe('at UE#1, without a message – nobody answered.');
    const refusal = deriveStory({
      ...trace,
      records: [...trace.records, { ...silent('ps.home2.net', 'rejected', 'Nobody waits for it.'), message: last.message.id }],
    });
    expect(silenceAfter(refusal, last.index)).toBe('at PS, without a message – nobody waits for it.');
    expect(silenceAfter(refusal, last.index - 1)).toBeUndefined();
  });

  it('tell with a wish that nothing is sent for what was wanted, be it of the story or just made', () => {
    const silences = (intent: Intent, kind: string, who: string, at: (planned: number) => number): readonly (string | undefined)[] => {
      const plan = computeNamed('subscribe-across-networks').records.findLast((record) => record.kind === 'intent' && record.intent.kind === kind)!;
      const run = deriveStory(computeNamed('subscribe-across-networks', {}, [{ kind: 'do', at: at(plan.at), who, intent }]));
      return run.steps.map(({ index }) => silenceAfter(run, index));
    };
    // Unsubscribed two seconds before that is planned.
    expect(silences({ kind: 'unsubscribe', to: 'sip:user2_public1@home2.net' }, 'unsubscribe', 'ue1', (planned) => planned - 2_000_000)).toContain(
      'at UE#1, asked to unsubscribe, without a message – there is no such subscription.',
    );
    // Published while the publication of the story is not answered yet.
    expect(silences({ kind: 'publish', basic: 'closed', note: 'Away' }, 'publish', 'ue2', (planned) => planned + 1000)).toContain(
      'at UE#2, asked to publish "Away", without a message – a PUBLISH is under way: the change waits for its answer.',
    );
  });

  it('tell with the first NOTIFY whom it passes by, because they did not record themselves', () => {
    const run = deriveStory(computeNamed('subscribe-across-networks'));
    const notified = run.steps.filter(({ message }) => message.label === 'NOTIFY' && run.entity(message.from)?.kind === 'presence-server');
    expect(captionOf(run, notified[0]!).act).toMatch(/: a NOTIFY to S-CSCF#1, past S-CSCF#2 and I-CSCF#2$/);
    expect(captionOf(run, notified[1]!).act).toMatch(/: a NOTIFY to S-CSCF#1$/);
  });

  it('tell with a NOTIFY that sets out what it says first, then its way, and name it before it happens without its news', () => {
    const run = deriveStory(computeNamed('subscribe-across-networks'));
    const [first] = run.steps.filter(({ message }) => message.label === 'NOTIFY' && run.entity(message.from)?.kind === 'presence-server');
    expect(formatCaption(captionOf(run, first!))).toBe(
      'PS tells that sip:user2_public1@home2.net is open, "At my desk": a NOTIFY to S-CSCF#1, past S-CSCF#2 and I-CSCF#2. ' +
        'The route set holds only those who recorded themselves in the SUBSCRIBE: the NOTIFY goes straight to the first of them.',
    );
    expect(nextOf(run, first!.index - 1)).toBe('PS sends a NOTIFY to S-CSCF#1, past S-CSCF#2 and I-CSCF#2');
  });

  it('at stage 2 speak in its words, and give a reason for what is no mere passing back', () => {
    for (const id of ['subscribe-across-networks', 'list-own', 'find-unknown', 'network-agent', 'watcher-information', 'external-agent']) {
      const run = tellByFunctions(deriveStory(computeNamed(id)));
      for (const each of run.steps) {
        const { act, reason } = captionOf(run, each);
        // What people wrote and the addresses that they have are theirs.
        const words = `${act} ${reason ?? ''}`.replace(/"[^"]*"|sips?:\S+/g, '');
        expect(words, each.message.label).not.toMatch(OF_STAGE_3);
        if (each.message.label.startsWith('SubscribePres') && !act.includes('forwards')) expect(reason, act).toBeDefined();
      }
    }
    const run = tellByFunctions(deriveStory(computeNamed('find-unknown')));
    const refusal = run.steps.find(({ message }) => message.label === 'MsgAck: 404 Not Found')!;
    expect(formatCaption(captionOf(run, refusal))).toBe(
      'The Presentity Presence Proxy refuses with a MsgAck that says 404 Not Found: nobody has this address here.',
    );
  });

  it('tell what a watcher learned when it answers, and at the end that it is over', () => {
    const run = deriveStory(computeNamed('subscribe-across-networks'));
    const answers = run.steps.filter(
      ({ message, index }) => index >= run.first && message.label === '200 OK (NOTIFY)' && run.entity(message.from)?.kind === 'ue',
    );
    expect(answers.map((each) => captionOf(run, each).reason)).toEqual([
      expect.stringContaining('open, "At my desk"'),
      expect.stringContaining('open, meeting, "In a meeting until noon"'),
      expect.stringContaining('The last NOTIFY is here'),
    ]);
  });

  it('tell a tunnel as a way: a gateway sends a message through it, the other one hands it on', () => {
    const run = deriveStory(computeNamed('border-protected'));
    const acts = run.steps.slice(run.first).map((each) => captionOf(run, each).act);
    expect(acts).toContain('SEG visited sends the SUBSCRIBE through the tunnel to SEG#1');
    expect(acts).toContain('SEG#1 hands the SUBSCRIBE to S-CSCF#1');
    expect(acts).toContain('SEG visited hands the 200 (OK) to P-CSCF#1');
    expect(acts).toContain('SEG#1 lets the question for the NAPTR records of home2.net pass to SEG#2');
    expect(acts.filter((act) => /ESP/.test(act))).toEqual([]);
  });

  it('cut what people wrote, where it is long', () => {
    const run = deriveStory(computeNamed('partial-notify'));
    const answer = run.steps.find(
      ({ message, index }) => index >= run.first && message.label === '200 OK (NOTIFY)' && run.entity(message.from)?.kind === 'ue',
    )!;
    expect(captionOf(run, answer).reason).toMatch(/: open, meeting, "On the train to .{40,70}…"\.$/);
  });

  it('tell what a person changed on the way: three changes at most, and another text as such', () => {
    const plain = deriveStory(computeNamed('subscribe-across-networks'));
    const record = plain.steps[plain.first]!.message.id;
    const edited = (...edits: readonly MessageEdit[]): string | undefined => {
      const run = deriveStory(computeNamed('subscribe-across-networks', {}, [{ kind: 'edit', record, edits }]));
      return captionOf(
        run,
        run.steps.find(({ message }) => message.id === record)!,
      ).reason;
    };
    expect(edited({ op: 'add', header: 'X-Note', to: 'hi' })).toBe('It arrives with X-Note hi.');
    expect(edited({ op: 'add', header: 'X-Big', to: 'a'.repeat(60_000) })).toBe('It arrives with an added X-Big.');
    expect(edited({ op: 'set', header: 'Event', to: 'a'.repeat(60) })).toBe('It arrives with another Event.');
    expect(edited({ op: 'body', to: 'hello' })).toContain('with another body');
    const gone = ['Max-Forwards', 'From', 'To', 'Call-ID', 'CSeq'].map((header): MessageEdit => ({ op: 'remove', header }));
    expect(edited(...gone.slice(0, 3))).toBe('It arrives without Max-Forwards, without From and without To.');
    expect(edited(...gone.slice(0, 4))).toMatch(/^It arrives without [\w-]+, without [\w-]+, without [\w-]+ and 1 more change\.$/);
    expect(edited(...gone)).toContain(' and 2 more changes.');
    expect(edited({ op: 'text', to: 'nonsense' })).toBe('It arrives as another text.');
  });

  it('exist for every step, in full sentences', () => {
    for (const each of story.steps) expect(formatCaption(captionOf(story, each))).toMatch(/^[A-Z].*\.$/);
  });
});

function withoutArrival(record: Extract<Trace['records'][number], { kind: 'message' }>, lostAt: number): Trace['records'][number] {
  const { arrivedAt: _, ...rest } = record;
  return { ...rest, lostAt };
}
