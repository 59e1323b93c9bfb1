/**
 * The S-CSCF as notifier of registration state (RFC 3680; TS 24.229 §5.4.2): the user, the P-CSCFs in the Path and trusted application servers may
 * subscribe; every change is told at once, with all identities of the implicit set.
 */
import type { Chance } from '#base/chance.ts';
import type { SimTime } from '#base/time.ts';
import { encodeUtf8 } from '#base/utf8.ts';
import type { LiveState, ViewTable, ViewTimer } from '#base/view.ts';
import { identityKey, sameIdentity } from '#ims/node/identity.ts';
import { type Authorization, REG_FACTS, type SubscribeFacts } from '#presence/subscription/event-package.ts';
import { Notifier, type NotifierStep, type NotifierSubscription } from '#presence/subscription/notifier.ts';
import { type ContactEvent, formatReginfo, type Registration } from '#presence/reginfo/document.ts';
import type { SipRequest, SipResponse } from '#protocol/sip/message.ts';
import { uriOf } from '#protocol/sip/name-addr.ts';
import { hostOf } from '#protocol/sip/uri.ts';
import { openIdentities, type ServedUser, type ServedUsers } from './served-users.ts';

/** Why a user's registration is as it is: the event of the last change, kept for the documents. */
interface LastChange {
  readonly event: ContactEvent;
  readonly contact: string;
}

export class RegNotifier {
  readonly #host: string;
  readonly #users: ServedUsers;
  readonly #notifier: Notifier;
  readonly #last = new Map<string, LastChange & { readonly identities: readonly string[] }>();

  constructor(host: string, chance: Chance, users: ServedUsers) {
    this.#host = host;
    this.#users = users;
    this.#notifier = new Notifier({
      contact: `<sip:${host}>`,
      chance,
      packages: [
        {
          ...REG_FACTS,
          authorize: (facts) => this.#authorize(facts),
          bodyOf: ({ resource, version }, now) => encodeUtf8(formatReginfo({ version, state: 'full', registrations: this.#registrations(resource, now) })),
        },
      ],
    });
  }

  /** A SUBSCRIBE for the registration state of somebody served here, or within such a dialog. */
  isForUs(request: SipRequest): boolean {
    if (request.method !== 'SUBSCRIBE' || !/^reg(;|$)/.test(request.headers.get('Event') ?? '')) return false;
    return hostOf(request.uri) === this.#host || this.#users.find(identityKey(request.uri)) !== undefined;
  }

  receive(request: SipRequest, now: SimTime): readonly NotifierStep[] {
    const watcher = uriOf(request.headers.first('P-Asserted-Identity') ?? request.headers.get('From') ?? '') ?? '';
    return this.#notifier.receive(request, identityKey(watcher), now);
  }

  changed(user: ServedUser, event: ContactEvent, now: SimTime): readonly NotifierStep[] {
    const identities = openIdentities(user);
    const contact = user.binding?.contact ?? this.#last.get(identityKey(identities[0] ?? ''))?.contact ?? '';
    const steps: NotifierStep[] = [];
    for (const identity of identities) this.#last.set(identityKey(identity), { event, contact, identities });
    for (const identity of identities) {
      const resource = identityKey(identity);
      if (user.state === 'registered') steps.push(...this.#notifier.changed('reg', resource, now));
      else
        steps.push(
          ...this.#notifier.end(
            'reg',
            resource,
            { reason: 'noresource', because: 'All contacts are gone: there is nothing left to tell.', clause: 'RFC 6665 §4.1.3' },
            now,
          ),
        );
    }
    return steps;
  }

  answered(subscription: NotifierSubscription, response: SipResponse, now: SimTime): readonly NotifierStep[] {
    return this.#notifier.answered(subscription, response, now);
  }

  unanswered(subscription: NotifierSubscription, why: 'timeout' | 'transport-error', now: SimTime): readonly NotifierStep[] {
    return this.#notifier.unanswered(subscription, why, now);
  }

  deadline(): SimTime | undefined {
    return this.#notifier.deadline();
  }

  fire(now: SimTime): readonly NotifierStep[] {
    return this.#notifier.fire(now);
  }

  table(now: SimTime): ViewTable {
    return { ...this.#notifier.viewTable(now), title: 'Subscriptions to registration state' };
  }

  timers(): readonly ViewTimer[] {
    return this.#notifier.viewTimers();
  }

  states(): readonly LiveState[] {
    return this.#notifier.viewStates();
  }

  #authorize({ resource, watcher }: SubscribeFacts): Authorization {
    const user = this.#users.find(resource);
    if (user === undefined) return { decision: 'rejected', status: 404, reason: 'Nobody with this identity is served here.' };
    if (user.identities.some((one) => sameIdentity(one.identity, watcher)))
      return { decision: 'active', reason: 'Users may know their own registration.', clause: 'RFC 3680 §4.6' };
    const host = hostOf(watcher);
    if (user.binding?.path.some((path) => hostOf(uriOf(path) ?? '') === host) === true) {
      return {
        decision: 'active',
        reason: 'The P-CSCF stands in the Path of this registration: it may know when it ends.',
        clause: 'TS 24.229 §5.4.2.1.1',
      };
    }
    // TS 24.141 §5.3.5.2: an agent that was told of a registration subscribes to its state.
    if (user.criteria.some(({ criterion }) => hostOf(criterion.applicationServer.serverName) === host)) {
      return {
        decision: 'active',
        reason: 'The filter criteria of this user name the server: it is trusted with the registration.',
        clause: 'TS 24.141 §5.3.5.2',
      };
    }
    return {
      decision: 'rejected',
      status: 403,
      reason: 'Only the user, the P-CSCF of the user and trusted servers may know the registration.',
      clause: 'TS 24.229 §5.4.2.1.1',
    };
  }

  #registrations(resource: string, now: SimTime): readonly Registration[] {
    const user = this.#users.find(resource);
    const last = this.#last.get(resource);
    const identities = user === undefined ? (last?.identities ?? [resource]) : openIdentities(user);
    const contact = user?.binding?.contact ?? last?.contact;
    const active = user?.state === 'registered' && user.binding !== undefined;
    return identities.map((identity, i) => ({
      aor: identity,
      id: `r${i + 1}`,
      state: active ? 'active' : 'terminated',
      contacts:
        contact === undefined
          ? []
          : [
              {
                id: `c${i + 1}`,
                uri: contact,
                state: active ? 'active' : 'terminated',
                event: (active && i > 0 ? 'created' : (last?.event ?? 'registered')) satisfies ContactEvent,
                ...(active && user.binding !== undefined ? { expires: Math.max(0, Math.round((user.binding.expiresAt - now) / 1_000_000)) } : {}),
              },
            ],
    }));
  }
}
