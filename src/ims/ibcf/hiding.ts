/**
 * Configuration hiding in a message (TS 33.203 §5.2, §6.4): entries of the own network's proxies become tokens on the way out and are restored on the way
 * in. Consecutive own entries become one token, the order of hops stays, the hiding node's own entry and those of other networks stay clear.
 */
import type { Chance } from '#base/chance.ts';
import { type Notes, setHeader } from '#ims/node/edit.ts';
import type { SipMessage } from '#protocol/sip/message.ts';
import { decryptEntries, encryptEntries, type EntryForm, URI_ENTRY, VIA_ENTRY } from './token.ts';

/** The header fields that tell of the inside of a network. */
export const HIDDEN_HEADERS = ['Via', 'Record-Route', 'Route', 'Path', 'Service-Route'] as const;

export interface HidingConfig {
  /** Name of the hiding node, which stays visible. */
  readonly host: string;
  readonly domain: string;
  /** Kv, 16 bytes: the same in all hiding nodes of a network. */
  readonly key: Uint8Array;
}

const CLAUSE = 'TS 33.203 §6.4';
const HIDE = 'Names of proxies of this network are nobody else’s business: what follows each other becomes one token, in its place.';
const REVEAL = 'The token is of this network’s own making: only its hiding nodes hold the key, and inside the names are needed again.';

export class Hiding {
  readonly #config: HidingConfig;
  readonly #chance: Chance;
  /** Tokens made, restored, and refused so far. */
  readonly counts = { made: 0, restored: 0, refused: 0 };

  constructor(config: HidingConfig, chance: Chance) {
    this.#config = config;
    this.#chance = chance;
  }

  /** Before a message leaves the network. */
  hide(message: SipMessage, notes: Notes): void {
    for (const header of HIDDEN_HEADERS) {
      const before = message.headers.values(header);
      const after = this.#hidden(before, formOf(header));
      if (after.length !== before.length || after.some((entry, i) => entry !== before[i])) setHeader(message, notes, header, after.join(', '), HIDE, CLAUSE);
    }
  }

  /** After a message has come in. Names the header whose token cannot be restored; the message is then as it came. */
  reveal(message: SipMessage, headers: readonly string[], notes: Notes): string | undefined {
    const restored: [string, readonly string[]][] = [];
    for (const header of headers) {
      const before = message.headers.values(header);
      const form = formOf(header);
      if (!before.some((entry) => this.#isOwnToken(entry, form))) continue;
      const after = this.#revealed(before, form);
      if (after === undefined) {
        this.counts.refused++;
        return header;
      }
      restored.push([header, after]);
    }
    for (const [header, after] of restored) setHeader(message, notes, header, after.join(', '), REVEAL, CLAUSE);
    return undefined;
  }

  isInside(host: string | undefined): boolean {
    const { domain } = this.#config;
    return host !== undefined && (host === domain || host.endsWith(`.${domain}`));
  }

  #isOwnToken(entry: string, form: EntryForm): boolean {
    return form.tokenOf(entry)?.by === this.#config.domain;
  }

  #hidden(entries: readonly string[], form: EntryForm): readonly string[] {
    const after: string[] = [];
    let run: string[] = [];
    const flush = (): void => {
      const first = run[0];
      if (first === undefined) return;
      const token = encryptEntries(run, this.#config.key, this.#chance.bytes('hiding-iv', 16));
      after.push(form.format(token, this.#config.domain, first));
      this.counts.made++;
      run = [];
    };
    for (const entry of entries) {
      const host = form.hostOf(entry);
      if (this.isInside(host) && host !== this.#config.host && form.tokenOf(entry) === undefined) run.push(entry);
      else {
        flush();
        after.push(entry);
      }
    }
    flush();
    return after;
  }

  #revealed(entries: readonly string[], form: EntryForm): readonly string[] | undefined {
    const after: string[] = [];
    for (const entry of entries) {
      const token = form.tokenOf(entry);
      if (token?.by !== this.#config.domain) {
        after.push(entry);
        continue;
      }
      const inner = decryptEntries(token.token, this.#config.key);
      // What comes out must be entries of this network: anything else was not put in.
      if (inner === undefined || !inner.every((one) => this.isInside(form.hostOf(one)))) return undefined;
      after.push(...inner);
      this.counts.restored++;
    }
    return after;
  }
}

const formOf = (header: string): EntryForm => (header === 'Via' ? VIA_ENTRY : URI_ENTRY);
