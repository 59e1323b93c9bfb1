import { describe, expect, it } from 'vitest';
import { createFailureAnswer } from '#protocol/diameter/command.ts';
import { type CxResult, RESULT } from '#protocol/diameter/result.ts';
import { concatBytes, fromHex, toBase64 } from '#base/bytes.ts';
import { createAuts, parseAkaNonce } from '#protocol/sip/aka.ts';
import { parseChallenge } from '#protocol/sip/credentials.ts';
import { ALICE, CONTACT, PATH, ServingBench, withCriteria, withProfile } from '#testing/serving-bench.ts';
import type { CxAnswerer, Outcome } from '#testing/entity-bench.ts';

const refusing =
  (kind: string, result: CxResult): CxAnswerer =>
  (request, message) =>
    request.kind === kind ? createFailureAnswer(message, { originHost: 'hss1.home1.net', originRealm: 'home1.net' }, result) : undefined;
const registered = (cx?: CxAnswerer): ServingBench => {
  const bench = new ServingBench(cx === undefined ? {} : { cx });
  expect(bench.registered().statuses).toEqual([200]);
  return bench;
};
const assignments = (outcome: Outcome): readonly number[] => outcome.cx.flatMap((one) => (one.kind === 'SAR' ? [one.assignmentType] : []));
const served = (bench: ServingBench): readonly (string | undefined)[] => bench.rows('Served users').map((row) => row[1]);

describe('the challenge', () => {
  it('is made of a vector of the HSS, with both keys for the P-CSCF', () => {
    const outcome = new ServingBench().deliverRegister();
    expect(outcome.cx).toMatchObject([{ kind: 'MAR', publicIdentity: ALICE, userName: 'user1_private@home1.net', serverName: 'sip:scscf1.home1.net' }]);
    const { headers } = outcome.response(401).message;
    const params = parseChallenge(headers.get('WWW-Authenticate') ?? '')?.params;
    expect(params?.get('algorithm')).toBe('AKAv1-MD5');
    expect([params?.get('ik')?.length, params?.get('ck')?.length]).toEqual([32, 32]);
    expect(headers.get('P-Charging-Vector')).toContain('term-ioi="Type 1home1.net"');
  });
  it.each<[string, CxResult, number]>([
    ['the user is unknown', RESULT.userUnknown, 403],
    ['the identities do not match', RESULT.identitiesDontMatch, 403],
    ['the HSS cannot comply', RESULT.unableToComply, 500],
  ])('is not made when %s', (_what, result, status) => {
    expect(new ServingBench({ cx: refusing('MAR', result) }).deliverRegister().statuses).toEqual([status]);
  });
  it('is not made when the HSS is silent: 504', () => {
    const bench = new ServingBench({ cx: () => 'silence' });
    bench.deliverRegister();
    expect(bench.advance(7).statuses).toEqual([504]);
  });
  it('that stays unanswered for four minutes is forgotten: a late answer is challenged anew', () => {
    const bench = new ServingBench();
    const Authorization = bench.authorization(bench.deliverRegister());
    const passed = bench.advance(241);
    expect(passed.states.map((state) => [state.on, state.to])).toContainEqual(['fail', 'not registered']);
    expect(assignments(passed)).toEqual([10]);
    expect(bench.deliverRegister({ Authorization }).statuses).toEqual([401]);
  });
});

describe('the answer to the challenge', () => {
  it('that is right registers: Path kept, Service-Route, all identities, and the HSS is told', () => {
    const bench = new ServingBench();
    const outcome = bench.registered();
    expect(assignments(outcome)).toEqual([1]);
    const { headers } = outcome.response(200).message;
    expect(headers.values('Path')).toEqual([PATH]);
    expect(headers.values('Service-Route')).toEqual(['<sip:orig@scscf1.home1.net;lr>']);
    expect(headers.values('P-Associated-URI')).toEqual([`<${ALICE}>`, '<sip:user1_public2@home1.net>', '<tel:+12125551111>']);
    expect(headers.get('Contact')).toBe(`<${CONTACT}>;expires=600000`);
    expect(served(bench)).toEqual(['registered']);
  });
  it('with a Path of several keeps their order, and requests for the user go back through them in it', () => {
    const bench = new ServingBench({ cx: withCriteria() });
    const several = ['<sip:token@pcscf2.home2.net;lr>', PATH];
    expect(
      bench
        .registered({ Path: several.join(', ') })
        .response(200)
        .message.headers.values('Path'),
    ).toEqual(several);
    const { message, remote } = bench.terminating('SUBSCRIBE').request('SUBSCRIBE');
    expect([message.uri, message.headers.values('Route')]).toEqual([CONTACT, several]);
    expect(remote.address).toBe(bench.at('pcscf2').address);
  });
  it('that is wrong is refused with 403, and nobody is registered', () => {
    const bench = new ServingBench();
    const Authorization = bench.authorization(bench.deliverRegister(), true);
    const outcome = bench.deliverRegister({ Authorization });
    expect(outcome.statuses).toEqual([403]);
    expect(assignments(outcome)).toEqual([9]);
    expect(served(bench)).toEqual([]);
  });
  it('that is wrong leaves a registration that stands as it is', () => {
    const bench = registered();
    const Authorization = bench.authorization(bench.deliverRegister({ 'Call-ID': 'attack' }), true);
    const outcome = bench.deliverRegister({ 'Call-ID': 'attack', Authorization });
    expect([outcome.statuses, outcome.cx]).toEqual([[403], []]);
    expect(outcome.states.filter(({ to }) => to === 'not registered')).toEqual([]);
    expect(served(bench)).toEqual(['registered']);
    expect(bench.originating('SUBSCRIBE').methods).toEqual(['SUBSCRIBE']);
  });
  it('under another Call-ID is none: a new challenge', () => {
    const bench = new ServingBench();
    const Authorization = bench.authorization(bench.deliverRegister());
    expect(bench.deliverRegister({ 'Call-ID': 'other', Authorization }).statuses).toEqual([401]);
  });
  it('without the mark of the P-CSCF is none: it did not come over the security association of the challenge', () => {
    const bench = new ServingBench();
    const Authorization = bench.authorization(bench.deliverRegister()).replace('integrity-protected="yes"', 'integrity-protected="no"');
    expect(bench.deliverRegister({ Authorization }).statuses).toEqual([401]);
  });
  it('to an older challenge than the last is none', () => {
    const bench = new ServingBench();
    const Authorization = bench.authorization(bench.deliverRegister());
    bench.deliverRegister({ 'Call-ID': 'second' });
    expect(bench.deliverRegister({ Authorization }).statuses).toEqual([401]);
  });
  it('with AUTS goes to the HSS with RAND, and a new challenge comes', () => {
    const bench = new ServingBench();
    const params = parseChallenge(bench.deliverRegister().response(401).message.headers.get('WWW-Authenticate') ?? '')?.params;
    const nonce = params?.get('nonce') ?? '';
    const rand = parseAkaNonce(nonce)?.rand ?? new Uint8Array();
    const user = bench.plan.users[0];
    const auts = createAuts({ k: fromHex(user?.key ?? '') ?? new Uint8Array(), opc: fromHex(user?.opc ?? '') ?? new Uint8Array() }, rand, 7000);
    const Authorization = `Digest username="user1_private@home1.net", realm="registrar.home1.net", nonce="${nonce}", uri="sip:registrar.home1.net", response="00", auts="${toBase64(auts)}"`;
    const outcome = bench.deliverRegister({ Authorization });
    expect(outcome.cx).toMatchObject([{ kind: 'MAR', authorization: concatBytes(rand, auts) }]);
    expect(parseChallenge(outcome.response(401).message.headers.get('WWW-Authenticate') ?? '')?.params.get('nonce')).not.toBe(nonce);
    expect(bench.deliverRegister({ Authorization }).statuses).toEqual([401]);
  });
  it.each(['AAAA', '!', ''])('with something else than AUTS ("%s") is a failure', (auts) => {
    const bench = new ServingBench();
    const nonce = parseChallenge(bench.deliverRegister().response(401).message.headers.get('WWW-Authenticate') ?? '')?.params.get('nonce') ?? '';
    const Authorization = `Digest username="user1_private@home1.net", realm="registrar.home1.net", nonce="${nonce}", uri="sip:registrar.home1.net", response="00", auts="${auts}"`;
    expect(bench.deliverRegister({ Authorization }).statuses).toEqual([403]);
  });
  it('cannot be used twice', () => {
    const bench = new ServingBench();
    const Authorization = bench.authorization(bench.deliverRegister());
    bench.deliverRegister({ Authorization });
    expect(bench.deliverRegister({ Authorization: Authorization.replace('"yes"', '"no"').replace('protected=yes', 'protected=no') }).statuses).toEqual([401]);
  });
  it('for another identity than was challenged registers nobody else', () => {
    const bench = new ServingBench();
    const Authorization = bench.authorization(bench.deliverRegister());
    const outcome = bench.deliverRegister({ Authorization, To: '<sip:user9_public1@home1.net>' });
    expect(outcome.statuses).not.toEqual([200]);
    expect(served(bench)).toEqual([]);
  });
  it('with an empty response says that the USIM does not believe: the HSS is told, 403', () => {
    const bench = new ServingBench();
    const challenged = bench.deliverRegister();
    const nonce = parseChallenge(challenged.response(401).message.headers.get('WWW-Authenticate') ?? '')?.params.get('nonce') ?? '';
    const Authorization = `Digest username="user1_private@home1.net", realm="registrar.home1.net", nonce="${nonce}", uri="sip:registrar.home1.net", response=""`;
    const outcome = bench.deliverRegister({ Authorization });
    expect(assignments(outcome)).toEqual([9]);
    expect(outcome.statuses).toEqual([403]);
  });
  it.each<[string, CxResult, number]>([
    ['refuses the assignment', RESULT.inAssignmentType, 403],
    ['cannot comply', RESULT.unableToComply, 500],
  ])('is of no use when the HSS %s', (_what, result, status) => {
    const bench = new ServingBench({ cx: refusing('SAR', result) });
    expect(bench.registered().statuses).toEqual([status]);
    expect(served(bench)).toEqual([]);
  });
  it.each([59, 1])('for %i s is too brief: 423 with Min-Expires, before the challenge already', (expires) => {
    const outcome = new ServingBench().deliverRegister({ Contact: `<${CONTACT}>;expires=${expires}` });
    expect(outcome.response(423).message.headers.get('Min-Expires')).toBe('60');
    expect(outcome.cx).toEqual([]);
  });
  it.each([59, 1])('for %i s is too brief: 423 with Min-Expires', (expires) => {
    const bench = new ServingBench();
    const Authorization = bench.authorization(bench.deliverRegister());
    const outcome = bench.deliverRegister({ Authorization, Contact: `<${CONTACT}>;expires=${expires}` });
    expect(outcome.response(423).message.headers.get('Min-Expires')).toBe('60');
    expect(assignments(outcome)).toEqual([]);
  });
});

describe('afterwards', () => {
  it('a REGISTER over the security association is not challenged again', () => {
    const bench = registered();
    const outcome = bench.trusted();
    expect(outcome.statuses).toEqual([200]);
    expect(assignments(outcome)).toEqual([2]);
    expect(outcome.cx.map((one) => one.kind)).toEqual(['SAR']);
  });
  it('one without protection is', () => {
    expect(registered().deliverRegister().statuses).toEqual([401]);
  });
  it('zero seconds deregister: the HSS is told, the user is gone', () => {
    const bench = registered();
    const outcome = bench.trusted({ Contact: `<${CONTACT}>;expires=0` });
    expect(outcome.statuses).toEqual([200]);
    expect(assignments(outcome)).toEqual([5]);
    expect(served(bench)).toEqual([]);
    expect(bench.originating('SUBSCRIBE').statuses).toEqual([403]);
  });
  it('the registration runs out: the HSS is told why', () => {
    const bench = new ServingBench();
    bench.registered({ Contact: `<${CONTACT}>;expires=120` });
    expect(assignments(bench.advance(119))).toEqual([]);
    expect(assignments(bench.advance(2))).toEqual([4]);
    expect(served(bench)).toEqual([]);
    expect(bench.originating('SUBSCRIBE').statuses).toEqual([403]);
  });
  it('a refresh moves the end', () => {
    const bench = new ServingBench();
    bench.registered({ Contact: `<${CONTACT}>;expires=120` });
    bench.advance(100);
    bench.trusted({ Contact: `<${CONTACT}>;expires=120` });
    expect(assignments(bench.advance(100))).toEqual([]);
    expect(served(bench)).toEqual(['registered']);
  });
  it('a refresh under another identity of the same set moves the end of the set', () => {
    const bench = new ServingBench();
    bench.registered({ Contact: `<${CONTACT}>;expires=120` });
    bench.advance(100);
    bench.trusted({ To: '<sip:user1_public2@home1.net>', Contact: `<${CONTACT}>;expires=1000` });
    expect(assignments(bench.advance(100))).toEqual([]);
    expect(served(bench)).toEqual(['registered']);
  });
});

describe('application servers that ask for registrations', () => {
  const criterion = (registrationTypes?: readonly number[]) => ({
    priority: 1,
    triggerPoint: {
      cnf: true,
      spts: [{ kind: 'method' as const, method: 'REGISTER', negated: false, groups: [0], ...(registrationTypes === undefined ? {} : { registrationTypes }) }],
    },
    applicationServer: { serverName: 'sip:[2001:db8:1::99]' },
  });
  const told = (outcome: Outcome): readonly (string | undefined)[] =>
    outcome.requests.filter((one) => one.message.method === 'REGISTER').map((one) => one.message.headers.get('Expires'));

  it('are told that the user came, came again and went', () => {
    const bench = new ServingBench({ cx: withCriteria(criterion()) });
    const came = bench.registered();
    expect(told(came)).toEqual(['600000']);
    const { message, remote } = came.request('REGISTER');
    expect(remote.address).toBe('2001:db8:1::99');
    expect(message.headers.get('To')).toBe(`<${ALICE}>`);
    expect(message.headers.get('From')).toMatch(/^<sip:scscf1\.home1\.net>;tag=/);
    expect(message.headers.get('P-Charging-Vector')).toMatch(/orig-ioi="Type 3home1.net"$/);
    expect(message.headers.get('P-Charging-Function-Addresses')).toBe('ccf=ccf1.home1.net');
    bench.answer(came.request('REGISTER'), 200);
    expect(told(bench.trusted())).toEqual(['600000']);
    expect(told(bench.trusted({ Contact: `<${CONTACT}>;expires=0` }))).toEqual(['0']);
  });
  it('are told only of the kinds that they name', () => {
    const bench = new ServingBench({ cx: withCriteria(criterion([2])) });
    expect(told(bench.registered())).toEqual([]);
    expect(told(bench.trusted({ Contact: `<${CONTACT}>;expires=0` }))).toEqual(['0']);
  });
  it('do not hear of barred identities', () => {
    const bench = new ServingBench({
      cx: withProfile({
        publicIdentities: [
          { identity: 'sip:hidden@home1.net', barred: true },
          { identity: ALICE, barred: false },
        ],
        filterCriteria: [criterion()],
      }),
    });
    const outcome = bench.registered();
    expect(outcome.request('REGISTER').message.headers.get('To')).toBe(`<${ALICE}>`);
    expect(outcome.response(200).message.headers.get('P-Associated-URI')).toBe(`<${ALICE}>`);
  });
});
