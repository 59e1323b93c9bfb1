/** Numbers as people type them. */
import { describe, expect, it } from 'vitest';
import { CASES } from '#trace/price-formula.ts';
import { planNetwork } from '#scenario/plan.ts';
import { priceScenario, rolesOf, subscribersOf } from '#scenario/price/price-scenario.ts';
import { workloadProblem } from '#scenario/workload.ts';
import { caseOf, type Field, FIELDS, parametersOf, problemIn, problemTogether, spaced, textsOf } from './price-numbers.ts';

const field = (id: string): Field => FIELDS.find((one) => one.id === id) as Field;

describe('a field', () => {
  it.each([
    ['C01', '8', undefined],
    ['C01', ' 0.5 ', undefined],
    ['C01', '0', '0 is too small: a number from 0.1 to 24 is needed.'],
    ['C01', '', 'Nothing stands here: a number from 0.1 to 24 is needed.'],
    ['C01', '8,5', 'With a point, not a comma: 8.5.'],
    ['C06', '9x'.repeat(3000), `“${'9x'.repeat(10)}…” is no number: a whole number from 1 to 1\u202f000\u202f000\u202f000 is needed.`],
    ['C02', '0', undefined],
    ['C02', '-3', '-3 is too small: a number from 0 to 60 is needed.'],
    ['C02', '1e3', '1e3 is too large: a number from 0 to 60 is needed.'],
    ['C04', '2.5', '2.5 is not whole: a whole number from 1 to 40 is needed.'],
    ['C04', '2,5', '“2,5” is not whole: a whole number from 1 to 40 is needed.'],
    ['C04', 'two', '“two” is no number: a whole number from 1 to 40 is needed.'],
    ['C06', '20 000', undefined],
    ['C06', '1e9', undefined],
    ['C06', '99999999999', '99999999999 is too large: a whole number from 1 to 1\u202f000\u202f000\u202f000 is needed.'],
    ['C06', '-', '“-” is no number: a whole number from 1 to 1\u202f000\u202f000\u202f000 is needed.'],
  ])('%s %j', (id, text, problem) => {
    expect(problemIn(field(id), text)).toBe(problem);
  });
});

describe('numbers that are each in range', () => {
  it.each([
    [20, 4.5, undefined],
    [1, 60, undefined],
    [2, 60, 'Take at most 45 changes per hour, or at most 1 contact.'],
    [20, 60, '20 contacts who change 60 times an hour cannot be counted'],
    [40, 2.3, 'who change 2.3 times an hour'],
    [40, 2.3, 'Take at most 2.2 changes per hour, or at most 39 contacts.'],
  ])('%i contacts, %d changes an hour', (contacts, changesPerHour, problem) => {
    const said = problemTogether({ contacts, changesPerHour });
    if (problem === undefined) expect(said).toBeUndefined();
    else expect(said).toContain(problem);
  });

  it('are refused by the form where the run would refuse them, in no words of a scenario file', () => {
    for (const contacts of [1, 2, 9, 10, 40])
      for (const changesPerHour of [0, 2.25, 9, 10, 10.5, 45, 46, 60]) {
        const said = problemTogether({ contacts, changesPerHour });
        const network = planNetwork({ with: rolesOf('none', contacts), subscribers: subscribersOf(contacts), watcherAtHome: true });
        const scenario = priceScenario({ hours: 1, refreshHours: 1, contacts, changesPerHour, saving: 'none', watchers: 'one' });
        expect(workloadProblem(scenario, network) === undefined).toBe(said === undefined);
        expect(said ?? '').not.toMatch(/workload|scenario|\//);
      }
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
