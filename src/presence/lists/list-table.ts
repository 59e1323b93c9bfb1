/**
 * What a list subscriber knows (RFC 4662 §5.6): a row for each resource, kept coherent by versions. Full state replaces everything, partial state the rows
 * that it names; a version that was met already is discarded, one that skips others shows that something was lost.
 */
import { type ListedInstance, type ListState, type StateDocument } from './list-body.ts';

/** `lost`: it was taken, but something before it never came: the subscriber asks for full state. `old`: nothing of it was taken. */
export type ListOutcome = 'taken' | 'lost' | 'old';

export interface KnownInstance extends Omit<ListedInstance, 'body'> {
  readonly document: StateDocument | undefined;
  /** The resource is a list itself. */
  readonly table: ListTable | undefined;
}

export interface ListRow {
  readonly uri: string;
  readonly name?: string;
  readonly instances: readonly KnownInstance[];
}

export class ListTable {
  #uri = '';
  #name: string | undefined;
  #version: number | undefined;
  #rows = new Map<string, ListRow>();

  get uri(): string {
    return this.#uri;
  }

  get name(): string | undefined {
    return this.#name;
  }

  /** Of the last document taken; undefined before the first. */
  get version(): number | undefined {
    return this.#version;
  }

  rows(): IterableIterator<ListRow> {
    return this.#rows.values();
  }

  /** Takes what a NOTIFY says. */
  apply(list: ListState): ListOutcome {
    const known = this.#version;
    // RFC 4662 §5.6.1, §5.6.2: what is not newer is discarded without further processing.
    if (known !== undefined && list.version <= known) return 'old';
    const skipped = !list.fullState && (known === undefined || list.version !== known + 1);
    this.#version = list.version;
    this.#uri = list.uri;
    if (list.name !== undefined || list.fullState) this.#name = list.name;
    const before = this.#rows;
    if (list.fullState) this.#rows = new Map();
    let lost = skipped;
    for (const { instances, ...resource } of list.resources) {
      const former = before.get(resource.uri)?.instances ?? [];
      const known = instances.map(({ body, ...instance }): KnownInstance => {
        if (body?.kind !== 'list') return { ...instance, document: body, table: undefined };
        const table = former.find(({ id }) => id === instance.id)?.table ?? new ListTable();
        if (table.apply(body.list) === 'lost') lost = true;
        return { ...instance, document: undefined, table };
      });
      this.#rows.set(resource.uri, { ...resource, instances: known });
    }
    return lost ? 'lost' : 'taken';
  }

  /** The whole of it as a document of somebody else's: with the version that he gives. */
  stateAs(version: number): ListState {
    return {
      uri: this.#uri,
      version,
      fullState: true,
      ...(this.#name === undefined ? {} : { name: this.#name }),
      resources: Array.from(this.rows(), ({ instances, ...resource }) => ({
        ...resource,
        instances: instances.map(({ document, table, ...instance }): ListedInstance => {
          if (table !== undefined) return { ...instance, body: { kind: 'list', list: table.stateAs(version) } };
          return document === undefined ? instance : { ...instance, body: document };
        }),
      })),
    };
  }
}
