/**
 * One subscription to a list as its server serves it (RFC 4662 §4.5): a tree of virtual subscriptions, each with what is known of it, what of that the subscriber
 * has not been told yet, and the versions. Where the states come from is its owner's business.
 */
import { equalBytes } from '#base/bytes.ts';
import { type ListedInstance, type ListState, MAX_LIST_DEPTH, type StateDocument } from './list-body.ts';
import type { ListTable } from './list-table.ts';
import type { ListService } from './resource-lists.ts';
import type { InstanceState } from './rlmi.ts';

/** What is known of a resource. */
export interface ResourceState {
  /** Names the back-end subscription it comes from. */
  readonly id: string;
  readonly state: InstanceState;
  /** There when terminated. */
  readonly reason?: string;
  readonly document?: StateDocument;
  /** Of a resource that is a list on another server. */
  readonly table?: ListTable;
}

interface Leaf {
  readonly kind: 'resource';
  readonly name: string | undefined;
  known: ResourceState | undefined;
  /** The subscriber has not heard of it yet. */
  isNew: boolean;
  /** Times that a list of another server was told of. */
  told: number;
}

interface Branch {
  readonly kind: 'list';
  readonly name: string | undefined;
  readonly list: VirtualList;
}

/** The list that stands at the end of a loop of lists is not opened again. */
const LOOP: ResourceState = { id: 'loop', state: 'terminated', reason: 'rejected' };

export class VirtualList {
  readonly uri: string;
  #name: string | undefined;
  #members = new Map<string, Leaf | Branch>();
  #version = 0;
  #revision = 0;
  /** The list is not the one that the subscriber was told of. */
  #isReformed = false;

  /** `find` gives the lists of the same server by address. */
  constructor(service: ListService, find: (uri: string) => ListService | undefined, above: readonly string[] = []) {
    this.uri = service.uri;
    this.reform(service, find, above);
    this.#isReformed = false;
  }

  /** The list is written anew: of whoever stays what is known is kept, and the next document tells everything. False when nothing is different. */
  reform(service: ListService, find: (uri: string) => ListService | undefined, above: readonly string[] = []): boolean {
    const before = this.#members;
    const members = new Map<string, Leaf | Branch>();
    const within = [...above, service.uri];
    let isOther = this.#name !== service.name || service.entries.length !== before.size;
    for (const { uri, name } of service.entries) {
      const [inner, known] = [find(uri), before.get(uri)];
      // RFC 4662 §7.4: a list that ends up in itself must not go on for ever.
      const loops = inner !== undefined && (within.includes(inner.uri) || within.length === MAX_LIST_DEPTH);
      const isList = inner !== undefined && !loops;
      if (known?.kind !== (isList ? 'list' : 'resource') || known.name !== name) isOther = true;
      if (isList) {
        if (known?.kind === 'list' && known.list.reform(inner, find, within)) isOther = true;
        members.set(uri, { kind: 'list', name, list: known?.kind === 'list' ? known.list : new VirtualList(inner, find, within) });
      } else if (known?.kind === 'resource') members.set(uri, known.name === name ? known : { ...known, name, isNew: true });
      else members.set(uri, { kind: 'resource', name, known: loops ? LOOP : undefined, isNew: true, told: 0 });
    }
    this.#name = service.name;
    this.#members = members;
    this.#isReformed ||= isOther;
    if (isOther) this.#revision++;
    return isOther;
  }

  /** The version of its next document. */
  get version(): number {
    return this.#version;
  }

  /** Grows whenever something else is known of somebody on it: names the state that it is in, for as long as it lives. */
  get revision(): number {
    return this.#revision;
  }

  /** The addresses whose state has to be asked for, each once. */
  addresses(found = new Set<string>()): ReadonlySet<string> {
    for (const [uri, member] of this.#members) {
      if (member.kind === 'list') member.list.addresses(found);
      else if (member.known !== LOOP) found.add(uri);
    }
    return found;
  }

  /** Notes what is known of a resource now. True when that is news to the subscriber. */
  learn(uri: string, known: ResourceState): boolean {
    let news = false;
    for (const [address, member] of this.#members) {
      if (member.kind === 'list') news = member.list.learn(uri, known) || news;
      else if (address === uri && member.known !== LOOP && !isSame(member.known, known)) {
        member.known = known;
        member.isNew = true;
        news = true;
      }
    }
    if (news) this.#revision++;
    return news;
  }

  /** What the next NOTIFY says: everything, or what the subscriber has not heard of yet. Counts on. */
  next(isFull: boolean): ListState {
    // RFC 4662 §5.2: the first document of a subscription is complete.
    const fullState = isFull || this.#version === 0 || this.#isReformed;
    this.#isReformed = false;
    const version = this.#version++;
    const resources = [];
    for (const [uri, member] of this.#members) {
      if (!fullState && !hasNews(member)) continue;
      const named = member.name === undefined ? {} : { name: member.name };
      resources.push({ uri, ...named, instances: member.kind === 'list' ? [branchInstance(member, fullState)] : leafInstances(member) });
      if (member.kind === 'resource') member.isNew = false;
    }
    return { uri: this.uri, version, fullState, ...(this.#name === undefined ? {} : { name: this.#name }), resources };
  }

  /** Whether something is known of everybody on it. */
  isComplete(): boolean {
    return [...this.#members.values()].every((member) => (member.kind === 'list' ? member.list.isComplete() : member.known !== undefined));
  }

  hasNews(): boolean {
    return this.#isReformed || [...this.#members.values()].some(hasNews);
  }

  /** Address, name and state of each member, for people; those of inner lists follow theirs. */
  summary(): readonly { readonly uri: string; readonly list: string; readonly known: ResourceState | undefined }[] {
    return Array.from(this.#members, ([uri, member]) =>
      member.kind === 'list' ? member.list.summary() : [{ uri, list: this.uri, known: member.known }],
    ).flat();
  }
}

const hasNews = (member: Leaf | Branch): boolean => (member.kind === 'list' ? member.list.hasNews() : member.isNew && member.known !== undefined);

const branchInstance = ({ list }: Branch, isFull: boolean): ListedInstance => ({
  id: 'list',
  state: 'active',
  body: { kind: 'list', list: list.next(isFull) },
});

/** RFC 4662 §4.5: nothing known, no instance. */
function leafInstances(leaf: Leaf): readonly ListedInstance[] {
  const { known } = leaf;
  if (known === undefined) return [];
  const { id, state, reason, document, table } = known;
  const said = { id, state, ...(reason === undefined ? {} : { reason }) };
  if (table !== undefined) return [{ ...said, body: { kind: 'list', list: table.stateAs(leaf.told++) } }];
  return [document === undefined ? said : { ...said, body: document }];
}

function isSame(a: ResourceState | undefined, b: ResourceState): boolean {
  if (a === undefined || b.table !== undefined || a.table !== undefined) return false;
  if (a.id !== b.id || a.state !== b.state || a.reason !== b.reason) return false;
  if (a.document === undefined || b.document === undefined) return a.document === b.document;
  return a.document.contentType === b.document.contentType && equalBytes(a.document.bytes, b.document.bytes);
}
