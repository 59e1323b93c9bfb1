import { describe, expect, it } from 'vitest';
import { policyFault } from '#testing/policy.ts';
import { ACTIVITIES, CONFLICTS, faultOf, fieldsOf, isSame, ORDERS, PERSONS, SERVICES, withFields } from './policy-form.ts';

describe('the form of a composition policy', () => {
  it('shows a policy and writes it back, with what it has no field for', () => {
    const policy = { precedence: ['user', 'network-agent'], attributes: { mood: 'union' }, devices: 'device-id', closes: ['external-agent'] } as const;
    const fields = fieldsOf(policy);
    expect(fields).toMatchObject({ precedence: 'user network-agent', conflict: 'latest', activities: 'winner', networkCloses: false, staleAfter: '' });
    const written = withFields(policy, { ...fields, networkCloses: true, staleAfter: ' 60 ', activities: 'union' });
    expect(written).toMatchObject({
      devices: 'device-id',
      attributes: { mood: 'union', activities: 'union' },
      closes: ['external-agent', 'network-agent'],
      staleAfter: { 'external-agent': 60 },
    });
    expect(fieldsOf(withFields(written, fields))).toEqual(fields);
  });

  it('makes a policy that the server takes, whatever is chosen', () => {
    const usual = fieldsOf({});
    const choices = { precedence: ORDERS, conflict: CONFLICTS, services: SERVICES, persons: PERSONS, activities: ACTIVITIES };
    for (const [name, options] of Object.entries(choices))
      for (const [value] of options) expect(policyFault(withFields({}, { ...usual, [name]: value, staleAfter: '1', passesUnknown: true }))).toBeUndefined();
    expect(policyFault(withFields({}, usual))).toBeUndefined();
  });

  it('says what is wrong with a number, and when nothing has changed', () => {
    const usual = fieldsOf({});
    for (const text of ['0', 'x', '1.5', '-2', '99999999999']) expect(faultOf({ ...usual, staleAfter: text })).toContain('Whole seconds');
    for (const text of ['', ' 7200 ']) expect(faultOf({ ...usual, staleAfter: text })).toBeUndefined();
    expect(isSame(usual, { ...usual, staleAfter: ' ' })).toBe(true);
    expect(isSame(usual, { ...usual, persons: 'all' })).toBe(false);
  });
});
