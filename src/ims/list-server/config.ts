/** What a list server is told. */
import type { NodeConfig } from '#ims/node/sip-node.ts';
import type { TrustPolicy } from '#ims/node/trust.ts';

export interface ListServerConfig extends NodeConfig {
  /** The RLS services document (RFC 4826 §4): which lists there are. */
  readonly services: string;
  /** Who may subscribe to a list, by its address; everybody for whom a network vouches where a list is not named. */
  readonly owners: ReadonlyMap<string, readonly string[]>;
  /** Lists whose members are asked before the watcher is answered, by address. */
  readonly gathers?: ReadonlySet<string>;
  /** Watchers may name the state of a list that they hold (RFC 5839). */
  readonly conditions?: boolean;
  readonly minExpires: number;
  readonly maxExpires: number;
  /** Where owners keep lists of their own, and under which names each of them asks; nowhere when left out. */
  readonly kept?: { readonly xdms: { readonly host: string; readonly address: string }; readonly identitiesOf: (owner: string) => readonly string[] };
  /** Which networks are trusted; everybody when left out. */
  readonly trust?: TrustPolicy;
}
