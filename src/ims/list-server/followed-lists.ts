/**
 * The lists that a list server serves: those that are configured, and those of documents that their owners keep in an XDMS and change there (RFC 4826 §4). An address belongs to
 * whoever had it first: nobody takes a list over by writing its address into the own document.
 * Omitted: lists in other documents (`resource-list`), which would have to be fetched too.
 */
import { identityKey, sameIdentity } from '#ims/node/identity.ts';
import { isServicesError, type ListService, parseServices, type ServicesError } from '#presence/lists/resource-lists.ts';

interface Kept {
  readonly service: ListService;
  /** Who may subscribe; undefined: everybody for whom a network vouches. */
  readonly owners: readonly string[] | undefined;
  /** The user in whose document it stands; undefined: it is configured. */
  readonly keeper: string | undefined;
}

export class FollowedLists {
  readonly #lists = new Map<string, Kept>();

  /** `owners`: by the address of a list. */
  constructor(configured: readonly ListService[], owners: ReadonlyMap<string, readonly string[]>) {
    for (const service of configured) {
      const key = identityKey(service.uri);
      this.#lists.set(key, { service, owners: owners.get(key), keeper: undefined });
    }
  }

  readonly find = (uri: string): ListService | undefined => this.#lists.get(identityKey(uri))?.service;

  ownersOf(uri: string): readonly string[] | undefined {
    return this.#lists.get(identityKey(uri))?.owners;
  }

  all(): readonly Kept[] {
    return [...this.#lists.values()];
  }

  /** Somebody's document is another, or (undefined) there is none any more. `identities`: under which names the owner asks. */
  put(
    keeper: string,
    identities: readonly string[],
    text: string | undefined,
  ): { readonly taken: number; readonly ofOthers: readonly string[] } | ServicesError {
    const read = text === undefined ? [] : parseServices(text);
    if (isServicesError(read)) return read;
    for (const [key, kept] of [...this.#lists]) if (kept.keeper !== undefined && sameIdentity(kept.keeper, keeper)) this.#lists.delete(key);
    const ofOthers: string[] = [];
    for (const service of read) {
      const key = identityKey(service.uri);
      if (this.#lists.has(key)) ofOthers.push(service.uri);
      else this.#lists.set(key, { service, owners: identities, keeper });
    }
    return { taken: read.length - ofOthers.length, ofOthers };
  }
}
