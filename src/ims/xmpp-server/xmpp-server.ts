/**
 * A foreign XMPP server with one account (RFC 6121): roster, subscriptions in both directions, probes, the presence of its resources. The person's client is part of it: wishes come in
 * as intents. Omitted: clients and their streams (SASL, binding, roster pushes), several accounts, stored requests, messages, and what protocol/xmpp omits.
 */
import type { Chance } from '#base/chance.ts';
import type { Effect, Input, Intent, Json, Machine } from '#base/machine.ts';
import type { Note } from '#base/note.ts';
import { transition } from '#base/state-table.ts';
import type { SimTime } from '#base/time.ts';
import type { EntityView } from '#base/view.ts';
import { decided, rejected } from '#ims/node/edit.ts';
import { bareJid, formatBareJid, formatJid, type Jid, jidOfUri, parseJid } from '#protocol/xmpp/jid.ts';
import { type XmppEvent, XmppPeers } from '#protocol/xmpp/peers.ts';
import { isShow, type Presence, type PresenceType } from '#protocol/xmpp/stanza.ts';
import { SEEN, type SeenEvent, type SeenState, seenTable, SEES, type SeesEvent, type SeesState, seesTable } from './roster.ts';

export interface XmppServerConfig {
  readonly domain: string;
  readonly address: string;
  readonly dns: string;
  /** User part of the account, and the name of the client that comes online. */
  readonly account: string;
  readonly resource: string;
  /** What happens when somebody asks to see the account. */
  readonly approves: 'everybody' | 'nobody' | 'asks';
}

interface Item {
  readonly contact: Jid;
  sees: SeesState;
  seen: SeenState;
  /** What the contact's resources said last. */
  readonly heard: Map<string, Presence>;
}

/** Items of the roster, and resources of each, at most [choice]. */
const MAX_ITEMS = 1000;
const MAX_RESOURCES = 20;

/** Of an intent: an address of XMPP, or a SIP or pres URI, which the client understands too. */
const addressOf = (value: Json | undefined): Jid | undefined => (typeof value !== 'string' ? undefined : (jidOfUri(value) ?? parseJid(value)));

export class XmppServer implements Machine {
  readonly #config: XmppServerConfig;
  readonly #peers: XmppPeers;
  readonly #account: Jid;
  readonly #roster = new Map<string, Item>();
  /** The presence of each resource that is available. */
  readonly #resources = new Map<string, Pick<Presence, 'show' | 'status' | 'priority'>>();
  #now: SimTime = 0 as SimTime;
  #out: Effect[] = [];

  constructor(config: XmppServerConfig, chance: Chance) {
    this.#config = config;
    this.#account = { local: config.account, domain: config.domain };
    this.#peers = new XmppPeers({ domains: [config.domain], address: config.address, dns: { address: config.dns, port: 53 }, chance });
  }

  step(input: Input, now: SimTime): readonly Effect[] {
    this.#now = now;
    this.#out = [];
    switch (input.kind) {
      case 'bytes':
        if (this.#peers.takes(input)) this.#take(this.#peers.receive(input, now, this.#out));
        else this.#note(rejected('An XMPP server has nothing to say on that port.'));
        break;
      case 'deadline':
        this.#take(this.#peers.fire(now, this.#out));
        break;
      case 'transport-failed':
        this.#take(this.#peers.transportFailed(input.remote, now, this.#out));
        break;
      case 'intent':
        this.#wish(input.intent);
        break;
      case 'opened':
      case 'closed':
      case 'passing':
    }
    return this.#out;
  }

  deadline(): SimTime | undefined {
    return this.#peers.deadline();
  }

  view(): EntityView {
    const items = [...this.#roster.values()];
    return {
      tables: [
        {
          title: `Roster of ${formatJid(this.#account)}`,
          columns: ['Contact', 'Sees the contact', 'Is seen', 'What the contact says'],
          rows: items.map(({ contact, sees, seen, heard }) => [formatJid(contact), sees, seen, [...heard.values()].map(inWords).join('; ') || '–']),
          empty: 'Nobody stands in it.',
        },
        {
          title: 'Resources',
          columns: ['Resource', 'Show', 'Status', 'Priority'],
          rows: [...this.#resources].map(([resource, { show, status, priority }]) => [resource, show ?? 'available', status ?? '–', String(priority ?? 0)]),
          empty: 'The account is offline.',
        },
        this.#peers.viewTable(),
      ],
      timers: [],
      states: [
        ...items.flatMap((item) => [
          { machine: SEES.name, key: formatJid(item.contact), state: item.sees },
          { machine: SEEN.name, key: formatJid(item.contact), state: item.seen },
        ]),
        ...this.#peers.viewStates(),
      ],
      mark: this.#resources.size > 0 ? 'online' : 'offline',
    };
  }

  #wish(intent: Intent): void {
    const { kind } = intent;
    if (kind === 'available') {
      this.#comeOnline(intent);
      return;
    }
    if (kind === 'unavailable') {
      this.#goOffline(typeof intent['status'] === 'string' ? intent['status'] : undefined);
      return;
    }
    const address = addressOf(intent['to']);
    if (address?.local === undefined) {
      this.#note(rejected('That is nobody’s address: something like juliet@example.org is needed.', 'RFC 7247 §6.4'));
      return;
    }
    const contact = bareJid(address);
    const item = this.#itemOf(contact, kind === 'subscribe');
    switch (kind) {
      case 'subscribe':
      case 'unsubscribe':
        if (item === undefined) this.#note(rejected('The contact does not stand in the roster.', 'RFC 6121 §2.5.3'));
        else this.#see(item, kind);
        return;
      case 'approve':
      case 'deny':
        if (item === undefined) this.#note(rejected('Nobody with this address has asked.'));
        else this.#show(item, kind);
        return;
      case 'probe':
        this.#send(contact, { type: 'probe' }, 'The server asks what the contact’s state is.', 'RFC 6121 §4.3.1');
        return;
      default:
        this.#note(rejected(`Nothing is known here of the wish "${kind}".`));
    }
  }

  #comeOnline(intent: Intent): void {
    const { show, status, priority } = intent;
    const isInitial = this.#resources.size === 0;
    this.#resources.set(this.#config.resource, {
      ...(typeof show === 'string' && isShow(show) ? { show } : {}),
      ...(typeof status === 'string' ? { status } : {}),
      ...(typeof priority === 'number' && Number.isInteger(priority) && priority >= -128 && priority <= 127 ? { priority } : {}),
    });
    for (const item of this.#roster.values()) {
      if (item.seen === 'seen') this.#sendPresence(item.contact, 'RFC 6121 §4.4.3');
      // RFC 6121 §4.3.1: a new session begins with a probe for everybody whom the account sees.
      if (isInitial && item.sees === 'sees')
        this.#send(item.contact, { type: 'probe' }, 'The account has come online: the server asks how its contacts are.', 'RFC 6121 §4.3.1');
    }
  }

  #goOffline(status: string | undefined): void {
    if (this.#resources.size === 0) {
      this.#note(rejected('The account is offline already.'));
      return;
    }
    const [resource] = this.#resources.keys();
    this.#resources.clear();
    for (const { contact, seen } of this.#roster.values()) {
      if (seen !== 'seen') continue;
      const stanza = { type: 'unavailable' as const, ...(status === undefined ? {} : { status }) };
      this.#send(contact, stanza, 'The client has gone: everybody who sees the account hears of it.', 'RFC 6121 §4.5.2', resource);
    }
  }

  #take(events: readonly XmppEvent[]): void {
    for (const event of events) {
      if (event.kind === 'undelivered') this.#note(rejected(`The presence did not reach ${event.stanza.to.domain}: ${event.why.replaceAll('-', ' ')}.`));
      else this.#receive(event.stanza);
    }
  }

  #receive(stanza: Presence): void {
    const contact = bareJid(stanza.from);
    const isOurs = formatBareJid(stanza.to) === formatJid(this.#account);
    const { type } = stanza;
    if (!isOurs) {
      if (type === 'subscribe' || type === 'probe')
        this.#answerFor(bareJid(stanza.to), contact, 'unsubscribed', 'There is no such account here.', 'RFC 6121 §4.3.2');
      else this.#note(decided('There is no such account here: the presence is ignored.', 'RFC 6120 §10.5.3.1'));
      return;
    }
    const item = this.#itemOf(contact, type === 'subscribe');
    switch (type) {
      case 'subscribe':
      case 'unsubscribe':
        if (item !== undefined) this.#show(item, type);
        return;
      case 'subscribed':
      case 'unsubscribed':
        if (item !== undefined) this.#see(item, type);
        return;
      case 'probe':
        if (item?.seen === 'seen') this.#sendPresence(contact, 'RFC 6121 §4.3.2');
        else this.#send(contact, { type: 'unsubscribed' }, 'Whoever is not in the roster learns nothing by a probe.', 'RFC 6121 §4.3.2');
        return;
      case 'error':
        this.#note(rejected(`The other domain answers with an error: ${stanza.condition ?? 'without a reason'}.`));
        return;
      default:
        this.#hear(item, stanza);
    }
  }

  #hear(item: Item | undefined, stanza: Presence): void {
    if (item === undefined || (item.sees !== 'sees' && stanza.type === undefined)) {
      this.#note(decided('The account does not watch the one who sends this.', 'RFC 6121 §4.4.3'));
      return;
    }
    const resource = stanza.from.resource ?? '';
    if (stanza.type === 'unavailable') item.heard.delete(resource);
    else {
      if (item.heard.size >= MAX_RESOURCES && !item.heard.has(resource)) item.heard.clear();
      item.heard.set(resource, stanza);
    }
    this.#note(decided(`The user now knows of ${formatJid(item.contact)}: ${inWords(stanza)}.`, 'RFC 6121 §4.4.3'));
  }

  /** Whether the account sees the contact. */
  #see(item: Item, on: SeesEvent): void {
    const step = transition(seesTable, item.sees, on, () => true);
    if (step === undefined) {
      this.#note(decided(`The contact is ${item.sees === 'sees' ? 'seen' : item.sees} already: nothing changes.`));
      return;
    }
    item.sees = step.to;
    this.#changed(SEES.name, item, step.from, on, step.to);
    for (const action of step.actions) {
      if (action === 'send-subscribe')
        this.#sendBare(item.contact, 'subscribe', 'The user wants to see the presence of the contact: the contact is asked.', 'RFC 6121 §3.1.3');
      else if (action === 'send-unsubscribe')
        this.#sendBare(item.contact, 'unsubscribe', 'The user does not want to see the contact any more.', 'RFC 6121 §2.5.2');
      else item.heard.clear();
    }
  }

  /** Whether the contact sees the account. */
  #show(item: Item, on: SeenEvent): void {
    const step = transition(seenTable, item.seen, on, () => true);
    if (step === undefined) {
      this.#note(decided('Nothing was asked and nothing granted: nothing changes.'));
      return;
    }
    item.seen = step.to;
    this.#changed(SEEN.name, item, step.from, on, step.to);
    for (const action of step.actions) {
      switch (action) {
        case 'consider':
          this.#consider(item);
          break;
        case 'send-subscribed':
          this.#sendBare(item.contact, 'subscribed', 'The request is approved: from now on the asker sees the account.', 'RFC 6121 §3.1.5');
          break;
        case 'send-unsubscribed':
          this.#sendBare(item.contact, 'unsubscribed', 'The request is denied, or what was granted is taken back.', 'RFC 6121 §3.1.4');
          break;
        case 'send-presence':
          this.#sendPresence(item.contact, 'RFC 6121 §3.1.5');
          break;
        case 'send-gone':
          this.#send(item.contact, { type: 'unavailable' }, 'Who does not watch any more is told once that nobody is there.', 'RFC 6121 §4.5.2');
          break;
      }
    }
  }

  #consider(item: Item): void {
    const { approves } = this.#config;
    if (approves === 'asks') this.#note(decided('The request is shown to the person, who has to decide.', 'RFC 6121 §3.1.4'));
    else this.#show(item, approves === 'everybody' ? 'approve' : 'deny');
  }

  #sendPresence(contact: Jid, clause: string): void {
    if (this.#resources.size === 0) this.#send(contact, { type: 'unavailable' }, 'Nobody is online: that is told by the bare address.', clause);
    for (const [resource, said] of this.#resources) this.#send(contact, said, 'The state of each resource is told by its full address.', clause, resource);
  }

  #sendBare(contact: Jid, type: PresenceType, reason: string, clause: string): void {
    this.#send(contact, { type }, reason, clause);
  }

  #answerFor(own: Jid, contact: Jid, type: PresenceType, reason: string, clause: string): void {
    this.#take(this.#peers.send({ kind: 'presence', from: own, to: contact, type }, [{ op: 'rejected', reason, clause }], this.#now, this.#out));
  }

  #send(contact: Jid, said: Partial<Presence>, reason: string, clause: string, resource?: string): void {
    const from = resource === undefined ? this.#account : { ...this.#account, resource };
    const note: Note = { op: 'decided', reason, clause };
    this.#take(this.#peers.send({ ...said, kind: 'presence', from, to: contact }, [note], this.#now, this.#out));
  }

  #itemOf(contact: Jid, make: boolean): Item | undefined {
    const key = formatJid(contact);
    let item = this.#roster.get(key);
    if (item === undefined && make && this.#roster.size < MAX_ITEMS) {
      item = { contact, sees: SEES.initial, seen: SEEN.initial, heard: new Map() };
      this.#roster.set(key, item);
    }
    return item;
  }

  #changed(machine: string, { contact }: Item, from: string, on: string, to: string): void {
    if (from !== to) this.#out.push({ kind: 'emit', event: { kind: 'state', machine, key: formatJid(contact), from, on, to } });
  }

  #note(note: Note): void {
    this.#out.push({ kind: 'note', note });
  }
}

function inWords({ type, show, status }: Presence): string {
  const said = status === undefined ? '' : `, "${status}"`;
  return `${type === 'unavailable' ? 'unavailable' : (show ?? 'available')}${said}`;
}
