import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatReport, labelOfReport, type NetworkReport, parseReport, REPORT_POINTS, SUPPLIERS } from './report.ts';

const BUSY: NetworkReport = {
  kind: 'report',
  point: 'Pc',
  number: 3,
  at: '2026-01-05T09:00:20.000Z',
  subscriber: '12125552222',
  state: 'busy',
  equipment: '001010123456710',
};

describe('a report of stage 2', () => {
  it('is a list that says by which protocol it would come', () => {
    expect(formatReport(BUSY)).toBe(
      [
        'Report over Pc (stage 2; CAMEL phase 4 would carry it)',
        'Number: 3',
        'At: 2026-01-05T09:00:20.000Z',
        'Subscriber: 12125552222',
        'State: busy',
        'Equipment: 001010123456710',
        '',
      ].join('\n'),
    );
    expect(labelOfReport(BUSY)).toBe('Pc report: busy');
  });

  it('is read as it was written', () => {
    const report = fc.constantFrom(...REPORT_POINTS).chain((point) =>
      fc.record(
        {
          kind: fc.constant('report' as const),
          point: fc.constant(point),
          number: fc.nat(999_999),
          at: fc.constant(BUSY.at),
          subscriber: fc.stringMatching(/^\d{3,15}$/),
          state: fc.constantFrom(...SUPPLIERS[point].states),
          equipment: fc.stringMatching(/^\d{15}$/),
          place: fc.stringMatching(/^[A-Za-z]([A-Za-z: ]{0,30}[A-Za-z])?$/),
          placeType: fc.constantFrom('airport', 'train-station'),
        },
        { requiredKeys: ['kind', 'point', 'number', 'at', 'subscriber', 'state'] },
      ),
    );
    fc.assert(
      fc.property(report, (one) => {
        expect(parseReport(formatReport(one))).toEqual({ ...one });
      }),
    );
    const request = { kind: 'request', point: 'Pl', number: 1, at: BUSY.at, subscriber: '12125552222' } as const;
    expect(parseReport(formatReport(request))).toEqual(request);
  });

  it('never throws on anything', () => {
    const spoilt = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.tuple(fc.nat(200), fc.string({ maxLength: 5 })).map(([at, text]) => formatReport(BUSY).slice(0, at) + text + formatReport(BUSY).slice(at)),
    );
    fc.assert(fc.property(spoilt, (text) => ['report', 'request', 'report-error'].includes(parseReport(text).kind)));
  });

  it.each([
    ['nothing', '', /reference point/],
    ['another reference point', formatReport(BUSY).replace('over Pc', 'over Pw'), /reference point/],
    ['no subscriber', formatReport(BUSY).replace(/^Subscriber.*\n/m, ''), /subscriber/],
    ['a state of another source', formatReport(BUSY).replace('State: busy', 'State: located'), /no state of which Pc tells/],
    ['the same twice', `${formatReport(BUSY)}State: detached\n`, /twice/],
    ['no moment', formatReport(BUSY).replace(/^At.*\n/m, 'At: noon\n'), /when/],
    ['no terminal', formatReport(BUSY).replace('001010123456710', 'phone'), /terminal/],
    ['too much', `${formatReport(BUSY)}${'Note: x\n'.repeat(1)}${'y'.repeat(3000)}`, /longer/],
  ])('is refused with a reason: %s', (_, text, reason) => {
    expect(parseReport(text)).toMatchObject({ kind: 'report-error', reason: expect.stringMatching(reason) as string });
  });
});
