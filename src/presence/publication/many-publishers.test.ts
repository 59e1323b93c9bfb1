/**
 * Several devices publish for one presentity at the same time, each under entity-tags of its own (RFC 3903 §4), against one compositor that now and then loses its memory.
 * peers C9: elsewhere every 412 of one device made the next of another, and they never came to rest, or left a second record of the same device behind.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createKeyedChance } from '#base/chance.ts';
import { type SimTime, START, after, seconds } from '#base/time.ts';
import { encodeUtf8 } from '#base/utf8.ts';
import { createResponse, type SipRequest } from '#protocol/sip/message.ts';
import { PIDF_TYPE } from '../pidf/document.ts';
import { publicationDocument } from '../pidf/states.ts';
import { formatPidf } from '../pidf/xml.ts';
import { EventPublisher, type PublishedBody, type PublisherStep } from './publisher.ts';
import { PublicationStore, publishFacts } from './store.ts';

const BOB = 'sip:user2_public1@home2.net';
const DEVICES = ['phone', 'tablet', 'desk', 'car', 'watch'];
const at = (s: number): SimTime => after(START, seconds(s));
const body = (device: string, activity: string): PublishedBody => ({
  contentType: PIDF_TYPE,
  bytes: encodeUtf8(formatPidf(publicationDocument({ entity: BOB, device, basic: 'open', activities: [activity] }))),
});

/** The devices, the compositor, and the requests that are under way between them, in the order in which they were sent. */
class World {
  now = at(0);
  readonly answers: number[] = [];
  #restarts = 0;
  #store = this.#emptyStore();
  readonly #publishers = new Map(
    DEVICES.map((name) => [name, new EventPublisher({ presentity: BOB, chance: createKeyedChance(1, name), name, expires: 3600 })] as const),
  );
  #underWay: { readonly device: string; readonly request: SipRequest }[] = [];

  #emptyStore(): PublicationStore {
    return new PublicationStore({ chance: createKeyedChance(2 + this.#restarts++, 'ps') });
  }

  /** The compositor comes back without its memory. */
  restart(): void {
    this.#store = this.#emptyStore();
  }

  wish(device: string, what: (publisher: EventPublisher) => readonly PublisherStep[]): void {
    const publisher = this.#publishers.get(device);
    if (publisher === undefined) throw new Error(device);
    for (const step of what(publisher)) if (step.kind === 'publish') this.#underWay.push({ device, request: step.request });
  }

  publish(device: string, activity: string): void {
    this.wish(device, (publisher) => publisher.publish(body(device, activity), this.now));
  }

  /** The request under way that is `nth` in turn is answered, and what its device sends then is under way as well. False when there is none. */
  deliver(nth: number): boolean {
    const [sent] = this.#underWay.splice(nth % Math.max(1, this.#underWay.length), 1);
    if (sent === undefined) return false;
    this.now = after(this.now, seconds(0.1));
    const { status, headers } = this.#store.publish(publishFacts(sent.request, BOB), this.now);
    const response = createResponse(sent.request, status);
    for (const [name, value] of headers) response.headers.append(name, value);
    this.answers.push(status);
    this.wish(sent.device, (publisher) => publisher.answered(response, this.now));
    return true;
  }

  /** Until nothing is under way; how many requests that took. A hundred are far more than anybody may need. */
  settle(): number {
    let count = 0;
    while (this.deliver(0)) if (++count > 100) throw new Error('they do not come to rest');
    return count;
  }

  /** What the compositor tells of each device, in the order of their names. */
  told(): readonly string[] {
    return this.#store
      .compose(BOB)
      .persons.map(({ id, activities }) => `${id} ${activities.join()}`)
      .sort();
  }
}

const everybodySays = (world: World, activity: string): void => {
  for (const device of DEVICES) world.publish(device, activity);
};
const expected = (activity: string): readonly string[] => DEVICES.map((device) => `person-${device} ${activity}`).sort();

describe('peers C9: several publishers of one presentity', () => {
  it('do not disturb each other: not one 412, whoever changes what', () => {
    const world = new World();
    for (const activity of ['meeting', 'away', 'meal']) {
      everybodySays(world, activity);
      expect(world.settle()).toBe(DEVICES.length);
      expect(world.told()).toEqual(expected(activity));
    }
    for (const device of DEVICES) world.wish(device, (publisher) => publisher.refreshNow(world.now));
    world.settle();
    expect(new Set(world.answers)).toEqual(new Set([200]));
  });

  it('each publish once more after the compositor has lost its memory, and then there is rest', () => {
    const world = new World();
    everybodySays(world, 'meeting');
    world.settle();
    world.restart();
    world.answers.length = 0;
    everybodySays(world, 'away');
    // A 412 for everybody, and an initial PUBLISH of everybody.
    expect(world.settle()).toBe(2 * DEVICES.length);
    expect(world.answers.filter((status) => status === 412)).toHaveLength(DEVICES.length);
    expect(world.told()).toEqual(expected('away'));
    everybodySays(world, 'meal');
    expect(world.settle()).toBe(DEVICES.length);
    expect(world.told()).toEqual(expected('meal'));
  });

  it('come to rest after any history, with one record for each device', () => {
    const act = fc.oneof(
      { weight: 4, arbitrary: fc.record({ do: fc.constant('publish' as const), device: fc.constantFrom(...DEVICES), n: fc.nat(9) }) },
      { weight: 8, arbitrary: fc.record({ do: fc.constant('deliver' as const), device: fc.constant(''), n: fc.nat(9) }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('refresh' as const), device: fc.constantFrom(...DEVICES), n: fc.nat(9) }) },
      { weight: 2, arbitrary: fc.record({ do: fc.constant('restart' as const), device: fc.constant(''), n: fc.nat(9) }) },
    );
    const activities = ['away', 'busy', 'meal', 'meeting', 'travel', 'working', 'holiday', 'sleeping', 'shopping', 'steering'];
    let refused = 0;
    fc.assert(
      fc.property(fc.array(act, { maxLength: 40 }), (acts) => {
        const world = new World();
        everybodySays(world, 'working');
        world.settle();
        for (const { do: what, device, n } of acts) {
          if (what === 'publish') world.publish(device, activities[n] ?? 'other');
          else if (what === 'deliver') world.deliver(n);
          else if (what === 'restart') world.restart();
          else world.wish(device, (publisher) => publisher.refreshNow(world.now));
        }
        world.settle();
        everybodySays(world, 'vacation');
        world.settle();
        // Whoever had not heard yet of the last restart has now: a second round meets no refusal any more.
        refused += world.answers.filter((status) => status === 412).length;
        world.answers.length = 0;
        everybodySays(world, 'other');
        expect(world.settle()).toBe(DEVICES.length);
        expect(new Set(world.answers)).toEqual(new Set([200]));
        expect(world.told()).toEqual(expected('other'));
      }),
      { numRuns: 100, seed: 20261127 },
    );
    expect(refused).toBeGreaterThan(50);
  });
});
