/** How the measurements of the engine are taken. */

export const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] as number;

/** Processor time of all threads in microseconds, garbage collection included: what other programs do on the machine counts less than on a clock. */
export function processorTime(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}
