/** A presentity who watches its watchers, and how documents about them can be wrong. */
import type { Trace } from '#trace/record.ts';
import { hop, rewrite, run, watch } from './doctor.ts';

const PS = 'ps.home2.net';
const S2 = 'scscf2.home2.net';

export const watched = run({
  until: 60,
  network: {
    presence: {
      watcherInformation: true,
      ruleset: [
        { id: 'everybody', identity: [{ many: {} }], handling: 'confirm' },
        { id: 'work', identity: [{ many: {} }], sphere: 'work', handling: 'allow' },
      ],
    },
  },
  timeline: [
    { at: 0.5, who: 'ue2', do: { kind: 'register' } },
    { at: 3, who: 'ue1', do: { kind: 'register' } },
    { at: 8, who: 'ue2', do: { kind: 'subscribe', to: 'sip:user2_public1@home2.net', event: 'presence.winfo' } },
    { at: 15, who: 'ue1', do: watch },
    { at: 25, who: 'ue2', do: { kind: 'publish', basic: 'open', sphere: 'work' } },
    { at: 35, who: 'ue2', do: { kind: 'refresh', event: 'presence.winfo' } },
    { at: 45, who: 'ue1', do: { kind: 'unsubscribe' } },
  ],
});

const told = (after: number, from: string, to: string): Trace => rewrite(watched, hop(PS, S2, 'NOTIFY', after), (text) => text.replace(from, to));

export const WATCHING_DOCTORED: readonly (readonly [rule: string, what: string, trace: () => Trace])[] = [
  ['watcher-versions', 'a version that is left out', () => told(20, 'version="2"', 'version="3"')],
  ['watcher-versions', 'a refresh that is told of changes only', () => told(34, 'state="full"', 'state="partial"')],
  ['watcher-states', 'a watcher who is let in and waits', () => told(20, 'status="active"', 'status="waiting"')],
  ['watcher-states', 'a watcher who is given up and waits', () => told(44, 'status="terminated" event="timeout"', 'status="waiting"     event="giveup"')],
];
