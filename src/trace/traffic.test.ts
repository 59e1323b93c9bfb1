/** What a run took, counted by link, border and protocol; and what a list saves (RFC 4662 §1). */
import { describe, expect, it } from 'vitest';
import { computeNamed as run } from '#testing/computed-run.ts';
import { isMessage } from './steps.ts';
import { afterPrologue, countTraffic, type Traffic } from './traffic.ts';

const sum = (amounts: readonly { readonly messages: number; readonly bytes: number }[]): { messages: number; bytes: number } =>
  amounts.reduce((all, { messages, bytes }) => ({ messages: all.messages + messages, bytes: all.bytes + bytes }), { messages: 0, bytes: 0 });
const onLink = (traffic: Traffic, point: string): number => sum(traffic.links.filter(({ referencePoint }) => referencePoint === point)).messages;

describe('traffic', () => {
  const trace = run('publish');
  it('is every transmission once, by link and by protocol', () => {
    const traffic = countTraffic(trace);
    const messages = trace.records.filter(isMessage);
    expect(traffic.total).toEqual({ messages: messages.length, bytes: messages.reduce((bytes, one) => bytes + one.bytes.length, 0) });
    expect(sum(traffic.links)).toEqual(traffic.total);
    expect(sum(traffic.protocols)).toEqual(traffic.total);
    expect(traffic.links.every(({ referencePoint }) => referencePoint !== '')).toBe(true);
  });
  it('crosses a border where its ends stand in two networks', () => {
    const trace = run('subscribe-across-networks');
    const traffic = countTraffic(trace, ({ protocol }) => protocol === 'SIP');
    const networkOf = new Map(trace.entities.map(({ id, network }) => [id, network]));
    const crossing = trace.records.filter(isMessage).filter(({ protocol, from, to }) => protocol === 'SIP' && networkOf.get(from) !== networkOf.get(to));
    expect(sum(traffic.borders).messages).toBe(crossing.length);
    expect(traffic.borders[0]?.networks).toEqual(['visited1.net', 'home1.net']);
  });
  it('of the story leaves the prologue out', () => {
    const counts = afterPrologue(trace);
    const story = countTraffic(trace, counts);
    expect(story.total.messages).toBeLessThan(countTraffic(trace).total.messages);
    expect(trace.records.filter(isMessage).filter(counts)[0]?.sentAt).toBeGreaterThanOrEqual(trace.chapters.find(({ prologue }) => prologue !== true)?.at ?? 0);
    expect(countTraffic(trace, afterPrologue({ chapters: [] })).total).toEqual(countTraffic(trace).total);
  });
  it('of a list is less than half on the radio, and the same behind the list server but for its own hop', () => {
    const of = (by: string): Traffic => {
      const one = run('list-own', { by });
      return countTraffic(one, (message) => message.protocol === 'SIP' && afterPrologue(one)(message));
    };
    const [list, singles] = [of('list'), of('singles')];
    const gm = (traffic: Traffic): number => sum(traffic.links.filter(({ a, b }) => a === 'ue1' || b === 'ue1')).messages;
    // One SUBSCRIBE, two NOTIFYs; a change; a refresh with its NOTIFY; the end with its NOTIFY: each with an answer.
    expect(gm(list)).toBe(2 * (1 + 2 + 1 + 2 + 2));
    // The same for three, and nobody collects: three subscriptions, a change, three refreshes, three ends.
    expect(gm(singles)).toBe(2 * (3 * 2 + 1 + 3 * 2 + 3 * 2));
    expect(onLink(list, 'Pw')).toBeLessThan(onLink(singles, 'Pw'));
  });
});
