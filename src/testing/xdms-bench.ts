/** An XDMS on a bench, with a user who knows the password. */
import { expect } from 'vitest';
import type { SendEffect } from '#base/machine.ts';
import { decodeUtf8, encodeUtf8 } from '#base/utf8.ts';
import { XCAP_ROOT } from '#presence/xcap/xcap-diff.ts';
import { createHttpRequest, fieldOf, type HttpResponse, encodeHttpMessage, isHttpError, parseHttpMessage } from '#protocol/http/message.ts';
import { formatCredentials, parseChallenge } from '#protocol/sip/credentials.ts';
import { createCredentials } from '#protocol/sip/digest.ts';
import { formatXcapTarget } from '#protocol/xcap/uri.ts';
import { utPasswordOf } from '#scenario/ut.ts';
import { EntityBench, type Outcome } from '#testing/entity-bench.ts';

export const JANE = 'sip:user2_public1@home2.net';
export const INDEX = `pres-rules/users/${JANE}/index`;
export const RULES = 'application/auth-policy+xml';
export const ELEMENT = 'application/xcap-el+xml';
export const rules = (...ids: readonly string[]): string =>
  `<cr:ruleset xmlns:cr="urn:ietf:params:xml:ns:common-policy">${ids.map((id) => `<cr:rule id="${id}"/>`).join('')}</cr:ruleset>`;
export const CR = [['cr', 'urn:ietf:params:xml:ns:common-policy']] as const;
export const rule = (id: string) => ({ path: `cr:ruleset/cr:rule[@id="${id}"]`, namespaces: CR });

export class XdmsBench extends EntityBench {
  #nonceCount = 0;
  #challenge: string | undefined;
  constructor(presence = {}) {
    super('xdms', { network: { with: ['xdms'], presence } });
  }
  /** What comes back to bytes that arrive over HTTP. */
  raw(bytes: Uint8Array, from: 'ue2' | 'ps' | 'stranger' = 'ue2'): { readonly outcome: Outcome; readonly answer: HttpResponse | undefined } {
    const remote = { address: from === 'stranger' ? '2001:db8:f::1' : this.at(from).address, port: 47_000 };
    const outcome = this.step({ kind: 'bytes', bytes, transport: 'tcp', local: { address: this.address, port: 80 }, remote });
    const sent = outcome.effects.find((one): one is SendEffect => one.kind === 'send' && one.protocol === 'HTTP');
    const answer = sent === undefined ? undefined : parseHttpMessage(sent.bytes);
    if (answer !== undefined && (isHttpError(answer) || answer.kind === 'request')) throw new Error('the server answers in another language');
    if (sent !== undefined) expect(sent.remote).toEqual(remote);
    return { outcome, answer };
  }
  /** As a user who knows the password. */
  ask(
    method: string,
    target: string,
    fields: Readonly<Record<string, string>> = {},
    body = '',
    password?: string,
  ): { readonly outcome: Outcome; readonly answer: HttpResponse } {
    const user = this.plan.users.find(({ role }) => role === 'ue2');
    if (user === undefined) throw new Error('no user');
    const all: (readonly [string, string])[] = [['Host', this.host], ...Object.entries(fields)];
    if (this.#challenge !== undefined) {
      const facts = {
        username: user.privateIdentity,
        secret: password ?? utPasswordOf(user, 1),
        method,
        uri: target,
        cnonce: 'c',
        nonceCount: ++this.#nonceCount,
      };
      const challenge = parseChallenge(this.#challenge);
      const credentials = challenge === undefined ? undefined : createCredentials(challenge, facts);
      if (credentials !== undefined) all.push(['Authorization', formatCredentials(credentials)]);
    }
    const { outcome, answer } = this.raw(encodeHttpMessage(createHttpRequest(method, target, all, encodeUtf8(body))));
    if (answer === undefined) throw new Error('no answer');
    if (answer.status === 401 && this.#challenge === undefined) {
      this.#challenge = fieldOf(answer, 'WWW-Authenticate');
      return this.ask(method, target, fields, body, password);
    }
    return { outcome, answer };
  }
  put(body: string, fields: Readonly<Record<string, string>> = {}, node?: Parameters<typeof formatXcapTarget>[2]): HttpResponse {
    return this.ask('PUT', formatXcapTarget(XCAP_ROOT, INDEX, node), { 'Content-Type': node === undefined ? RULES : ELEMENT, ...fields }, body).answer;
  }
  get(node?: Parameters<typeof formatXcapTarget>[2], fields: Readonly<Record<string, string>> = {}): HttpResponse {
    return this.ask('GET', formatXcapTarget(XCAP_ROOT, INDEX, node), fields).answer;
  }
  /** The whole document, as it is kept. */
  get kept(): string | undefined {
    return this.rows('Documents').find(([selector]) => selector === INDEX)?.[2];
  }
}

export const textOf = ({ body }: HttpResponse): string => decodeUtf8(body);
export const tagOf = (answer: HttpResponse): string => fieldOf(answer, 'ETag') ?? '';
