import { describe, expect, it } from 'vitest';
import { faultsOfRow, faultyRules } from './rule-faults.ts';
import { NEW_ROW, withNewRow } from './rules-form.ts';

describe('what stands in a field of a rule', () => {
  it.each([
    ['', undefined],
    ['sip:user1_public1@home1.net', undefined],
    ['sips:a@home1.net:5061 pres:a@home1.net, tel:+1-212-555-1001', undefined],
    ['home1.net', undefined],
    ['sip:a@192.0.2.1 sip:b@[2001:db8::1]:5060 sip:ü@home1.net', undefined],
    ['user1@home1.net', '“user1@home1.net” lacks its beginning: sip:user1@home1.net.'],
    ['home1..net', '“home1..net” is neither an address'],
    ['-home1.net', 'is neither an address'],
    ['sip:home1.net', '“sip:home1.net” names no user'],
    ['sip:@home1.net', 'names no user'],
    ['sip:a@@home1.net', 'is no domain'],
    ['sip:a@home1..net', '“home1..net” is no domain'],
    ['mailto:a@home1.net', 'Nobody is known by “mailto:a@home1.net”: an address begins with sip:, sips:, pres: or tel:.'],
    ['tel:home', 'is no telephone number'],
    ['<b>', '“<b>” is neither an address'],
    ['sip:a@home1.net ???', '“???” is neither an address'],
  ])('“But not” with %j', (except, said) => {
    const { except: fault } = faultsOfRow({ ...NEW_ROW, who: 'domain', domain: 'home1.net', except });
    if (said === undefined) expect(fault).toBeUndefined();
    else expect(fault).toContain(said);
  });

  it('is judged where it is shown', () => {
    expect(faultsOfRow({ ...NEW_ROW, people: 'nobody', except: '???' })).toEqual({ people: expect.stringContaining('“nobody” is no address') as string });
    expect(faultsOfRow({ ...NEW_ROW, who: 'domain', domain: 'a.org b.org' }).domain).toContain('One domain only');
    expect(faultsOfRow({ ...NEW_ROW, who: 'domain', domain: 'sip:a@b.org' }).domain).toContain('is no domain');
    expect(faultsOfRow({ ...NEW_ROW, who: 'everybody', from: 'soon', until: '2026-01-05T17:00:00Z' })).toEqual({
      from: '“soon” is no moment: one looks like 2026-01-05T09:00:00Z.',
    });
  });

  it('counts for the verdict on the document', () => {
    const row = { ...NEW_ROW, id: 'a', who: 'identified' as const, except: 'user1@home1.net' };
    const text = withNewRow(withNewRow('', row), { ...row, id: 'b', except: 'home1.net' });
    expect(faultyRules(text)).toBe(1);
    expect(faultyRules('<')).toBe(0);
  });
});
