/**
 * Configuration hiding in a message (TS 33.203 §5.2, §6.4): entries of the own network's proxies become tokens on the way out and are restored on the way
 * in. Consecutive own entries become one token, the order of hops stays, the hiding node's own entry and those of other networks stay clear.
 * The standard asks for it in Via, Record-Route, Route, Path and Service-Route. Our choice: the Contact of a server or an S-CSCF names the inside as well, so
 * it becomes a token too, which comes back in the Request-URI of what is sent within the dialog.
 */
import type { Chance } from '#base/chance.ts';
import { type Notes, setHeader } from '#ims/node/edit.ts';
import type { SipMessage, SipRequest } from '#protocol/sip/message.ts';
import { uriOf } from '#protocol/sip/name-addr.ts';
import { decryptEntries, encryptEntries, type EntryForm, TARGET_ENTRY, URI_ENTRY, VIA_ENTRY } from './token.ts';

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
const UNCHECKED = 'TS 24.229 (clause unchecked)';
const HIDE_TARGET = 'The Contact names a node of the inside: it becomes a token as well, which comes back as the address of what is sent within the dialog.';
const REVEAL_TARGET = 'The Request-URI is a token of this network’s own making: it stands for the Contact of a node of the inside.';
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
    const contacts = message.headers.values('Contact');
    const targets = contacts.map((contact) => (this.#isName(URI_ENTRY.hostOf(contact)) ? (this.#hidden([contact], TARGET_ENTRY)[0] ?? contact) : contact));
    if (targets.some((target, i) => target !== contacts[i])) setHeader(message, notes, 'Contact', targets.join(', '), HIDE_TARGET, UNCHECKED);
  }

  /** The Request-URI, where it is a token. False when it cannot be restored; the request is then as it came. */
  revealTarget(request: SipRequest, notes: Notes): boolean {
    const from = request.uri;
    const entry = `<${from}>`;
    if (!this.#isOwnToken(entry, TARGET_ENTRY)) return true;
    const [contact, ...more] = this.#revealed([entry], TARGET_ENTRY) ?? [];
    const to = uriOf(contact ?? '');
    if (to === undefined || more.length > 0) {
      this.counts.refused++;
      return false;
    }
    request.uri = to;
    notes.push({ op: 'changed', header: 'Request-URI', from, to, reason: REVEAL_TARGET, clause: UNCHECKED });
    return true;
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

  /** The name of a node: the domain alone stands for the whole network, an address of a terminal is its own business. */
  #isName(host: string | undefined): boolean {
    return host !== undefined && host.endsWith(`.${this.#config.domain}`) && host !== this.#config.host;
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
