/** Numbers of a scenario file, each with its limits: every number that is taken here, the network bears (`extremes.test.ts`). */
import * as v from 'valibot';

/** A moment or a time. */
export const secondsOf = v.pipe(v.number(), v.minValue(0), v.maxValue(100_000_000));
/** How long a run lasts: four weeks at most, so that registrations of 600 000 s are renewed and run out several times. */
export const runLength = v.pipe(v.number(), v.minValue(0), v.maxValue(2_419_200));
export const patience = v.pipe(v.number(), v.minValue(1), v.maxValue(32));
/** As the user profile (an XML integer) and Diameter (32 bits) can carry it. */
export const wholeNumber = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(2 ** 31 - 1));
export const perMille = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1000));
export const port = v.pipe(v.number(), v.integer(), v.minValue(1024), v.maxValue(65535));
/** SQN has 48 bits (TS 33.102 (clause unchecked)): half of them, so that counting on does not come to their end. */
export const sequenceNumber = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(2 ** 47));
