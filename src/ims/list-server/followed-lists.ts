/**
 * The lists that a list server serves: those that are configured, and those of documents that their owners keep in an XDMS and change there (RFC 4826 §4). An address belongs to
 * whoever had it first: nobody takes a list over by writing its address into the own document.
 * References lead to the resource lists of the same owner in the same XDMS, in documents of any name, and no farther: what is somebody else's is nothing that the owner could read (RFC 4825 §5.7).
 */
import { identityKey, sameIdentity } from '#ims/node/identity.ts';
import {
  isServicesError,
  type ListService,
  type OtherDocuments,
  parseResourceLists,
  parseServices,
  RESOURCE_LISTS,
  type ServicesError,
} from '#presence/lists/resource-lists.ts';
import { targetBelow, XCAP_ROOT } from '#presence/xcap/xcap-diff.ts';
import { namespacesOf, selectElement } from '#protocol/xcap/select.ts';
import { parseXcapTarget } from '#protocol/xcap/uri.ts';
import type { XmlElement } from '#protocol/xml/read.ts';

interface Kept {
  readonly service: ListService;
  /** Who may subscribe; undefined: everybody for whom a network vouches. */
  readonly owners: readonly string[] | undefined;
  /** The user in whose document it stands; undefined: it is configured. */
  readonly keeper: string | undefined;
}

/** How many lists of a document are served, and which are not, because somebody else has their address. */
export interface Put {
  readonly taken: number;
  readonly ofOthers: readonly string[];
}

interface Document {
  readonly identities: readonly string[];
  readonly text: string | undefined;
}

export class FollowedLists {
  readonly #lists = new Map<string, Kept>();
  /** The XCAP root of the XDMS. */
  readonly #root: string;
  /** The services documents, by keeper. */
  readonly #documents = new Map<string, Document>();
  /** The roots of the documents of resource lists, by keeper and name. */
  readonly #resourceLists = new Map<string, XmlElement>();

  /** `owners`: by the address of a list. `xdms`: the host that keeps the documents. */
  constructor(configured: readonly ListService[], owners: ReadonlyMap<string, readonly string[]>, xdms = '') {
    this.#root = `http://${xdms}${XCAP_ROOT}`;
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
  put(keeper: string, identities: readonly string[], text: string | undefined): Put | ServicesError {
    const read = text === undefined ? [] : parseServices(text, this.#othersOf(keeper));
    if (isServicesError(read)) return read;
    this.#documents.set(identityKey(keeper), { identities, text });
    for (const [key, kept] of [...this.#lists]) if (kept.keeper !== undefined && sameIdentity(kept.keeper, keeper)) this.#lists.delete(key);
    const ofOthers: string[] = [];
    for (const service of read) {
      const key = identityKey(service.uri);
      if (this.#lists.has(key)) ofOthers.push(service.uri);
      else this.#lists.set(key, { service, owners: identities, keeper });
    }
    return { taken: read.length - ofOthers.length, ofOthers };
  }

  /** The lists to which the services of a user may refer are others: so are the services that do. */
  putResourceLists(keeper: string, text: string | undefined, document = 'index'): Put | ServicesError {
    const read = text === undefined ? undefined : parseResourceLists(text);
    if (read !== undefined && isServicesError(read)) return read;
    if (read === undefined) this.#resourceLists.delete(placeOf(keeper, document));
    else this.#resourceLists.set(placeOf(keeper, document), read);
    const services = this.#documents.get(identityKey(keeper));
    return services === undefined ? { taken: 0, ofOthers: [] } : this.put(keeper, services.identities, services.text);
  }

  #othersOf(keeper: string): OtherDocuments {
    return {
      root: this.#root,
      find: (uri) => {
        const target = targetBelow(this.#root, uri);
        const address = target === undefined ? undefined : parseXcapTarget(XCAP_ROOT, target);
        if (typeof address !== 'object' || address.auid !== 'resource-lists' || !sameIdentity(address.xui ?? '', keeper)) return undefined;
        const root = this.#resourceLists.get(placeOf(keeper, address.document));
        const { node } = address;
        return root === undefined || node === undefined || node.terminal !== undefined
          ? undefined
          : selectElement(root, node.steps, namespacesOf(node, RESOURCE_LISTS));
      },
    };
  }
}

const placeOf = (keeper: string, document: string): string => `${identityKey(keeper)} ${document}`;
