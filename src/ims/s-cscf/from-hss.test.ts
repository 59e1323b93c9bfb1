import { describe, expect, it } from 'vitest';
import { buildPushProfileRequest, buildRegistrationTerminationRequest, DEREGISTRATION_REASON as WHY } from '#protocol/diameter/cx-push.ts';
import { formatUserData, type InitialFilterCriterion } from '#protocol/diameter/cx-user-data.ts';
import { type DiameterMessage, encodeDiameterMessage, parseDiameterMessage } from '#protocol/diameter/message.ts';
import { resultOf } from '#protocol/diameter/result.ts';
import { decodeUtf8 } from '#base/utf8.ts';
import type { Outcome } from '#testing/entity-bench.ts';
import { ServingBench } from '#testing/serving-bench.ts';

const PRIVATE = 'user1_private@home1.net';
const head = { sessionId: 'h;1;1', originHost: 'hss1.home1.net', originRealm: 'home1.net', destinationHost: 'scscf1.home1.net', destinationRealm: 'home1.net' };

function registered(): ServingBench {
  const bench = new ServingBench();
  bench.registered();
  return bench;
}

function push(bench: ServingBench, message: DiameterMessage): Outcome {
  const bytes = encodeDiameterMessage({ ...message, hopByHop: 7, endToEnd: 7 });
  return bench.step({
    kind: 'bytes',
    bytes,
    transport: 'sctp',
    local: { address: bench.address, port: 3868 },
    remote: bench.at('hss1', 3868),
    connection: 'cx',
  });
}

function resultIn(outcome: Outcome): string | undefined {
  for (const effect of outcome.effects) {
    const message = effect.kind === 'send' && effect.protocol === 'Diameter' ? parseDiameterMessage(effect.bytes) : undefined;
    if (message?.kind === 'diameter' && !message.request) return resultOf(message.avps)?.name;
  }
  return undefined;
}

const termination = (reason: number, userName = PRIVATE): DiameterMessage =>
  buildRegistrationTerminationRequest({ ...head, userName, publicIdentities: [], reason });
const served = (bench: ServingBench): number => bench.rows('Served users').length;

describe('RTR', () => {
  it.each([
    ['PERMANENT_TERMINATION', WHY.permanentTermination, 'rejected'],
    ['NEW_SERVER_ASSIGNED', WHY.newServerAssigned, 'deactivated'],
    ['SERVER_CHANGE', WHY.serverChange, 'deactivated'],
    ['REMOVE_S-CSCF', WHY.removeSCscf, 'rejected'],
  ])('%s ends the registration, and subscribers to it hear why', (_name, reason, event) => {
    const bench = registered();
    bench.originating('SUBSCRIBE', { Event: 'reg', 'Record-Route': undefined, Contact: '<sip:[2001:db8:a::10]>' }, 'sip:user1_public1@home1.net');
    const outcome = push(bench, termination(reason));
    expect(resultIn(outcome)).toBe('DIAMETER_SUCCESS');
    expect(served(bench)).toBe(0);
    const { message } = outcome.request('NOTIFY');
    expect(message.headers.get('Subscription-State')).toMatch(/^terminated/);
    expect(decodeUtf8(message.body)).toContain(`state="terminated" event="${event}"`);
    // The HSS knows: it is not told again.
    expect(outcome.cx).toEqual([]);
  });
  it('for somebody who is not served here: USER_UNKNOWN, and nothing changes', () => {
    const bench = registered();
    expect(resultIn(push(bench, termination(0, 'nobody@home1.net')))).toBe('DIAMETER_ERROR_USER_UNKNOWN');
    expect(served(bench)).toBe(1);
  });
  it('with a reason that means nothing: INVALID_AVP_VALUE, and nothing changes', () => {
    const bench = registered();
    expect(resultIn(push(bench, termination(9)))).toBe('DIAMETER_INVALID_AVP_VALUE');
    expect(served(bench)).toBe(1);
  });
});

describe('PPR', () => {
  const criteria: InitialFilterCriterion[] = [{ priority: 3, applicationServer: { serverName: 'sip:[2001:db8:1::91]' } }];
  const profile = (filterCriteria: readonly InitialFilterCriterion[], userName = PRIVATE): DiameterMessage =>
    buildPushProfileRequest({
      ...head,
      userName,
      userData: formatUserData({ privateIdentity: userName, publicIdentities: [{ identity: 'sip:user1_public1@home1.net', barred: false }], filterCriteria }),
    });
  it('counts for the next initial request', () => {
    const bench = registered();
    expect(bench.originating('SUBSCRIBE').request('SUBSCRIBE').remote.address).not.toBe('2001:db8:1::91');
    expect(resultIn(push(bench, profile(criteria)))).toBe('DIAMETER_SUCCESS');
    expect(bench.originating('SUBSCRIBE').request('SUBSCRIBE').remote.address).toBe('2001:db8:1::91');
    expect(served(bench)).toBe(1);
  });
  it.each<[string, DiameterMessage, string]>([
    ['for somebody unknown', profile(criteria, 'nobody@home1.net'), 'DIAMETER_ERROR_USER_UNKNOWN'],
    ['that is no profile', buildPushProfileRequest({ ...head, userName: PRIVATE, userData: '<x' }), 'DIAMETER_ERROR_NOT_SUPPORTED_USER_DATA'],
    [
      'with an external entity',
      buildPushProfileRequest({ ...head, userName: PRIVATE, userData: '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>' }),
      'DIAMETER_ERROR_NOT_SUPPORTED_USER_DATA',
    ],
    ['that pushes nothing', buildPushProfileRequest({ ...head, userName: PRIVATE }), 'DIAMETER_UNABLE_TO_COMPLY'],
  ])('%s leaves the old one', (_what, message, result) => {
    const bench = registered();
    const before = bench.rows('Initial filter criteria');
    expect(resultIn(push(bench, message))).toBe(result);
    expect(bench.rows('Initial filter criteria')).toEqual(before);
  });
});
