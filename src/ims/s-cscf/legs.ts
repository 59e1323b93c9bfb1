/**
 * The legs on which an S-CSCF stands: towards proxies of its users, application servers and other networks. On each of them a network names itself in its own way
 * (inter-operator identifiers of type 1, type 3 and type 2, TS 24.229 §4.5.4), and application servers may ask for users (TS 24.229 §7.2A.6).
 */
import type { Note } from '#base/note.ts';
import { type ChargingVector, isType3, type1, type3 } from '#ims/node/charging-vector.ts';
import { decided } from '#ims/node/edit.ts';
import { nextHostOf } from '#ims/node/identity.ts';
import type { SipRequest } from '#protocol/sip/message.ts';
import { uriOf } from '#protocol/sip/name-addr.ts';
import { hostOf, parseUri, type SipUri } from '#protocol/sip/uri.ts';

export const towardsNetwork = (domain: string): string => domain;
export const towardsProxy = (domain: string): string => type1(domain);
export const towardsServer = (domain: string): string => type3(domain);

/** Who sent a request of a dialog: the charging vector says it. */
export type Sender = 'proxy' | 'server' | 'network';
export const senderOf = (vector: ChargingVector | undefined): Sender =>
  vector?.originating?.startsWith('Type 1') === true ? 'proxy' : isType3(vector?.originating) ? 'server' : 'network';

/** As what this network names itself in the answer to him. */
export function backTowards(vector: ChargingVector | undefined, domain: string): string {
  switch (senderOf(vector)) {
    case 'proxy':
      return towardsProxy(domain);
    case 'server':
      return towardsServer(domain);
    case 'network':
      return towardsNetwork(domain);
  }
}

/** The application servers that were asked: hops to them are named as such. */
export class AskedServers {
  readonly #hosts = new Set<string>();

  add(serverName: string): void {
    const host = hostOf(serverName);
    if (host !== undefined) this.#hosts.add(host);
  }

  /** Whether the next hop of a request within a dialog is one of them. */
  isNext(request: SipRequest): boolean {
    return this.#hosts.has(nextHostOf(request) ?? '');
  }
}

/** The topmost Route, where it names this host: with its marks. */
export function ownRoute(request: SipRequest, host: string): SipUri | undefined {
  const top = request.headers.first('Route');
  const uri = top === undefined ? undefined : parseUri(uriOf(top) ?? '');
  return uri?.kind === 'sip' && uri.host === host ? uri : undefined;
}

/** The mark of an application server that asks for a user: the parameter `orig` (TS 24.229 §7.2A.6). */
export const asksAsServer = (route: SipUri): boolean => route.params.has('orig');

/** Why it is the originating case. */
export const originatingNote = (byServer: boolean): Note =>
  byServer
    ? decided('An application server asks for the user, and the mark in the Route says so: this is the originating case.', 'TS 24.229 §7.2A.6')
    : decided('The mark in the Route is that of the Service-Route: the user sends, this is the originating case.', 'RFC 3608 §6.1');
