/** The networks of the hand-made run. For tests and development only. */
import type { StateTable } from '#base/state-table.ts';
import type { TraceEntity, TraceLink, TraceNetwork } from '#trace/record.ts';

export const UE1 = 'ue1';
export const P1 = 'pcscf1.visited1.net';
export const S1 = 'scscf1.home1.net';
export const HSS1 = 'hss1.home1.net';
export const DNS = 'dns.home1.net';
export const I2 = 'icscf2-s.home2.net';
export const HSS2 = 'hss2.home2.net';
export const S2 = 'scscf2.home2.net';
export const PS = 'ps.home2.net';
export const P2 = 'pcscf2.home2.net';
export const UE2 = 'ue2';

export const FIXTURE_NETWORKS: readonly TraceNetwork[] = [
  { domain: 'visited1.net', title: 'where the watcher roams', kind: 'visited' },
  { domain: 'home1.net', title: "the watcher's network", kind: 'home' },
  { domain: 'home2.net', title: "the presentity's network", kind: 'home' },
];

export const FIXTURE_ENTITIES: readonly TraceEntity[] = [
  { id: UE1, kind: 'ue', network: 'visited1.net', home: 'home1.net', label: 'UE#1', role: 'watcher', addresses: ['2001:db8:1::a'] },
  { id: P1, kind: 'p-cscf', network: 'visited1.net', home: 'visited1.net', label: 'P-CSCF#1', addresses: ['2001:db8:1::1'] },
  { id: S1, kind: 's-cscf', network: 'home1.net', home: 'home1.net', label: 'S-CSCF#1', addresses: ['2001:db8:11::2'] },
  { id: HSS1, kind: 'hss', network: 'home1.net', home: 'home1.net', label: 'HSS#1', addresses: ['2001:db8:11::3'] },
  { id: DNS, kind: 'dns-server', network: 'home1.net', home: 'home1.net', label: 'DNS', addresses: ['2001:db8:11::53'] },
  { id: I2, kind: 'i-cscf', network: 'home2.net', home: 'home2.net', label: 'I-CSCF#2', addresses: ['2001:db8:22::1'] },
  { id: HSS2, kind: 'hss', network: 'home2.net', home: 'home2.net', label: 'HSS#2', addresses: ['2001:db8:22::3'] },
  { id: S2, kind: 's-cscf', network: 'home2.net', home: 'home2.net', label: 'S-CSCF#2', addresses: ['2001:db8:22::2'] },
  { id: PS, kind: 'presence-server', network: 'home2.net', home: 'home2.net', label: 'PS', addresses: ['2001:db8:22::9'] },
  { id: P2, kind: 'p-cscf', network: 'home2.net', home: 'home2.net', label: 'P-CSCF#2', addresses: ['2001:db8:22::4'] },
  { id: UE2, kind: 'ue', network: 'home2.net', home: 'home2.net', label: 'UE#2', role: 'presentity', addresses: ['2001:db8:2::b'] },
];

export const FIXTURE_LINKS: readonly TraceLink[] = [
  { a: UE1, b: P1, referencePoint: 'Gm' },
  { a: P1, b: S1, referencePoint: 'Mw' },
  { a: S1, b: HSS1, referencePoint: 'Cx' },
  { a: S1, b: DNS, referencePoint: 'DNS' },
  { a: S1, b: I2, referencePoint: 'Mw' },
  { a: I2, b: HSS2, referencePoint: 'Cx' },
  { a: I2, b: S2, referencePoint: 'Mw' },
  { a: S2, b: HSS2, referencePoint: 'Cx' },
  { a: S2, b: PS, referencePoint: 'ISC' },
  { a: S2, b: P2, referencePoint: 'Mw' },
  { a: P2, b: UE2, referencePoint: 'Gm' },
  { a: S1, b: PS, referencePoint: 'Mw' },
];

export const NOTIFIER_TABLE: StateTable = {
  name: 'subscription (notifier)',
  states: ['init', 'pending', 'active', 'terminated'],
  initial: 'init',
  final: ['terminated'],
  rows: [
    { from: 'init', on: 'subscribe', guard: 'allowed', to: 'active', clause: 'RFC 6665 §4.2.1' },
    { from: ['pending', 'active'], on: 'unsubscribe', to: 'terminated', clause: 'RFC 6665 §4.2.1' },
    { from: 'active', on: 'expired', to: 'terminated' },
  ],
};
