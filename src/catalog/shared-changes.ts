/** Named changes that several scenarios offer: what a person can turn over with `--set name=value` or on the page. Plain data. */
import type { NamedChange } from '#scenario/scenario.ts';

export const ROAMING: NamedChange = {
  name: 'watcher',
  title: 'Where the watcher is',
  values: [
    { value: 'roaming', title: 'roams in visited1.net', patches: [] },
    { value: 'at-home', title: 'is in the home network', patches: [{ path: '/network/watcherAtHome', value: true }] },
  ],
};

export const RECORD_ROUTE: NamedChange = {
  name: 'record-route',
  title: 'Which S-CSCFs stay in the path',
  values: [
    { value: 'watcher', title: "only the watcher's S-CSCF (as in Annex A)", patches: [] },
    { value: 'none', title: 'none of them', patches: [{ path: '/network/recordRoute/scscf1', value: false }] },
    { value: 'both', title: 'both S-CSCFs', patches: [{ path: '/network/recordRoute/scscf2', value: true }] },
  ],
};

export const WATCHER_RULE: NamedChange = {
  name: 'rule',
  title: 'What the presentity says of watchers',
  values: [
    { value: 'allow', title: 'allows them', patches: [] },
    { value: 'confirm', title: 'wants to be asked', patches: [{ path: '/network/presence/default', value: 'confirm' }] },
    { value: 'polite-block', title: 'blocks them politely', patches: [{ path: '/network/presence/default', value: 'polite-block' }] },
    { value: 'block', title: 'blocks them', patches: [{ path: '/network/presence/default', value: 'block' }] },
  ],
};

export const ACCEPTANCE: NamedChange = {
  name: 'accepted-by',
  title: 'How the presence server accepts a SUBSCRIBE',
  values: [
    { value: '200', title: '200 (RFC 6665)', patches: [] },
    { value: '202', title: '202, the older way (RFC 3265)', patches: [{ path: '/network/presence/accepts202', value: true }] },
  ],
};

export const ADDRESSES: NamedChange = {
  name: 'ip',
  title: 'Addresses',
  values: [
    { value: 'v6', title: 'IPv6', patches: [] },
    { value: 'v4', title: 'IPv4', patches: [{ path: '/network/family', value: 'ipv4' }] },
  ],
};
