/** The registrations at a P-CSCF, found by where a message comes from and by the contact that a request is for. Grows with users: plain maps. */
import type { SimTime } from '#base/time.ts';
import type { Timer } from '#base/timers.ts';
import { parseUri } from '#protocol/sip/uri.ts';
import type { Flow } from '#protocol/sip/transactions.ts';
import { accessKey, type Access, type Registered } from './state.ts';

const sourceKey = (access: Access): string =>
  access.kind === 'ipsec' ? accessKey(access.ueAddress, access.ueClientPort) : accessKey(access.flow.remote.address, access.flow.remote.port);

/** Host and port of a contact as a key; undefined when it is no SIP URI. */
export function contactKey(contact: string): string | undefined {
  const uri = parseUri(contact);
  return uri?.kind === 'sip' ? `${uri.user ?? ''}@${accessKey(uri.host, uri.port ?? 5060)}` : undefined;
}

export class AccessTable {
  readonly #bySource = new Map<string, Registered>();
  readonly #byContact = new Map<string, Registered>();
  readonly #expiry = new Map<Registered, Timer<Registered>>();

  add(registered: Registered): void {
    const before = this.#byContact.get(registered.contactKey);
    if (before !== undefined) this.remove(before);
    this.#bySource.set(sourceKey(registered.access), registered);
    this.#byContact.set(registered.contactKey, registered);
  }

  remove(registered: Registered): void {
    const source = sourceKey(registered.access);
    if (this.#bySource.get(source) === registered) this.#bySource.delete(source);
    if (this.#byContact.get(registered.contactKey) === registered) this.#byContact.delete(registered.contactKey);
    this.#expiry.delete(registered);
  }

  /** Who sends over this flow: the other end of a security association, or of the connection from which somebody registered. */
  bySource(flow: Flow): Registered | undefined {
    return this.#bySource.get(accessKey(flow.remote.address, flow.remote.port));
  }

  byContact(contact: string): Registered | undefined {
    const key = contactKey(contact);
    return key === undefined ? undefined : this.#byContact.get(key);
  }

  keepTimer(registered: Registered, timer: Timer<Registered>): Timer<Registered> | undefined {
    const before = this.#expiry.get(registered);
    this.#expiry.set(registered, timer);
    return before;
  }

  all(): Iterable<Registered> {
    return this.#byContact.values();
  }

  get size(): number {
    return this.#byContact.size;
  }
}

export const remainingSeconds = (until: SimTime, now: SimTime): number => Math.max(0, Math.round((until - now) / 1_000_000));
