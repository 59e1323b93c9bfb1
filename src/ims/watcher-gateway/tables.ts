/** What the gateway knows of who may see whom (RFC 8048 §5): an authorization of XMPP lasts; a subscription of SIP is renewed for it as long as it does. */
import { compileTable, type StateTable } from '#base/state-table.ts';

export type ToSipState = 'none' | 'requested' | 'authorized' | 'cancelling';
export type ToSipEvent = 'subscribe' | 'unsubscribe' | 'active' | 'rejected' | 'lapsed' | 'answered' | 'ended';
export type ToSipAction = 'open' | 'close' | 'try-later' | 'tell-subscribed' | 'tell-unsubscribed' | 'tell-presence';

/** A user of XMPP and a contact of SIP. */
export const TO_SIP = {
  name: 'authorization (XMPP to SIP)',
  states: ['none', 'requested', 'authorized', 'cancelling'],
  initial: 'none',
  final: [],
  rows: [
    { from: ['none', 'cancelling'], on: 'subscribe', to: 'requested', actions: ['open'], clause: 'RFC 8048 §5.2.1' },
    { from: 'authorized', on: 'subscribe', to: 'same', actions: ['tell-subscribed'], clause: 'RFC 6121 §3.1.3' },
    { from: 'requested', on: 'active', to: 'authorized', actions: ['tell-subscribed', 'tell-presence'], clause: 'RFC 8048 §5.2.1' },
    { from: 'authorized', on: 'active', to: 'same', actions: ['tell-presence'], clause: 'RFC 8048 §6.3' },
    { from: ['requested', 'authorized'], on: 'rejected', to: 'none', actions: ['tell-unsubscribed'], clause: 'RFC 8048 §5.2.2' },
    { from: ['requested', 'authorized'], on: 'lapsed', to: 'same', actions: ['try-later'], clause: 'RFC 8048 §5.2.2' },
    { from: ['requested', 'authorized'], on: 'unsubscribe', to: 'cancelling', actions: ['close'], clause: 'RFC 8048 §5.2.3' },
    { from: 'cancelling', on: 'answered', to: 'none', actions: ['tell-unsubscribed'], clause: 'RFC 8048 §5.2.3' },
    { from: 'cancelling', on: 'ended', to: 'none', actions: ['tell-unsubscribed'] },
  ],
} satisfies StateTable<ToSipState, ToSipEvent, never, ToSipAction>;

export const toSipTable = compileTable<ToSipState, ToSipEvent, never, ToSipAction>(TO_SIP);

export type ToXmppState = 'none' | 'requested' | 'authorized';
export type ToXmppEvent = 'subscribe' | 'subscribed' | 'unsubscribed' | 'unreachable';
export type ToXmppAction = 'ask' | 'grant' | 'refuse' | 'give-up';

/** A watcher of SIP and a contact of XMPP. */
export const TO_XMPP = {
  name: 'authorization (SIP to XMPP)',
  states: ['none', 'requested', 'authorized'],
  initial: 'none',
  final: [],
  rows: [
    { from: ['none', 'requested'], on: 'subscribe', to: 'requested', actions: ['ask'], clause: 'RFC 8048 §5.3.1' },
    { from: ['none', 'requested'], on: 'subscribed', to: 'authorized', actions: ['grant'], clause: 'RFC 8048 §5.3.1' },
    { from: ['requested', 'authorized'], on: 'unsubscribed', to: 'none', actions: ['refuse'], clause: 'RFC 8048 §5.3.1' },
    { from: 'requested', on: 'unreachable', to: 'none', actions: ['give-up'] },
  ],
} satisfies StateTable<ToXmppState, ToXmppEvent, never, ToXmppAction>;

export const toXmppTable = compileTable<ToXmppState, ToXmppEvent, never, ToXmppAction>(TO_XMPP);
