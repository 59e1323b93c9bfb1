import { array, assert, integer, property } from 'fast-check';
import { expect, it } from 'vitest';
import { Heap } from './heap.ts';

const isBefore = (a: number, b: number): boolean => a < b;

it('gives what it took in order, whatever is kept', () => {
  assert(
    property(array(integer()), integer({ min: 1, max: 5 }), (numbers, kept) => {
      const heap = new Heap<number>(isBefore);
      for (const number of numbers) heap.push(number);
      heap.keep((number) => number % kept === 0);
      const wanted = numbers.filter((number) => number % kept === 0).sort((a, b) => a - b);
      expect(heap.size).toBe(wanted.length);
      expect(heap.peek()).toBe(wanted[0]);
      expect(wanted.map(() => heap.pop())).toEqual(wanted);
      expect(heap.pop()).toBeUndefined();
    }),
  );
});
