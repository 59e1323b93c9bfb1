import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Heap } from '#base/heap.ts';
import { milliseconds, type SimTime } from '#base/time.ts';
import { Agenda } from './agenda.ts';

interface Item {
  readonly at: SimTime;
  readonly sequence: number;
}
const isBefore = (a: Item, b: Item): boolean => (a.at === b.at ? a.sequence < b.sequence : a.at < b.at);

it('gives everything in the order in which one heap would, however far off it is', () => {
  // What is pushed lies after what was taken last, as in the kernel: in a moment, in a while, or an hour away.
  const delay = fc.oneof(fc.nat(3), fc.nat(60_000), fc.nat(3_600_000_000), fc.constant(milliseconds(50) as number));
  fc.assert(
    fc.property(fc.array(fc.option(delay), { maxLength: 400 }), (acts) => {
      const agenda = new Agenda(isBefore);
      const heap = new Heap(isBefore);
      let now = 0;
      acts.forEach((wait, sequence) => {
        if (wait === null) {
          expect(agenda.peek()).toBe(heap.peek());
          const next = agenda.pop();
          expect(next).toBe(heap.pop());
          now = next?.at ?? now;
        } else {
          const item = { at: (now + wait) as SimTime, sequence };
          agenda.push(item);
          heap.push(item);
        }
      });
      while (heap.size > 0) expect(agenda.pop()).toBe(heap.pop());
      expect(agenda.pop()).toBeUndefined();
    }),
  );
});
