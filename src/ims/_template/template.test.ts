import { expect, it } from 'vitest';
import { createKeyedChance } from '#base/chance.ts';
import { EntityBench, sipRequest } from '#testing/entity-bench.ts';
import { Template } from './template.ts';

/** The template in the place of an I-CSCF, with everything around it that the bench gives. */
function bench(): EntityBench {
  const config = { host: 'icscf1-p.home1.net', domain: 'home1.net', address: '2001:db8:1::20', dns: '2001:db8:1::53' };
  return new EntityBench('icscf1', { machine: new Template(config, createKeyedChance(1, config.host)) });
}

it('passes a request on along its Route, and the answer back', () => {
  const one = bench();
  const request = sipRequest('MESSAGE', 'sip:user1_public1@home1.net', { Route: '<sip:icscf1-p.home1.net;lr>, <sip:scscf1.home1.net;lr>' });
  const sent = one.deliver(request, one.at('pcscf1')).request('MESSAGE');
  expect(sent.remote).toEqual(one.at('scscf1'));
  expect(sent.message.headers.get('Max-Forwards')).toBe('69');
  expect(one.answer(sent, 200).statuses).toEqual([200]);
  expect(one.rows('Requests')).toEqual([['1']]);
});

it('refuses what is used up', () => {
  const one = bench();
  expect(one.deliver(sipRequest('MESSAGE', 'sip:a@home1.net', { 'Max-Forwards': '0' }), one.at('pcscf1')).statuses).toEqual([483]);
});
