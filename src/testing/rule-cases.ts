/** What the tests of rules have in common: rules say nothing of real runs, and each fires on runs that are doctored for it. */
import { expect, it } from 'vitest';
import { checkTrace } from '#check/check.ts';
import type { Trace } from '#trace/record.ts';
import type { Doctored } from './doctor.ts';

export function itIsSilentOn(runs: readonly (readonly [what: string, trace: Trace])[]): void {
  it.each(runs)('are silent on %s', (_, trace) => {
    expect(checkTrace(trace)).toEqual([]);
  });
}

export function itFiresOn(doctored: Doctored): void {
  it.each(doctored)('%s fires on %s', (id, _, trace) => {
    const findings = checkTrace(trace()).filter((finding) => finding.rule === id);
    expect(findings).not.toEqual([]);
    expect(findings[0]?.message).toMatch(/^.+ from \S+ to \S+ \(record \d+\) .+\.$/);
  });
}
