/** Publications from outside the trusted networks: who is asked, who is let in, who is not, and that nothing refused leaves a trace. */
import { describe, expect, it } from 'vitest';
import { encodeUtf8 } from '#base/utf8.ts';
import { formatCredentials, parseChallenge } from '#protocol/sip/credentials.ts';
import { createCredentials } from '#protocol/sip/digest.ts';
import type { NetworkOptions } from '#scenario/scenario.ts';
import { agreedPassword } from '#scenario/external-agent-parts.ts';
import { EntityBench, type Outcome, sipRequest } from '#testing/entity-bench.ts';

const JANE = 'sip:user2_public1@home2.net';
const AGENT = 'calendar@example.org';
const PASSWORD = agreedPassword(1);
const BODY = `<?xml version="1.0"?><presence xmlns="urn:ietf:params:xml:ns:pidf" xmlns:dm="urn:ietf:params:xml:ns:pidf:data-model" xmlns:rpid="urn:ietf:params:xml:ns:pidf:rpid" entity="${JANE}"><dm:person id="c"><rpid:activities from="2026-01-05T09:10:00Z" until="2026-01-05T09:28:00Z"><rpid:meeting/></rpid:activities></dm:person></presence>`;

interface Showing {
  readonly username?: string;
  readonly password?: string;
  readonly count?: number;
  readonly uri?: string;
  readonly without?: RegExp;
}

class GateBench extends EntityBench {
  constructor(agent: NetworkOptions['externalAgent'] = {}) {
    super('ps', { network: { with: ['pea'], externalAgent: agent } });
  }
  publish(authorization?: string, fields: Readonly<Record<string, string | undefined>> = {}): Outcome {
    const all = {
      From: `<sip:${AGENT}>;tag=a`,
      Event: 'presence',
      Expires: '900',
      'Content-Type': 'application/pidf+xml',
      Authorization: authorization,
      ...fields,
    };
    return this.deliver(sipRequest('PUBLISH', JANE, all, encodeUtf8(BODY)), this.at('scscf2'));
  }
  get published(): number {
    return this.rows('Publications').length;
  }
}

/** An answer to the challenge in that 401. */
function showing(challenged: Outcome, { username = AGENT, password = PASSWORD, count = 1, uri = JANE, without }: Showing = {}): string {
  const challenge = parseChallenge(challenged.response(401).message.headers.get('WWW-Authenticate') ?? '');
  if (challenge === undefined) throw new Error('no challenge');
  const made = createCredentials(challenge, { username, secret: password, method: 'PUBLISH', uri, cnonce: 'c', nonceCount: count });
  if (made === undefined) throw new Error('no answer to it');
  const text = formatCredentials(made);
  return without === undefined ? text : text.replace(without, '');
}
const challengeOf = (outcome: Outcome): string => outcome.response(401).message.headers.get('WWW-Authenticate') ?? '';

describe('a PUBLISH for which no network vouches', () => {
  it('is asked who it comes from (RFC 3903 §14.1), and nothing is kept', () => {
    const bench = new GateBench();
    const outcome = bench.publish();
    expect(challengeOf(outcome)).toMatch(/^Digest realm="home2.net", nonce="\w{16}", algorithm=MD5, qop="auth"$/);
    expect(bench.published).toBe(0);
  });

  it('is accepted with the password, and then with a higher count without another question', () => {
    const bench = new GateBench();
    const asked = bench.publish();
    const accepted = bench.publish(showing(asked));
    expect(accepted.statuses).toEqual([200]);
    expect(accepted.notes.map(({ reason }) => reason).join(' ')).toContain('password of calendar@example.org');
    expect(bench.publish(showing(asked, { count: 2 })).statuses).toEqual([200]);
    expect(bench.published).toBe(2);
    expect(bench.rows('Agents outside')).toEqual([[AGENT, JANE, expect.stringMatching(/^\w{16} \(2, \d+ s left\)$/)]]);
  });

  it.each<[string, Showing]>([
    ['another password', { password: 'another' }],
    ['credentials for another address', { uri: 'sip:user2_public2@home2.net' }],
    ['a response that is not counted, so that anybody could repeat it (RFC 3903 §14.3)', { without: /, cnonce="c", qop=auth, nc=00000001/ }],
    ['no response at all', { without: /, response="\w+"/ }],
  ])('is asked again with %s', (_, how) => {
    const bench = new GateBench();
    const outcome = bench.publish(showing(bench.publish(), how));
    expect(challengeOf(outcome)).not.toContain('stale');
    expect(bench.published).toBe(0);
  });

  it('is refused when it was said before: the count has to grow (RFC 3903 §14.3)', () => {
    const bench = new GateBench();
    const said = showing(bench.publish());
    expect(bench.publish(said).statuses).toEqual([200]);
    const again = bench.publish(said);
    expect(again.statuses).toEqual([401]);
    expect(again.notes.map(({ clause }) => clause)).toContain('RFC 3903 §14.3');
    expect(bench.published).toBe(1);
  });

  it('is stale with a nonce that is over, if the password was right (RFC 2617 §3.2.1)', () => {
    const bench = new GateBench({ nonceLifetime: 10 });
    const asked = bench.publish();
    const right = showing(asked);
    const wrong = showing(asked, { password: 'another' });
    bench.advance(11);
    expect(challengeOf(bench.publish(wrong))).not.toContain('stale');
    const stale = bench.publish(right);
    expect(challengeOf(stale)).toContain('stale=true');
    expect(bench.publish(showing(stale)).statuses).toEqual([200]);
  });

  it('is refused for good from an agent of whom nobody knows', () => {
    const bench = new GateBench({ known: false });
    expect(bench.publish(showing(bench.publish())).statuses).toEqual([403]);
    const other = new GateBench();
    expect(other.publish(showing(other.publish(), { username: 'somebody@example.org' })).statuses).toEqual([403]);
    expect([bench.published, other.published]).toEqual([0, 0]);
  });

  it('is refused for good from an agent that is not for this user', () => {
    const bench = new GateBench({ mayPublishFor: ['sip:user3_public1@home2.net'] });
    const outcome = bench.publish(showing(bench.publish()));
    expect(outcome.statuses).toEqual([403]);
    expect(outcome.notes.map(({ reason }) => reason).join(' ')).toContain('may not publish for this user');
    expect(bench.published).toBe(0);
  });

  it.each([
    '',
    'Digest',
    'Basic YTpi',
    'Digest username=',
    `Digest username="${AGENT}"`,
    'Digest a=b, a=c',
    `Digest username="${'a'.repeat(9000)}", nonce="x"`,
    '\u0000',
  ])('is answered %j by the standard, and changes nothing', (garbage) => {
    const bench = new GateBench();
    const [status] = bench.publish(garbage).statuses;
    expect([400, 401, 403]).toContain(status);
    expect(bench.published).toBe(0);
    expect(bench.publish(showing(bench.publish())).statuses).toEqual([200]);
  });

  it('takes of several credentials those for its realm', () => {
    const bench = new GateBench();
    const own = showing(bench.publish());
    const request = sipRequest('PUBLISH', JANE, { Event: 'presence', Expires: '900', 'Content-Type': 'application/pidf+xml' }, encodeUtf8(BODY));
    request.headers.append('Authorization', 'Digest username="x", realm="elsewhere", nonce="n", uri="sip:a", response="0"');
    request.headers.append('Authorization', own);
    expect(bench.deliver(request, bench.at('scscf2')).statuses).toEqual([200]);
  });

  it('remembers no more than so many nonces, whoever asks', () => {
    const bench = new GateBench();
    const first = bench.publish();
    for (let i = 0; i < 300; i++) bench.publish();
    // The oldest is forgotten: with the right password it is only stale.
    expect(challengeOf(bench.publish(showing(first)))).toContain('stale=true');
  });
});

describe('others', () => {
  it('the presentity itself publishes as ever, vouched for by its network', () => {
    const bench = new GateBench();
    expect(bench.publish(undefined, { 'P-Asserted-Identity': `<${JANE}>` }).statuses).toEqual([200]);
  });

  it('somebody else for whom a network vouches is no agent', () => {
    const bench = new GateBench();
    expect(bench.publish(undefined, { 'P-Asserted-Identity': '<sip:user1_public1@home1.net>' }).statuses).toEqual([403]);
  });

  it('where no agents are agreed with, nobody is asked', () => {
    const bench = new EntityBench('ps');
    const request = sipRequest('PUBLISH', JANE, { Event: 'presence', Expires: '900', 'Content-Type': 'application/pidf+xml' }, encodeUtf8(BODY));
    expect(bench.deliver(request, bench.at('scscf2')).statuses).toEqual([403]);
  });
});
