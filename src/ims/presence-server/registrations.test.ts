/** What a presence server answers when the S-CSCF tells it of a registration (TS 24.229 §5.7.1.1). */
import { expect, it } from 'vitest';
import { EntityBench, sipRequest } from '#testing/entity-bench.ts';

const answerTo = (fields: Readonly<Record<string, string>>): readonly (string | undefined)[] => {
  const bench = new EntityBench('ps');
  const register = sipRequest('REGISTER', 'sip:ps.home2.net', { To: '<sip:user2_public1@home2.net>', Expires: '600', ...fields });
  const { headers } = bench.deliver(register, bench.at('scscf2')).response(200).message;
  return ['Expires', 'P-Charging-Vector', 'P-Charging-Function-Addresses'].map((name) => headers.get(name));
};

it('takes note of a third-party registration', () => {
  expect(answerTo({})).toEqual(['600', undefined, undefined]);
});
it('answers it like any other request of its S-CSCF: with the number of the request, and who answered', () => {
  const vector = 'icid-value="r1";orig-ioi="Type 3home2.net"';
  expect(answerTo({ 'P-Charging-Vector': vector, 'P-Charging-Function-Addresses': 'ccf=ccf1.home2.net' })).toEqual([
    '600',
    `${vector};term-ioi="Type 3home2.net"`,
    'ccf=ccf1.home2.net',
  ]);
});
