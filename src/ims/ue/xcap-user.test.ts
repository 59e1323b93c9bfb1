import { describe, expect, it } from 'vitest';
import { createKeyedChance } from '#base/chance.ts';
import type { Effect, Intent, Machine, SendEffect } from '#base/machine.ts';
import { after, seconds, START } from '#base/time.ts';
import { createHttpResponse, encodeHttpMessage } from '#protocol/http/message.ts';
import { ALL_PARTS } from '#scenario/all-parts.ts';
import { buildEntities } from '#scenario/build.ts';
import { entityOf, planNetwork } from '#scenario/plan.ts';
import type { NetworkOptions } from '#scenario/scenario.ts';
import { xcapFactsOf } from '#scenario/ut.ts';
import { XcapUser } from './xcap-user.ts';

const WATCHER = 'sip:user1_public1@home1.net';
const NO_RULES = '<ruleset xmlns="urn:ietf:params:xml:ns:common-policy"/>';

/** Users of the same documents, before the real server of these. */
class Ut {
  readonly plan;
  readonly xdms: Machine;
  constructor(presence: NetworkOptions['presence'] = { ruleset: [{ id: 'everybody', handling: 'confirm' }] }) {
    this.plan = planNetwork({ with: ['xdms'], presence });
    const machine = buildEntities(this.plan, 1, '2026-01-05T09:00:00Z', ALL_PARTS).get(entityOf(this.plan, 'xdms').id);
    if (machine === undefined) throw new Error('no XDMS');
    this.xdms = machine;
  }
  user(name: string, password?: string): XcapUser {
    const { xcap } = xcapFactsOf(this.plan, 'ue2', 1);
    if (xcap === undefined) throw new Error('no XDMS for that user');
    return new XcapUser(password === undefined ? xcap : { ...xcap, password }, `2001:db8:2::${name}`, createKeyedChance(1, name));
  }
  /** Everything that is said until nobody has anything to say, and what is thought of it. */
  wish(user: XcapUser, intent: Intent, undecided?: string): readonly string[] {
    const said: string[] = [];
    const out: Effect[] = [];
    user.carryOut(intent, undecided, START, out);
    for (let effect = out.shift(); effect !== undefined; effect = out.shift()) {
      if (effect.kind === 'note') said.push(effect.note.reason);
      if (effect.kind !== 'send') continue;
      said.push(effect.label);
      for (const answer of this.xdms.step({ kind: 'bytes', bytes: effect.bytes, transport: 'tcp', local: effect.remote, remote: effect.local }, START)) {
        if (answer.kind !== 'send' || answer.protocol !== 'HTTP') continue;
        said.push(answer.label);
        user.step({ kind: 'bytes', bytes: answer.bytes, transport: 'tcp', local: answer.remote, remote: answer.local }, START, out);
      }
    }
    return said;
  }
  get kept(): string {
    return this.xdms.view(START).tables[0]?.rows[0]?.[2] ?? '';
  }
}
const labels = (said: readonly string[]): readonly string[] => said.filter((each) => /^([A-Z]+|\d{3} .*)$/.test(each));
const READ = ['GET', '401 Unauthorized (GET)', 'GET', '200 OK (GET)'];

describe('a presentity', () => {
  it('peers C11: answers a watcher who waits, and what it answers is a rule that is kept', () => {
    const ut = new Ut();
    const said = ut.wish(ut.user('66'), { kind: 'answer-watcher', handling: 'allow' }, WATCHER);
    expect(labels(said)).toEqual([...READ, 'PUT', '201 Created (PUT)']);
    expect(ut.kept).toContain(WATCHER);
    expect(ut.kept).toContain('<pr:sub-handling>allow</pr:sub-handling>');
    expect(ut.kept).toContain('id="everybody"');
  });
  it('who thinks better of it changes the same rule, and is not asked for the password again', () => {
    const ut = new Ut();
    const user = ut.user('66');
    ut.wish(user, { kind: 'answer-watcher', handling: 'allow' }, WATCHER);
    // Whether a block counts hangs on the other rules: they are read again.
    const messages = labels(ut.wish(user, { kind: 'answer-watcher', handling: 'block', watcher: WATCHER }));
    expect(messages).toEqual(['GET', '200 OK (GET)', 'PUT', '200 OK (PUT)']);
    expect(ut.kept.match(/ id="answer-/g)).toHaveLength(1);
    expect(ut.kept).toContain('<pr:sub-handling>block</pr:sub-handling>');
    // RFC 5025 §3.2.1: the rule for everybody, which asks first, would count more.
    expect(ut.kept).toContain(`<cr:except id="${WATCHER}"/>`);
  });
  it('without rules makes the document with its first one', () => {
    const ut = new Ut({ default: 'confirm' });
    const user = ut.user('66');
    expect(labels(ut.wish(user, { kind: 'answer-watcher', handling: 'allow' }, WATCHER))).toEqual([
      ...READ.slice(0, 3),
      '404 Not Found (GET)',
      'PUT',
      '201 Created (PUT)',
    ]);
    expect(labels(ut.wish(user, { kind: 'delete-rules' }))).toEqual(['DELETE', '200 OK (DELETE)']);
    expect(ut.kept).toBe('');
  });
  it('with two devices does not overwrite with one what it has changed with the other', () => {
    const ut = new Ut();
    const [one, other] = [ut.user('66'), ut.user('67')];
    ut.wish(one, { kind: 'read-rules' });
    ut.wish(other, { kind: 'answer-watcher', handling: 'allow' }, 'sip:other@home1.net');
    const said = ut.wish(one, { kind: 'answer-watcher', handling: 'allow' }, WATCHER);
    expect(labels(said)).toEqual(['PUT', '412 Precondition Failed (PUT)', 'GET', '200 OK (GET)', 'PUT', '201 Created (PUT)']);
    expect(ut.kept).toContain('sip:other@home1.net');
    expect(ut.kept).toContain(WATCHER);
  });
  it('is told why something is not taken', () => {
    const ut = new Ut();
    const before = ut.kept;
    const said = ut.wish(ut.user('66'), { kind: 'write-rules', document: '<a/>' });
    expect(said.at(-1)).toMatch(/^The server does not take it: schema-validation-error: The root element is a/);
    expect(ut.kept).toBe(before);
    const rule = ut.wish(ut.user('67'), { kind: 'write-rule', id: 'x', document: '<y/>' });
    expect(rule.at(-1)).toMatch(/cannot-insert/);
    expect(ut.kept).toBe(before);
  });
  it('with another password gives up after the second 401', () => {
    const ut = new Ut();
    const said = ut.wish(ut.user('66', 'guessed'), { kind: 'write-rules', document: NO_RULES });
    expect(labels(said)).toEqual([...READ.slice(0, 3), '401 Unauthorized (GET)']);
    expect(said.at(-1)).toMatch(/gives up/);
  });
  it('who knows of nobody who waits says nothing to anybody', () => {
    const ut = new Ut();
    expect(ut.wish(ut.user('66'), { kind: 'answer-watcher' })).toEqual(['Nobody waits for an answer, as far as is known here.']);
    expect(labels(ut.wish(ut.user('66'), { kind: 'answer-watcher', handling: 'perhaps' }, WATCHER))).toEqual([]);
  });
});

it('a server that does not answer, or in nonsense, changes nothing of what is known', () => {
  const ut = new Ut();
  for (const answer of [undefined, new Uint8Array([1, 2]), encodeHttpMessage(createHttpResponse(500)), encodeHttpMessage(createHttpResponse(401))]) {
    const user = ut.user('66');
    const out: Effect[] = [];
    user.carryOut({ kind: 'read-rules' }, undefined, START, out);
    const sent = out.find((one): one is SendEffect => one.kind === 'send');
    if (sent === undefined) throw new Error('nothing was asked');
    if (answer === undefined) user.fire(after(START, seconds(30)), out);
    else user.step({ kind: 'bytes', bytes: answer, transport: 'tcp', local: sent.local, remote: sent.remote }, START, out);
    expect(out.filter(({ kind }) => kind === 'send')).toHaveLength(1);
    expect(out.some((one) => one.kind === 'note' && one.note.op === 'rejected')).toBe(true);
    expect(user.table()).toBeUndefined();
    expect(user.deadline()).toBeUndefined();
  }
});
