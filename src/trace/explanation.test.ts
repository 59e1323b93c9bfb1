import { describe, expect, it } from 'vitest';
import { computeNamed } from '#testing/computed-run.ts';
import { explanationOf } from './explanation.ts';
import type { MessageRecord } from './record.ts';
import { TraceIndex } from './trace-index.ts';

describe('what explains a message', () => {
  it('is not the refusal of an earlier request, for whose answer the next one only waited', () => {
    const trace = computeNamed('authorize-xcap');
    const messages = trace.records.filter((record): record is MessageRecord => record.kind === 'message');
    const refusal = messages.findLast(({ label }) => label === '409 Conflict (PUT)')!;
    const put = messages.findLast(({ label, sentAt }) => label === 'PUT' && sentAt < refusal.sentAt)!;
    const next: MessageRecord = { ...put, id: trace.records.length + 10_000, sentAt: refusal.sentAt + 10, causedBy: refusal.id };
    const index = new TraceIndex({ ...trace, records: [...trace.records, next] });
    expect(index.notesAbout(refusal.id).some(({ reason }) => reason.startsWith('The server does not take it'))).toBe(true);
    expect(explanationOf(index, next)?.reason ?? '').not.toContain('does not take it');
  });
});
