/** The profile changes while people are registered and subscribed: PPR, and new criteria for new requests only (TS 29.228 §6.2.2; TS 23.218 §5.2.1). */
import type { Scenario } from '#scenario/scenario.ts';
import { ADDRESSES, ROAMING } from '../shared-changes.ts';
import { USUAL, WITHOUT_WATCHERS } from '../shared-criteria.ts';
import { IN_DIALOG_SUBSCRIBE, NOTIFICATION, profileChange, REFUSED_BY_UE, SUBSCRIPTION } from '../standard-ladders.ts';

export default {
  format: 1,
  id: 'fail-profile-changed',
  title: 'The profile changes',
  summary:
    'The operator takes the criterion for watchers out of the profile (PPR): the subscription that stands goes on along its route set, but a new one goes past the presence server to the terminal, until the criterion is back.',
  sources: [
    { document: 'TS 29.228', clause: '6.2.2.1', checked: true },
    { document: 'TS 23.218', clause: '5.2.1', checked: true },
  ],
  until: 60,
  chapters: [
    { id: 'prologue', title: 'Registrations, publication, subscription', at: 0, prologue: true },
    { id: 'change', title: 'The criterion is taken away', at: 20 },
    { id: 'refresh', title: 'The subscription that stands', at: 25 },
    { id: 'fetch', title: 'A new request', at: 32 },
    { id: 'back', title: 'The criterion comes back', at: 40 },
    { id: 'again', title: 'A new request again', at: 45 },
  ],
  timeline: [
    { at: 0.5, who: 'ue2', do: { kind: 'register' } },
    { at: 3, who: 'ue1', do: { kind: 'register' } },
    { at: 6, who: 'ue2', do: { kind: 'publish', basic: 'open', note: 'At my desk' } },
    { at: 10, who: 'ue1', do: { kind: 'subscribe', to: 'sip:user2_public1@home2.net' } },
    { at: 20, who: 'hss2', do: { kind: 'change-profile', user: 'sip:user2_public1@home2.net', filterCriteria: WITHOUT_WATCHERS } },
    { at: 25, who: 'ue1', do: { kind: 'refresh' } },
    { at: 32, who: 'ue1', do: { kind: 'fetch', to: 'sip:user2_public1@home2.net' } },
    { at: 40, who: 'hss2', do: { kind: 'change-profile', user: 'sip:user2_public1@home2.net', filterCriteria: USUAL } },
    { at: 45, who: 'ue1', do: { kind: 'fetch', to: 'sip:user2_public1@home2.net' } },
  ],
  changes: [ROAMING, ADDRESSES],
  expectations: [
    { title: 'The new profile', source: { document: 'TS 29.228', clause: '6.2.2.1', checked: true }, chapter: 'change', flows: [profileChange(2)] },
    {
      title: 'The dialog goes on',
      source: { document: 'TS 23.218', clause: '5.2.1', checked: true },
      chapter: 'refresh',
      flows: [IN_DIALOG_SUBSCRIBE, NOTIFICATION],
    },
    {
      title: 'A new SUBSCRIBE reaches the terminal, which takes none',
      source: { document: 'TS 29.228', clause: '6.2.2.1', checked: true },
      chapter: 'fetch',
      flows: [REFUSED_BY_UE],
    },
    { title: 'The profile as it was', source: { document: 'TS 29.228', clause: '6.2.2.1', checked: true }, chapter: 'back', flows: [profileChange(2)] },
    {
      title: 'The presence server again',
      source: { document: 'TS 24.141', clause: 'A.3.2.1', checked: true },
      chapter: 'again',
      flows: [SUBSCRIPTION, NOTIFICATION],
    },
  ],
} satisfies Scenario;
