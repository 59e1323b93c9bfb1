/**
 * HTTP that is malformed, oversized or hostile, at every entity that serves it: each gets the answer of the standard (RFC 9110, RFC 9112), with a date, and changes nothing; what is no request is not answered.
 * One table for all of them. Not here: what the content is (`catalog/hostile-documents.test.ts`), any bytes anywhere (`hostile-input.test.ts`).
 */
import { describe, expect, it } from 'vitest';
import type { Machine, SendEffect } from '#base/machine.ts';
import { seconds, type SimTime } from '#base/time.ts';
import { decodeUtf8, encodeUtf8 } from '#base/utf8.ts';
import { fieldOf, isHttpError, MAX_HTTP_BODY, parseHttpMessage } from '#protocol/http/message.ts';
import { ALL_PARTS } from '#scenario/all-parts.ts';
import { buildEntities } from '#scenario/build.ts';
import { entityOf, type NetworkPlan, planNetwork } from '#scenario/plan.ts';
import type { Role } from '#scenario/scenario.ts';

const NOW = seconds(5) as number as SimTime;
const SERVERS: readonly (readonly [Role, readonly Role[], writer: Role])[] = [
  ['xdms', ['xdms'], 'ps'],
  ['xdms1', ['xdms1', 'rls1'], 'rls1'],
  ['cs2', ['cs2'], 'ps'],
  ['cal', ['cal', 'pea'], 'pea'],
];
const ENTITIES = '<!DOCTYPE l [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;"><!ENTITY x SYSTEM "file:///etc/passwd">]><l>&b;&x;</l>';
const request = (start: string, ...lines: readonly string[]): string => [start, ...lines, '', ''].join('\r\n');
const HOST = 'Host: a';

/** What comes, and what is answered: by whoever understands HTTP, or (401, 403, 404, 405) only by whoever knows what it is asked for. */
const REQUESTS: readonly (readonly [what: string, text: string, statuses: readonly number[]])[] = [
  ['no HTTP', 'HELLO\r\n\r\n', [400]],
  ['without an end', `GET / HTTP/1.1\r\n${HOST}\r\n`, [400]],
  ['without a host', request('GET / HTTP/1.1'), [400]],
  ['with two hosts', request('GET / HTTP/1.1', HOST, 'Host: b'), [400]],
  ['of an older version', request('GET / HTTP/1.0', HOST), [505]],
  ['of a newer version', request('GET / HTTP/2.0', HOST), [505]],
  ['of no version', request('GET / HTTPS/1.1', HOST), [400]],
  ['with a method that is no token', request('G{T / HTTP/1.1', HOST), [400]],
  ['with a folded line', request('GET / HTTP/1.1', HOST, ' b'), [400]],
  ['with a space in front of a colon', request('GET / HTTP/1.1', 'Host : a'), [400]],
  ['with a zero in a field', request('GET / HTTP/1.1', HOST, 'X-A: \0'), [400]],
  ['with a bare line feed', request('GET / HTTP/1.1', `${HOST}\nX-A: b`), [400]],
  ['with two lengths', `${request('PUT / HTTP/1.1', HOST, 'Content-Length: 1', 'Content-Length: 2')}a`, [400]],
  ['with a length that is none', `${request('PUT / HTTP/1.1', HOST, 'Content-Length: +1')}a`, [400]],
  ['with a negative length', `${request('PUT / HTTP/1.1', HOST, 'Content-Length: -1')}a`, [400]],
  ['shorter than it says', `${request('PUT / HTTP/1.1', HOST, 'Content-Length: 9')}a`, [400]],
  ['longer than it says: a second one behind it', request('GET / HTTP/1.1', HOST) + request('DELETE / HTTP/1.1', HOST), [400]],
  ['in chunks and with a length', `${request('PUT / HTTP/1.1', HOST, 'Transfer-Encoding: chunked', 'Content-Length: 3')}0\r\n\r\n`, [400]],
  ['in a coding that nobody knows', `${request('PUT / HTTP/1.1', HOST, 'Transfer-Encoding: gzip, chunked')}0\r\n\r\n`, [501]],
  ['in chunks that are no numbers', `${request('PUT / HTTP/1.1', HOST, 'Transfer-Encoding: chunked')}-1\r\na\r\n0\r\n\r\n`, [400]],
  ['in a chunk without end', `${request('PUT / HTTP/1.1', HOST, 'Transfer-Encoding: chunked')}ffffffff\r\n`, [413]],
  ['with too long a target', request(`GET /${'a'.repeat(5000)} HTTP/1.1`, HOST), [414]],
  ['with too many fields', request('GET / HTTP/1.1', HOST, ...Array.from({ length: 5000 }, () => 'X-A: b')), [431]],
  ['with too much content', request('PUT / HTTP/1.1', HOST, `Content-Length: ${MAX_HTTP_BODY + 1}`), [413]],
  ['of an unknown method', request('BREW / HTTP/1.1', HOST), [401, 404, 405]],
  ['for a place above', request('GET /../../etc/passwd HTTP/1.1', HOST), [401, 404]],
  ['for a place in percent', request('GET /%2e%2e/%00%ff HTTP/1.1', HOST), [400, 401, 404]],
  ['with somebody’s name and no password', request('GET / HTTP/1.1', HOST, 'X-3GPP-Asserted-Identity: "sip:user2_public1@home2.net"'), [401, 404]],
  ['with credentials that are none', request('GET / HTTP/1.1', HOST, 'Authorization: Digest username="', 'X-A: b'), [401, 404]],
  [
    'with entities for content',
    `${request('PUT / HTTP/1.1', HOST, 'Content-Type: application/auth-policy+xml', `Content-Length: ${ENTITIES.length}`)}${ENTITIES}`,
    [401, 403, 405],
  ],
];

class Server {
  readonly plan: NetworkPlan;
  readonly machine: Machine;
  readonly role: Role;
  constructor(role: Role, members: readonly Role[]) {
    this.role = role;
    this.plan = planNetwork({ with: [...members], presence: { ruleset: [{ id: 'a', handling: 'allow' }] } });
    const machine = buildEntities(this.plan, 1, '2026-01-05T09:00:00Z', ALL_PARTS).get(entityOf(this.plan, role).id);
    if (machine === undefined) throw new Error(`no ${role}`);
    this.machine = machine;
  }
  ask(text: string, from: string): SendEffect | undefined {
    const local = { address: entityOf(this.plan, this.role).address, port: 80 };
    const effects = this.machine.step({ kind: 'bytes', bytes: encodeUtf8(text), transport: 'tcp', local, remote: { address: from, port: 47_000 } }, NOW);
    return effects.find((one): one is SendEffect => one.kind === 'send');
  }
  get held(): string {
    return JSON.stringify(this.machine.view(NOW).tables);
  }
}

describe.each(SERVERS)('HTTP at %s', (role, members, writer) => {
  const strangers = (server: Server): readonly string[] => ['2001:db8:666::1', entityOf(server.plan, writer).address];

  it.each(REQUESTS)('a request %s is answered, and nothing is changed', (_what, text, statuses) => {
    const server = new Server(role, members);
    const before = server.held;
    for (const from of strangers(server)) {
      const sent = server.ask(text, from);
      const answer = parseHttpMessage(sent?.bytes ?? new Uint8Array(0));
      if (isHttpError(answer) || answer.kind === 'request') throw new Error('no answer in HTTP');
      // Whoever may put content where it likes is answered as such.
      if (role === 'cs2' && answer.status < 300 && from !== '2001:db8:666::1') continue;
      expect(statuses).toContain(answer.status);
      expect(fieldOf(answer, 'Date')).toBe('Mon, 05 Jan 2026 09:00:05 GMT');
      expect(sent?.notes.some(({ op }) => op === 'rejected')).toBe(true);
      // Nobody is told his own words, which might be markup.
      expect(decodeUtf8(answer.body)).not.toContain('passwd');
      expect(server.held).toBe(before);
    }
  });

  it('an answer that nobody asked for is not answered', () => {
    const server = new Server(role, members);
    const before = server.held;
    expect(server.ask('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n', '2001:db8:666::1')).toBeUndefined();
    expect(server.held).toBe(before);
  });

  it('goes on serving', () => {
    const server = new Server(role, members);
    for (const [, text] of REQUESTS) server.ask(text, '2001:db8:666::1');
    const sent = server.ask(request('GET /nothing HTTP/1.1', HOST), '2001:db8:666::1');
    expect(sent?.label).toMatch(/^(?:401|404) /);
  });
});

it('every kind of entity that serves HTTP stands here', () => {
  const plan = planNetwork({ with: ['xdms', 'xdms1', 'rls1', 'cs2', 'cal', 'pea'] });
  const serving = [...buildEntities(plan, 1, '2026-01-05T09:00:00Z', ALL_PARTS)].flatMap(([id, machine]) => {
    const entity = [...plan.entities.values()].find((one) => one.id === id);
    const local = { address: entity?.address ?? '', port: 80 };
    const bytes = encodeUtf8(request('GET / HTTP/1.1', HOST));
    const effects = machine.step({ kind: 'bytes', bytes, transport: 'tcp', local, remote: { address: '2001:db8:666::1', port: 47_000 } }, NOW);
    return effects.some((one) => one.kind === 'send' && one.protocol === 'HTTP') ? [entity?.kind] : [];
  });
  expect(new Set(serving)).toEqual(new Set(['xdms', 'content-server', 'calendar-server']));
});
