/**
 * Who may stand where in the simulated networks, and which reference points join them. Names are those of TS 24.141 A.2, addresses of the documentation
 * ranges RFC 3849 and RFC 5737. An entity marked optional stands there only when a scenario asks for it by `network.with`.
 */
import type { EntityKind } from '#trace/record.ts';
import type { Role } from './scenario.ts';

/** `outside`: a domain that is no PLMN, such as that of a foreign XMPP server. It is there when one of its entities is. */
export type NetworkRole = 'visited1' | 'home1' | 'home2' | 'outside';
export const NETWORK_ROLES: readonly NetworkRole[] = ['visited1', 'home1', 'home2', 'outside'];

export interface Standing {
  readonly network: NetworkRole;
  readonly kind: EntityKind;
  readonly label: string;
  readonly host: string;
  /** Its host part of the address. */
  readonly number: number;
  /** Stands there only when the scenario's `network.with` names it. */
  readonly optional?: true;
}

export const STANDINGS: Readonly<Record<Role, Standing>> = {
  ue1: { network: 'visited1', kind: 'ue', label: 'UE#1', host: '', number: 0x65 },
  pcscf1: { network: 'visited1', kind: 'p-cscf', label: 'P-CSCF#1', host: 'pcscf1', number: 0x10 },
  dns0: { network: 'visited1', kind: 'dns-server', label: 'DNS visited', host: 'dns', number: 0x53 },
  icscf1: { network: 'home1', kind: 'i-cscf', label: 'I-CSCF#1', host: 'icscf1-p', number: 0x20 },
  scscf1: { network: 'home1', kind: 's-cscf', label: 'S-CSCF#1', host: 'scscf1', number: 0x30 },
  hss1: { network: 'home1', kind: 'hss', label: 'HSS#1', host: 'hss1', number: 0x40 },
  dns1: { network: 'home1', kind: 'dns-server', label: 'DNS#1', host: 'dns', number: 0x53 },
  icscf2: { network: 'home2', kind: 'i-cscf', label: 'I-CSCF#2', host: 'icscf2-s', number: 0x20 },
  hss2: { network: 'home2', kind: 'hss', label: 'HSS#2', host: 'hss2', number: 0x40 },
  dns2: { network: 'home2', kind: 'dns-server', label: 'DNS#2', host: 'dns', number: 0x53 },
  scscf2: { network: 'home2', kind: 's-cscf', label: 'S-CSCF#2', host: 'scscf2', number: 0x30 },
  ps: { network: 'home2', kind: 'presence-server', label: 'PS', host: 'ps', number: 0x50 },
  pcscf2: { network: 'home2', kind: 'p-cscf', label: 'P-CSCF#2', host: 'pcscf2', number: 0x11 },
  cdf0: { network: 'visited1', kind: 'charging-data-function', label: 'CDF visited', host: 'ccf1', number: 0x70, optional: true },
  cdf1: { network: 'home1', kind: 'charging-data-function', label: 'CDF#1', host: 'ccf1', number: 0x70, optional: true },
  cdf2: { network: 'home2', kind: 'charging-data-function', label: 'CDF#2', host: 'ccf1', number: 0x70, optional: true },
  ue2: { network: 'home2', kind: 'ue', label: 'UE#2', host: '', number: 0x66 },
  seg0: { network: 'visited1', kind: 'security-gateway', label: 'SEG visited', host: 'seg', number: 0x72, optional: true },
  seg1: { network: 'home1', kind: 'security-gateway', label: 'SEG#1', host: 'seg1', number: 0x72, optional: true },
  seg2: { network: 'home2', kind: 'security-gateway', label: 'SEG#2', host: 'seg2', number: 0x72, optional: true },
  ibcf1: { network: 'home1', kind: 'ibcf', label: 'IBCF#1', host: 'ibcf1', number: 0x60, optional: true },
  ibcf2: { network: 'home2', kind: 'ibcf', label: 'IBCF#2', host: 'ibcf2', number: 0x60, optional: true },
  enum1: { network: 'home1', kind: 'dns-server', label: 'ENUM', host: 'enum', number: 0x54, optional: true },
  icscf2b: { network: 'home2', kind: 'i-cscf', label: 'I-CSCF#2b', host: 'icscf2b-s', number: 0x21, optional: true },
  icscf2c: { network: 'home2', kind: 'i-cscf', label: 'I-CSCF#2c', host: 'icscf2c-s', number: 0x22, optional: true },
  scscf2b: { network: 'home2', kind: 's-cscf', label: 'S-CSCF#2b', host: 'scscf2b', number: 0x31, optional: true },
  psi: { network: 'home2', kind: 'presence-server', label: 'AS', host: 'presence-info', number: 0x51, optional: true },
  slf2: { network: 'home2', kind: 'slf', label: 'SLF', host: 'slf', number: 0x42, optional: true },
  hss2b: { network: 'home2', kind: 'hss', label: 'HSS#2b', host: 'hss2b', number: 0x41, optional: true },
  xdms: { network: 'home2', kind: 'xdms', label: 'XDMS', host: 'xdms', number: 0x88, optional: true },
  pna: { network: 'home2', kind: 'network-agent', label: 'PNA', host: 'pna', number: 0x59, optional: true },
  msc2: { network: 'home2', kind: 'msc', label: 'MSC', host: 'msc', number: 0x90, optional: true },
  sgsn2: { network: 'home2', kind: 'sgsn', label: 'SGSN', host: 'sgsn', number: 0x91, optional: true },
  ggsn2: { network: 'home2', kind: 'ggsn', label: 'GGSN', host: 'ggsn', number: 0x92, optional: true },
  gmlc2: { network: 'home2', kind: 'gmlc', label: 'GMLC', host: 'gmlc', number: 0x93, optional: true },
  xdms1: { network: 'home1', kind: 'xdms', label: 'XDMS#1', host: 'xdms', number: 0x88, optional: true },
  // A domain outside has its name server when anybody else stands there.
  dns3: { network: 'outside', kind: 'dns-server', label: 'DNS outside', host: 'dns', number: 11, optional: true },
  ext: { network: 'outside', kind: 'external-watcher', label: 'SIP agent', host: 'agent', number: 20, optional: true },
  pea: { network: 'outside', kind: 'external-agent', label: 'PEA', host: 'pea', number: 40, optional: true },
  cal: { network: 'outside', kind: 'calendar-server', label: 'Calendar', host: 'calendar', number: 45, optional: true },
  xmpp: { network: 'outside', kind: 'xmpp-server', label: 'XMPP server', host: 'xmpp', number: 30, optional: true },
  wgw1: { network: 'home1', kind: 'watcher-gateway', label: 'Gateway#1', host: 'gateway', number: 0x7a, optional: true },
  wgw2: { network: 'home2', kind: 'watcher-gateway', label: 'Gateway#2', host: 'gateway', number: 0x7a, optional: true },
  rls1: { network: 'home1', kind: 'list-server', label: 'RLS#1', host: 'rls', number: 0x52, optional: true },
  rls2: { network: 'home2', kind: 'list-server', label: 'RLS#2', host: 'rls', number: 0x52, optional: true },
  // Where each of two networks watches the other: the presence server of the watcher's network, and more users of either, a UE each, drawn as one.
  ps1: { network: 'home1', kind: 'presence-server', label: 'PS#1', host: 'ps', number: 0x50, optional: true },
  crowd1: { network: 'visited1', kind: 'ue', label: 'UEs#1', host: '', number: 0xa0, optional: true },
  crowd2: { network: 'home2', kind: 'ue', label: 'UEs#2', host: '', number: 0xa0, optional: true },
  // Experiments: each tells one NOTIFY on to all watchers of its network.
  nd1: { network: 'home1', kind: 'list-server', label: 'Distributor#1', host: 'nd', number: 0x56, optional: true },
  nd2: { network: 'home2', kind: 'list-server', label: 'Distributor#2', host: 'nd', number: 0x56, optional: true },
  cs2: { network: 'home2', kind: 'content-server', label: 'Content', host: 'content', number: 0x58, optional: true },
};

/** What the number of an entity is appended to; `outside` takes decimal numbers from 10 to 55, so that it fits above the visited network. */
export const PREFIXES = {
  ipv6: { visited1: '2001:db8:a::', home1: '2001:db8:1::', home2: '2001:db8:2::', outside: '2001:db8:f::' },
  ipv4: { visited1: '192.0.2.', home1: '198.51.100.', home2: '203.0.113.', outside: '192.0.2.2' },
} as const;

/** The border node of a network, when it stands there: what crosses the border goes through it. */
export const BORDER_NODES: Readonly<Partial<Record<NetworkRole, Role>>> = { home1: 'ibcf1', home2: 'ibcf2' };
/** The addresses of each network. The closest prefix counts: what is outside lies within the range of the visited network in IPv4. */
export const SUBNETS = {
  ipv6: { visited1: '2001:db8:a::/48', home1: '2001:db8:1::/48', home2: '2001:db8:2::/48', outside: '2001:db8:f::/48' },
  ipv4: { visited1: '192.0.2.0/24', home1: '198.51.100.0/24', home2: '203.0.113.0/24', outside: '192.0.2.192/26' },
} as const;

/** The security gateway of a network, when it stands there: every packet that crosses the border goes through it. */
export const SECURITY_GATEWAYS: Readonly<Partial<Record<NetworkRole, Role>>> = { visited1: 'seg0', home1: 'seg1', home2: 'seg2' };

/** Reference points of the IMS (TS 23.228) by role; `Pw` is the watcher's reference point to the presence server (TS 23.141 §5.3.4). With a fourth role: only where that one stands. */
export const LINKS: readonly (readonly [Role, Role, string, Role?])[] = [
  ['ue1', 'pcscf1', 'Gm'],
  ['pcscf1', 'icscf1', 'Mw'],
  ['pcscf1', 'scscf1', 'Mw'],
  ['icscf1', 'scscf1', 'Mw'],
  ['icscf1', 'hss1', 'Cx'],
  ['scscf1', 'hss1', 'Cx'],
  ['scscf1', 'icscf2', 'Mw'],
  ['icscf2', 'hss2', 'Cx'],
  ['icscf2', 'scscf2', 'Mw'],
  ['scscf2', 'hss2', 'Cx'],
  ['scscf2', 'ps', 'ISC'],
  ['ps', 'scscf1', 'Pw'],
  ['pcscf2', 'icscf2', 'Mw'],
  ['pcscf2', 'scscf2', 'Mw'],
  ['ue2', 'pcscf2', 'Gm'],
  ['pcscf1', 'dns0', 'DNS'],
  ['icscf1', 'dns1', 'DNS'],
  ['scscf1', 'dns1', 'DNS'],
  ['icscf2', 'dns2', 'DNS'],
  ['scscf2', 'dns2', 'DNS'],
  ['pcscf2', 'dns2', 'DNS'],
  ['ps', 'dns2', 'DNS'],
  ['pcscf1', 'ibcf1', 'Mx'],
  ['ibcf1', 'icscf1', 'Mx'],
  ['ibcf1', 'scscf1', 'Mx'],
  ['ibcf1', 'ibcf2', 'Ici'],
  ['ibcf1', 'icscf2', 'Mx'],
  ['ibcf1', 'scscf2', 'Mx'],
  ['ibcf1', 'ps', 'Mx'],
  ['ibcf2', 'scscf1', 'Mx'],
  ['ibcf2', 'pcscf1', 'Mx'],
  ['ibcf2', 'icscf2', 'Mx'],
  ['ibcf2', 'scscf2', 'Mx'],
  ['ibcf2', 'ps', 'Mx'],
  ['ibcf1', 'dns1', 'DNS'],
  ['ibcf2', 'dns2', 'DNS'],
  ['dns0', 'dns1', 'DNS'],
  ['dns1', 'dns2', 'DNS'],
  ['dns1', 'enum1', 'DNS'],
  ...(['icscf2b', 'icscf2c'] as const).flatMap((entry): (readonly [Role, Role, string])[] => [
    ['scscf1', entry, 'Mw'],
    ['pcscf2', entry, 'Mw'],
    [entry, 'scscf2', 'Mw'],
    [entry, 'hss2', 'Cx'],
    [entry, 'dns2', 'DNS'],
    [entry, 'cdf2', 'Rf'],
  ]),
  ['icscf2', 'scscf2b', 'Mw'],
  ['pcscf2', 'scscf2b', 'Mw'],
  ['scscf1', 'scscf2b', 'Mw'],
  ['scscf2b', 'hss2', 'Cx'],
  ['scscf2b', 'ps', 'ISC'],
  ['scscf2b', 'dns2', 'DNS'],
  ['icscf2', 'psi', 'Ma'],
  ['scscf2', 'psi', 'ISC'],
  ['psi', 'scscf1', 'Pw'],
  ['psi', 'dns2', 'DNS'],
  ['icscf2', 'slf2', 'Dx'],
  ['scscf2', 'slf2', 'Dx'],
  ['icscf2', 'hss2b', 'Cx'],
  ['scscf2', 'hss2b', 'Cx'],
  ['ext', 'icscf2', 'SIP'],
  ['ps', 'ext', 'SIP'],
  ['xmpp', 'wgw1', 'XMPP'],
  ['xmpp', 'wgw2', 'XMPP'],
  ['scscf1', 'wgw1', 'Mw'],
  ['wgw2', 'icscf2', 'Mw'],
  ['ps', 'wgw2', 'Pw'],
  ['ext', 'dns3', 'DNS'],
  ['xmpp', 'dns3', 'DNS'],
  ['wgw1', 'dns1', 'DNS'],
  ['wgw2', 'dns2', 'DNS'],
  ['dns1', 'dns3', 'DNS'],
  ['dns2', 'dns3', 'DNS'],
  ['ue2', 'xdms', 'Ut'],
  ['ps', 'xdms', 'XCAP'],
  ['ue1', 'xdms1', 'Ut'],
  ['rls1', 'xdms1', 'XCAP'],
  ['xdms1', 'dns1', 'DNS'],
  ['xdms1', 'cdf1', 'Rf'],
  ['xdms', 'dns2', 'DNS'],
  ['xdms', 'cdf2', 'Rf'],
  ['pcscf1', 'cdf0', 'Rf'],
  ['icscf1', 'cdf1', 'Rf'],
  ['scscf1', 'cdf1', 'Rf'],
  ['icscf2', 'cdf2', 'Rf'],
  ['scscf2', 'cdf2', 'Rf'],
  ['ps', 'cdf2', 'Rf'],
  ['pcscf2', 'cdf2', 'Rf'],
  ['scscf2b', 'cdf2', 'Rf'],
  ['psi', 'cdf2', 'Rf'],
  ['scscf1', 'rls1', 'ISC'],
  ['rls1', 'dns1', 'DNS'],
  ['rls1', 'cdf1', 'Rf'],
  ['icscf2', 'rls2', 'Ma'],
  ['rls2', 'scscf1', 'Pw'],
  ['ps', 'rls2', 'Pw'],
  ['rls2', 'dns2', 'DNS'],
  ['rls2', 'cdf2', 'Rf'],
  ['ue1', 'cs2', 'Pw'],
  ['ps', 'cs2', 'HTTP'],
  ['scscf2', 'pna', 'Pi'],
  ['pna', 'ps', 'Pen'],
  ['hss2', 'pna', 'Ph'],
  ['msc2', 'pna', 'Pc'],
  ['sgsn2', 'pna', 'Pg'],
  ['ggsn2', 'pna', 'Pk'],
  ['gmlc2', 'pna', 'Pl'],
  ['pna', 'dns2', 'DNS'],
  ['pna', 'cdf2', 'Rf'],
  ['crowd1', 'pcscf1', 'Gm'],
  ['crowd2', 'pcscf2', 'Gm'],
  ['scscf2', 'icscf1', 'Mw', 'ps1'],
  ['scscf1', 'ps1', 'ISC'],
  ['ps1', 'scscf2', 'Pw'],
  ['ps1', 'dns1', 'DNS'],
  ['ps1', 'cdf1', 'Rf'],
  ['icscf1', 'rls1', 'Ma', 'ps1'],
  ['rls1', 'scscf2', 'Pw', 'ps1'],
  ['ps1', 'rls1', 'Pw'],
  ['pea', 'icscf2', 'Pex'],
  ['pea', 'ibcf2', 'Pex'],
  ['pea', 'cal', 'HTTP'],
  ['pea', 'dns3', 'DNS'],
  ['scscf1', 'nd1', 'ISC'],
  ['nd1', 'icscf2', 'Mw'],
  ['nd1', 'ps', 'Pw'],
  ['nd1', 'dns1', 'DNS'],
  ['nd1', 'cdf1', 'Rf'],
  ['scscf2', 'nd2', 'ISC'],
  ['nd2', 'icscf1', 'Mw'],
  ['nd2', 'ps1', 'Pw'],
  ['nd2', 'dns2', 'DNS'],
  ['nd2', 'cdf2', 'Rf'],
];

/** The name server of each network. */
export const NAME_SERVERS: Readonly<Partial<Record<NetworkRole, Role>>> = { visited1: 'dns0', home1: 'dns1', home2: 'dns2', outside: 'dns3' };

/** The charging data function of each network, where `network.charging` is on. */
export const CHARGING_FUNCTIONS: Readonly<Partial<Record<NetworkRole, Role>>> = { visited1: 'cdf0', home1: 'cdf1', home2: 'cdf2' };

/** Who takes the place of an entity of the visited network when the watcher is at home. */
export const AT_HOME: Readonly<Partial<Record<Role, Role>>> = { dns0: 'dns1', cdf0: 'cdf1' };
