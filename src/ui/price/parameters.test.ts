/** Numbers as people type them. */
import { describe, expect, it } from 'vitest';
import { CASES } from '#trace/price-formula.ts';
import { caseOf, type Field, FIELDS, parametersOf, problemIn, spaced, textsOf } from './parameters.ts';

const field = (id: string): Field => FIELDS.find((one) => one.id === id) as Field;

describe('a field', () => {
  it.each([
    ['C01', '8', undefined],
    ['C01', ' 0.5 ', undefined],
    ['C01', '0', 'Session: from 0.1 to 24.'],
    ['C01', '', 'Session: a number is needed.'],
    ['C01', '8,5', 'Session: a number is needed, with a point: 8.5.'],
    ['C06', '9x'.repeat(3000), `Users of each domain: a whole number is needed, not “${'9x'.repeat(10)}…”.`],
    ['C02', '-3', 'Changes of each person: a number is needed, not “-3”.'],
    ['C02', '1e3', 'Changes of each person: a number is needed, not “1e3”.'],
    ['C04', '2.5', 'Contacts of a watcher: a whole number is needed, not “2.5”.'],
    ['C06', '20 000', undefined],
    ['C06', '99999999999', 'Users of each domain: from 1 to 1\u202f000\u202f000\u202f000.'],
  ])('%s %j', (id, text, problem) => {
    expect(problemIn(field(id), text)).toBe(problem);
  });
});

it('the published cases are recognised, and others are one’s own', () => {
  expect(caseOf(CASES.wide.parameters)).toBe('wide');
  expect(parametersOf(textsOf(CASES.wide.parameters))).toEqual(CASES.wide.parameters);
  expect(caseOf({ ...CASES.wide.parameters, contacts: 3 })).toBeUndefined();
  expect(parametersOf({ ...textsOf(CASES.wide.parameters), users: 'many' })).toBeUndefined();
});

it('thousands stand apart', () => {
  expect([spaced(916_666.66, 1), spaced(336), spaced(10_000_000), spaced(0.1)]).toEqual(['916\u202f666.7', '336', '10\u202f000\u202f000', '0.1']);
});
