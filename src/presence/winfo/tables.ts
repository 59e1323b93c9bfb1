/** The state machine of a watcher (RFC 3857 §4.7, figure), as the owner of what is watched is told it. */
import { compileTable, type StateTable } from '#base/state-table.ts';

export type WatcherState = 'init' | 'pending' | 'active' | 'waiting' | 'terminated';
/** What brought a watcher where it is: the names that documents carry (RFC 3858 §3). */
export type WatcherEvent = 'subscribe' | 'approved' | 'deactivated' | 'probation' | 'rejected' | 'timeout' | 'giveup' | 'noresource';
export type WatcherGuard = 'accepted' | 'undecided';
export type WatcherAction = 'tell' | 'set-giveup' | 'stop-giveup';

export const WATCHER: StateTable<WatcherState, WatcherEvent, WatcherGuard, WatcherAction> = {
  name: 'watcher',
  states: ['init', 'pending', 'active', 'waiting', 'terminated'],
  initial: 'init',
  final: ['terminated'],
  rows: [
    { from: 'init', on: 'subscribe', guard: 'accepted', to: 'active', actions: ['tell'], clause: 'RFC 3857 §4.7' },
    { from: 'init', on: 'subscribe', guard: 'undecided', to: 'pending', actions: ['set-giveup', 'tell'], clause: 'RFC 3857 §4.7' },
    { from: 'init', on: 'subscribe', to: 'terminated', clause: 'RFC 3857 §4.7' },
    { from: 'pending', on: 'approved', to: 'active', actions: ['stop-giveup', 'tell'], clause: 'RFC 3857 §4.7' },
    // The time of its subscription is over, but nobody has said yet what would have become of it: the owner may still want to know.
    { from: 'pending', on: 'timeout', to: 'waiting', actions: ['tell'], clause: 'RFC 3857 §4.7' },
    { from: 'pending', on: 'rejected', to: 'terminated', actions: ['stop-giveup', 'tell'], clause: 'RFC 3857 §4.7' },
    { from: 'pending', on: 'noresource', to: 'terminated', actions: ['stop-giveup', 'tell'], clause: 'RFC 3857 §4.7' },
    { from: 'pending', on: 'deactivated', to: 'terminated', actions: ['stop-giveup', 'tell'], clause: 'RFC 3857 §4.7' },
    { from: 'pending', on: 'probation', to: 'terminated', actions: ['stop-giveup', 'tell'], clause: 'RFC 3857 §4.7' },
    { from: 'pending', on: 'giveup', to: 'terminated', actions: ['stop-giveup', 'tell'], clause: 'RFC 3857 §4.7' },
    // RFC 5025 §3.2.1: no event of RFC 3857 leads from active to pending; the one that leads there from anywhere is told [choice].
    { from: 'active', on: 'subscribe', to: 'pending', actions: ['set-giveup', 'tell'], clause: 'RFC 5025 §3.2.1' },
    { from: 'active', on: 'rejected', to: 'terminated', actions: ['tell'], clause: 'RFC 3857 §4.7' },
    { from: 'active', on: 'noresource', to: 'terminated', actions: ['tell'], clause: 'RFC 3857 §4.7' },
    { from: 'active', on: 'deactivated', to: 'terminated', actions: ['tell'], clause: 'RFC 3857 §4.7' },
    { from: 'active', on: 'probation', to: 'terminated', actions: ['tell'], clause: 'RFC 3857 §4.7' },
    { from: 'active', on: 'timeout', to: 'terminated', actions: ['tell'], clause: 'RFC 3857 §4.7' },
    // No way leads back: whoever is approved while nobody is subscribed has to subscribe again.
    { from: 'waiting', on: 'approved', to: 'terminated', actions: ['stop-giveup', 'tell'], clause: 'RFC 3857 §4.7' },
    { from: 'waiting', on: 'rejected', to: 'terminated', actions: ['stop-giveup', 'tell'], clause: 'RFC 3857 §4.7' },
    { from: 'waiting', on: 'noresource', to: 'terminated', actions: ['stop-giveup', 'tell'], clause: 'RFC 3857 §4.7' },
    { from: 'waiting', on: 'giveup', to: 'terminated', actions: ['stop-giveup', 'tell'], clause: 'RFC 3857 §4.7' },
  ],
};

export const watcherTable = compileTable(WATCHER);
