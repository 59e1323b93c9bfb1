/** A watcher who wants few NOTIFYs, and how a server can get that wrong. */
import { type Doctored, header, hop, rewrite, run, S1, without } from './doctor.ts';

const PS = 'ps.home2.net';
const TO = 'sip:user2_public1@home2.net';

export const leanly = run({
  until: 70,
  network: { presence: { lean: { conditions: true, rates: true } } },
  timeline: [
    { at: 0.5, who: 'ue2', do: { kind: 'register' } },
    { at: 3, who: 'ue1', do: { kind: 'register' } },
    { at: 6, who: 'ue2', do: { kind: 'publish', basic: 'open' } },
    { at: 10, who: 'ue1', do: { kind: 'subscribe', to: TO, conditional: true, rates: { max: '0.1' } } },
    { at: 16, who: 'ue2', do: { kind: 'publish', basic: 'closed' } },
    { at: 30, who: 'ue1', do: { kind: 'refresh' } },
    { at: 40, who: 'ue1', do: { kind: 'refresh', suppress: 'none' } },
    { at: 50, who: 'ue1', do: { kind: 'unsubscribe' } },
  ],
});

/** The same with partial documents. */
const partly = run({
  until: 60,
  network: { presence: { lean: { partial: true } } },
  timeline: [
    { at: 0.5, who: 'ue2', do: { kind: 'register' } },
    { at: 3, who: 'ue1', do: { kind: 'register' } },
    {
      at: 6,
      who: 'ue2',
      do: { kind: 'publish', basic: 'open', activities: ['meeting'], note: 'A note that is long enough to make a part shorter than the whole of it' },
    },
    { at: 10, who: 'ue1', do: { kind: 'subscribe', to: TO, partial: true } },
    {
      at: 20,
      who: 'ue2',
      do: { kind: 'publish', basic: 'closed', activities: ['meeting'], note: 'A note that is long enough to make a part shorter than the whole of it' },
    },
    { at: 30, who: 'ue1', do: { kind: 'refresh' } },
  ],
});

const answer = hop(PS, S1, '204 No Notification (SUBSCRIBE)', 30);

export const LEAN_DOCTORED: Doctored = [
  ['partial-versions', 'a version that is left out', () => rewrite(partly, hop(PS, S1, 'NOTIFY', 20), (text) => text.replace('version="2"', 'version="3"'))],
  [
    'partial-versions',
    'an answer to a SUBSCRIBE that tells only of changes',
    () => rewrite(partly, hop(PS, S1, 'NOTIFY', 30), (text) => text.replaceAll('p:pidf-full', 'p:pidf-diff')),
  ],
  ['no-notification', 'a 204 that nobody asked for', () => rewrite(leanly, hop(S1, PS, 'SUBSCRIBE', 30), without('Suppress-If-Match'))],
  [
    'no-notification',
    'a 204 for a state that was never told',
    () =>
      rewrite(
        leanly,
        hop(S1, PS, 'SUBSCRIBE', 30),
        header('Suppress-If-Match', () => 'unheard-of'),
      ),
  ],
  ['notify-follows', 'a 200 that no NOTIFY follows', () => rewrite(leanly, answer, (text) => text.replace('204 No Notification', '200 OK'))],
  ['state-named', 'one tag for two states', () => rewrite(leanly, hop(PS, S1, 'NOTIFY', 40), (text) => text.replace('>closed<', '>opened<'))],
  [
    'least-interval',
    'a change that is told too soon',
    () =>
      rewrite(
        leanly,
        hop(PS, S1, 'NOTIFY', 10),
        header('Subscription-State', (value) => value.replace('max-rate=0.1', 'max-rate=0.01')),
      ),
  ],
];
