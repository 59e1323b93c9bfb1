/**
 * The registrations at a P-CSCF, found by where a message comes from and by the contact that a request is for, with their security associations
 * (TS 33.203 §7.1, §7.4.2a). Grows with users: plain maps.
 */
import { earliest, type SimTime } from '#base/time.ts';
import { Timers, type Timer } from '#base/timers.ts';
import { moveAssociations, type SaPairs, type StateReport } from '#ims/node/security-associations.ts';
import { parseUri } from '#protocol/sip/uri.ts';
import type { Flow } from '#protocol/sip/transactions.ts';
import { accessKey, type Access, type Registered } from './state.ts';

const sourceKey = (access: Access): string =>
  access.kind === 'ipsec' ? pairsKey(access.pairs) : accessKey(access.flow.remote.address, access.flow.remote.port);
export const pairsKey = ({ ue }: SaPairs): string => accessKey(ue.address, ue.clientPort);

/** Host and port of a contact as a key; undefined when it is no SIP URI. */
export function contactKey(contact: string): string | undefined {
  const uri = parseUri(contact);
  return uri?.kind === 'sip' ? `${uri.user ?? ''}@${accessKey(uri.host, uri.port ?? 5060)}` : undefined;
}

/** Who sends, and over which security associations, when it is those. */
export interface Source {
  readonly registered: Registered;
  readonly pairs: SaPairs | undefined;
}

export class AccessTable {
  readonly #report: StateReport;
  readonly #bySource = new Map<string, Source>();
  readonly #byContact = new Map<string, Registered>();
  readonly #byAddress = new Map<string, Set<Registered>>();
  readonly #expiry = new Map<Registered, Timer<Registered>>();
  readonly #ends = new Timers<Registered>();
  readonly #formerEnds = new Timers<{ readonly registered: Registered; readonly pairs: SaPairs }>();

  constructor(report: StateReport) {
    this.#report = report;
  }

  /** Takes a registration in, or again with what has changed of its access. */
  add(registered: Registered): void {
    const before = this.#byContact.get(registered.contactKey);
    if (before !== undefined && before !== registered) this.remove(before);
    const { access } = registered;
    this.#bySource.set(sourceKey(access), { registered, pairs: access.kind === 'ipsec' ? access.pairs : undefined });
    this.#byContact.set(registered.contactKey, registered);
    if (access.kind !== 'ipsec') return;
    const { address } = access.pairs.ue;
    const there = this.#byAddress.get(address);
    if (there === undefined) this.#byAddress.set(address, new Set([registered]));
    else there.add(registered);
  }

  /** New security associations take the place of those from before, which stay for a while when `begunOver` them (TS 33.203 §7.4.2a). */
  takeIntoUse(registered: Registered, pairs: SaPairs, begunOver: SaPairs | undefined): void {
    this.#dropFormer(registered, 'traffic on the new');
    const { access } = registered;
    moveAssociations(pairs, 'authenticated', this.#report);
    if (access.kind === 'ipsec' && access.pairs !== pairs) {
      moveAssociations(access.pairs, 'replaced', this.#report);
      registered.former = access.pairs;
      this.#formerEnds.set(access.pairs.until, { registered, pairs: access.pairs });
      if (begunOver !== access.pairs) this.#dropFormer(registered, 'traffic on the new');
    } else if (access.kind === 'address') this.#forgetSource(sourceKey(access), registered);
    registered.access = { kind: 'ipsec', pairs };
  }

  /** A message came over these: when they are the new ones, the old ones have done their time. */
  trafficOver({ registered, pairs }: Source): boolean {
    if (registered.former === undefined || pairs === undefined || pairs === registered.former) return false;
    this.#dropFormer(registered, 'traffic on the new');
    return true;
  }

  /** Which associations lead to the UE: the old ones until the UE has used the new. */
  pairsTowards({ access, former }: Registered): SaPairs | undefined {
    return former ?? (access.kind === 'ipsec' ? access.pairs : undefined);
  }

  remove(registered: Registered): void {
    this.#dropFormer(registered, 'deregistered');
    const { access } = registered;
    if (access.kind === 'ipsec') {
      const { address } = access.pairs.ue;
      moveAssociations(access.pairs, 'deregistered', this.#report);
      const there = this.#byAddress.get(address);
      there?.delete(registered);
      if (there?.size === 0) this.#byAddress.delete(address);
    }
    this.#forgetSource(sourceKey(access), registered);
    if (this.#byContact.get(registered.contactKey) === registered) this.#byContact.delete(registered.contactKey);
    this.#ends.cancel(this.#expiry.get(registered));
    this.#expiry.delete(registered);
  }

  /** Who sends over this flow: the other end of a security association, or of the connection from which somebody registered. */
  bySource(flow: Flow): Source | undefined {
    return this.#bySource.get(accessKey(flow.remote.address, flow.remote.port));
  }

  /** Whether security associations stand with somebody at this address. */
  protects(address: string): boolean {
    return this.#byAddress.has(address);
  }

  byContact(contact: string): Registered | undefined {
    const key = contactKey(contact);
    return key === undefined ? undefined : this.#byContact.get(key);
  }

  /** When `due` shall give this one out. */
  endAt(registered: Registered, at: SimTime): void {
    this.#ends.cancel(this.#expiry.get(registered));
    this.#expiry.set(registered, this.#ends.set(at, registered));
  }

  deadline(): SimTime | undefined {
    return earliest(this.#ends.next(), this.#formerEnds.next());
  }

  /** Whose time is up; old security associations go by the way. */
  due(now: SimTime): Registered | undefined {
    for (let old = this.#formerEnds.due(now); old !== undefined; old = this.#formerEnds.due(now))
      if (old.registered.former === old.pairs) this.#dropFormer(old.registered, 'expire');
    return this.#ends.due(now);
  }

  all(): Iterable<Registered> {
    return this.#byContact.values();
  }

  get size(): number {
    return this.#byContact.size;
  }

  #dropFormer(registered: Registered, on: 'traffic on the new' | 'expire' | 'deregistered'): void {
    const { former } = registered;
    if (former === undefined) return;
    moveAssociations(former, on, this.#report);
    this.#forgetSource(pairsKey(former), registered);
    registered.former = undefined;
  }

  #forgetSource(key: string, registered: Registered): void {
    if (this.#bySource.get(key)?.registered === registered) this.#bySource.delete(key);
  }
}

export const remainingSeconds = (until: SimTime, now: SimTime): number => Math.max(0, Math.round((until - now) / 1_000_000));
