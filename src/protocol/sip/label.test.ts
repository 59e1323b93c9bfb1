import { describe, expect, it } from 'vitest';
import { labelOf } from './label.ts';
import { createRequest, createResponse } from './message.ts';

describe('a label', () => {
  it('is the method of a request, and status, reason and method of a response', () => {
    const request = createRequest('SUBSCRIBE', 'sip:a@b.net', [['CSeq', '61 SUBSCRIBE']]);
    expect(labelOf(request)).toBe('SUBSCRIBE');
    expect(labelOf(createResponse(request, 200))).toBe('200 OK (SUBSCRIBE)');
    expect(labelOf(createResponse(request, 489, ''))).toBe('489 (SUBSCRIBE)');
    expect(labelOf(createResponse(createRequest('X', 'sip:a', []), 400))).toBe('400 Bad Request');
  });
});
