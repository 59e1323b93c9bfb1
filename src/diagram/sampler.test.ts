import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFixtureTrace } from '#testing/fixture-trace.ts';
import { FIXTURE_ENTITIES, FIXTURE_LINKS } from '#testing/fixture-network.ts';
import type { MessageRecord, Trace } from '#trace/record.ts';
import { contains, inflate } from './geometry.ts';
import { layoutNetwork } from './layout.ts';
import { indexMessages, isAnswer, pillText } from './message-index.ts';
import { createSampler, type Frame, LOST_AT, TRAIL_STEPS } from './sampler.ts';

const SIP = new TextEncoder().encode('SUBSCRIBE sip:a@b SIP/2.0\r\n\r\n');

/** A trace of these flights over the links of the fixture, in chapters that begin at the given moments. */
function traceOf(
  flights: readonly { readonly sentAt: number; readonly takes: number | undefined; readonly link?: number; readonly back?: boolean; readonly lost?: boolean }[],
  chapters: readonly number[] = [0],
): Trace {
  const records = flights.map((flight, i): MessageRecord => {
    const { a, b } = FIXTURE_LINKS[(flight.link ?? 0) % FIXTURE_LINKS.length]!;
    const [from, to] = flight.back === true ? [b, a] : [a, b];
    const end = flight.takes === undefined ? {} : flight.lost === true ? { lostAt: flight.sentAt + flight.takes } : { arrivedAt: flight.sentAt + flight.takes };
    return {
      id: i + 1,
      at: flight.sentAt,
      kind: 'message',
      from,
      to,
      sentAt: flight.sentAt,
      ...end,
      transport: 'udp',
      src: '',
      dst: '',
      protocol: 'SIP',
      label: 'SUBSCRIBE',
      bytes: SIP,
    };
  });
  return { ...createFixtureTrace(), records, until: 1_000_000, chapters: chapters.map((at, i) => ({ id: `c${i}`, title: '', at })) };
}

const layout = layoutNetwork(createFixtureTrace());
const place = (id: string) => layout.entityById.get(id)!;

/** One frame by itself. */
const packetPositions = (trace: Trace, placed: typeof layout, t: number): Frame => createSampler(trace, placed).at(t);

describe('one frame', () => {
  it('moves a packet from the glyph of its sender to that of its receiver, whichever way the link is declared', () => {
    for (const back of [false, true]) {
      const trace = traceOf([{ sentAt: 1000, takes: 100, back }]);
      const [from, to] = back ? [place('pcscf1.visited1.net'), place('ue1')] : [place('ue1'), place('pcscf1.visited1.net')];
      const xs = [1001, 1025, 1050, 1075, 1099].map((t) => packetPositions(trace, layout, t).packets[0]!.x);
      const sorted = [...xs].sort((a, b) => (back ? b - a : a - b));
      expect(xs).toEqual(sorted);
      expect(contains(inflate(from.glyphBox, 8), xs[0]!, from.y)).toBe(true);
      expect(contains(inflate(to.glyphBox, 8), xs[4]!, to.y)).toBe(true);
      expect(xs[2]).toBeCloseTo((from.x + to.x) / 2, -1);
    }
  });

  it('shows nothing before the first message, and the last one resting where it arrived', () => {
    const trace = traceOf([{ sentAt: 1000, takes: 100 }]);
    expect(packetPositions(trace, layout, 1000)).toMatchObject({ packets: [], trails: [], active: [], latest: -1 });
    expect(packetPositions(trace, layout, 1100).packets[0]).toMatchObject({ phase: 'arrived', share: 1 });
  });

  it('stops a lost packet half way, crossed out until a few steps later', () => {
    const flights = [{ sentAt: 1000, takes: 100, lost: true }, ...[2000, 3000, 4000].map((sentAt) => ({ sentAt, takes: 100, link: 1 }))];
    const trace = traceOf(flights);
    expect(packetPositions(trace, layout, 1050).packets[0]).toMatchObject({ phase: 'travelling', share: LOST_AT / 2 });
    const stopped = packetPositions(trace, layout, 1500).packets;
    expect(stopped).toHaveLength(1);
    expect(stopped[0]).toMatchObject({ phase: 'lost', share: LOST_AT });
    expect(stopped[0]!.x).toBeCloseTo((place('ue1').x + place('pcscf1.visited1.net').x) / 2, 0);
    expect(packetPositions(trace, layout, 3050).packets.map((packet) => packet.phase)).toContain('lost earlier');
    expect(packetPositions(trace, layout, 4050).packets.map((packet) => packet.phase)).toEqual(['travelling']);
  });

  it('keeps on its way what was still travelling when the run ended', () => {
    const packets = packetPositions(traceOf([{ sentAt: 999_000, takes: undefined }]), layout, 1_000_000).packets;
    expect(packets[0]).toMatchObject({ phase: 'travelling', share: LOST_AT });
  });

  it('leaves trails that fade with every step and end where a chapter begins', () => {
    const flights = Array.from({ length: 9 }, (_, i) => ({ sentAt: 1000 * (i + 1), takes: 500, link: i }));
    const { trails } = packetPositions(traceOf(flights), layout, 9600);
    expect(trails).toHaveLength(TRAIL_STEPS);
    const opacities = trails.map((trail) => trail.opacity);
    expect(opacities).toEqual([...opacities].sort((a, b) => b - a));
    expect(opacities.at(-1)).toBeGreaterThan(0);
    expect(packetPositions(traceOf(flights, [0, 8500]), layout, 9600).trails).toHaveLength(1);
    expect(packetPositions(traceOf(flights, [0, 8500]), layout, 8600)).toMatchObject({ trails: [], active: [] });
  });

  it('draws the trail up to the packet and no further', () => {
    const trace = traceOf([{ sentAt: 1000, takes: 100, back: true }]);
    const { trails, packets } = packetPositions(trace, layout, 1030);
    const { link } = trails[0]!.pill;
    expect(trails[0]).toMatchObject({ to: link.to });
    expect(trails[0]!.from).toBeCloseTo(link.to - (link.to - link.from) * 0.3, 5);
    expect(packets[0]!.dx).toBeLessThan(0);
  });

  it('names sender and receiver of the latest message', () => {
    const trace = createFixtureTrace();
    const message = trace.records.find((record) => record.kind === 'message' && record.label === 'LIR')!;
    if (message.kind !== 'message') throw new Error('not a message');
    expect(packetPositions(trace, layout, message.sentAt + 1).active).toEqual([message.from, message.to]);
  });

  it('gives the same frame when its objects are used again', () => {
    const trace = createFixtureTrace();
    const sampler = createSampler(trace, layout);
    for (const t of [10_000_500, 10_200_000, 1_000_500, 61_000_000, 10_200_000]) expect(sampler.at(t)).toEqual(packetPositions(trace, layout, t));
  });
});

describe('indexMessages', () => {
  const flights = fc.array(fc.record({ sentAt: fc.nat(500), takes: fc.option(fc.nat(200), { nil: undefined }), link: fc.nat(11), lost: fc.boolean() }), {
    maxLength: 60,
  });

  it('finds what a look at every message finds', () => {
    fc.assert(
      fc.property(flights, fc.nat(800), (given, t) => {
        const index = indexMessages(traceOf(given));
        const found: number[] = [];
        index.travelling(t, Infinity, (i) => found.push(i));
        const expected = index.messages
          .flatMap((message, i) => (message.sentAt < t && t < (message.arrivedAt ?? message.lostAt ?? Infinity) ? [i] : []))
          .reverse();
        expect(found).toEqual(expected);
        expect(index.lastSent(t)).toBe(index.messages.findLastIndex((message) => message.sentAt < t));
      }),
      { numRuns: 400 },
    );
  });

  it('gives as many as asked for, the latest, of 100 000 messages of which some are under way for ever', () => {
    const many = traceOf(Array.from({ length: 100_000 }, (_, i) => ({ sentAt: i * 10, takes: i % 1000 === 0 ? undefined : 15, link: i, back: i % 2 === 0 })));
    const index = indexMessages(many);
    const found: number[] = [];
    index.travelling(555_553, 5, (i) => found.push(i));
    expect(found).toEqual([55_555, 55_554, 55_000, 54_000, 53_000]);
  });
});

describe('isAnswer and pillText', () => {
  const trace = createFixtureTrace();
  const messages = trace.records.filter((record) => record.kind === 'message');

  it('reads from the bytes whether a message answers', () => {
    const answers = [...new Set(messages.filter(isAnswer).map((message) => message.label))];
    expect(answers).toEqual(expect.arrayContaining(['200 OK (SUBSCRIBE)', 'LIA', 'SAA', 'DNS answer NAPTR home2.net']));
    const requests = new Set(messages.filter((message) => !isAnswer(message)).map((message) => message.label));
    expect([...requests]).toEqual(expect.arrayContaining(['SUBSCRIBE', 'LIR', 'DNS NAPTR home2.net']));
    expect(answers.some((label) => requests.has(label))).toBe(false);
  });

  it('looks past the length that DNS over TCP puts in front (RFC 1035 §4.2.2)', () => {
    const bytes = new Uint8Array([0, 12, 1, 2, 0x84, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    expect(isAnswer({ protocol: 'DNS', transport: 'tcp', bytes })).toBe(true);
    expect(isAnswer({ protocol: 'DNS', transport: 'udp', bytes: bytes.subarray(2) })).toBe(true);
  });

  it.each([
    ['SIP', '200 OK (SUBSCRIBE)', '200 OK'],
    ['SIP', 'NOTIFY', 'NOTIFY'],
    ['Diameter', 'LIR', 'LIR'],
    ['DNS', 'DNS NAPTR home2.net', 'NAPTR query'],
    ['DNS', 'DNS answer (NAPTR home2.net)', 'NAPTR answer'],
    ['DNS', 'DNS answer NAPTR home2.net', 'NAPTR answer'],
    ['DNS', 'DNS NXDOMAIN (NAPTR home2.net)', 'NXDOMAIN'],
    ['SIP', '420 A Reason Phrase of a Server (SUBSCRIBE)', '420 A Reason Phrase of …'],
  ] as const)('writes %s %s as %s', (protocol, label, text) => {
    expect(pillText({ protocol, label })).toBe(text);
  });

  it('finds a link for every message of the run', () => {
    const ids = new Set(FIXTURE_ENTITIES.map((entity) => entity.id));
    for (const message of messages) {
      expect(ids.has(message.from)).toBe(true);
      expect(packetPositions(trace, layout, message.sentAt + 1).packets.map((packet) => packet.pill.message.id)).toContain(message.id);
    }
  });
});
