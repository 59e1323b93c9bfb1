/** What home networks, P-CSCFs and devices are told for authentication: keys and passwords, algorithms, and where a device differs from what is on record. */
import { fromHex, toHex } from '#base/bytes.ts';
import type { Subscription } from '#ims/hss/subscribers.ts';
import type { UeConfig } from '#ims/ue/config.ts';
import { deriveHa1 } from '#protocol/sip/digest.ts';
import type { Algorithms } from '#protocol/sip/security-agreement.ts';
import type { NetworkPlan, PlannedEntity, PlannedUser } from './plan.ts';
import type { NetworkRole } from './standings.ts';

/** What both sides can do unless a scenario says otherwise, strongest first (TS 33.203 §7.1). */
const ALGORITHMS = ['hmac-sha-1-96/aes-cbc', 'hmac-sha-1-96/null'];
/** Seconds. */
export const NONCE_LIFETIME = 3600;
/** Every byte of the keys of further subscribers. */
const FURTHER_KEY = 0x33;
const FURTHER_OPC = 0x44;
const FURTHER_SEQUENCE = 32;
/** A cell of each network: MCC, MNC, LAC and cell identity. The guest's is the one in the flows of 3GPP; the others are of the test network 001. */
const CELLS: Readonly<Record<NetworkRole, string>> = { visited1: '234151D0FCE11', home1: '001011D0FCE12', home2: '001022A3B5C61', outside: '001033E4F6071' };
const cellular = (network: NetworkRole): string => `3GPP-UTRAN-FDD;utran-cell-id-3gpp=${CELLS[network]}`;
/** SIP digest is not for accesses that 3GPP defines (TS 33.203 §N.1). */
const WIRELESS_LAN = 'IEEE-802.11;i-wlan-node-id=00147C2F5A10';

export function algorithmsOf(pairs: readonly string[] = ALGORITHMS): readonly Algorithms[] {
  return pairs.map((pair) => {
    const [alg = '', ealg = ''] = pair.split('/');
    return { alg, ealg };
  });
}

/** What the HSS knows the user by. */
export function recordedSecret(user: PlannedUser, domain: string): Subscription['secret'] {
  const k = fromHex(user.key);
  const opc = fromHex(user.opc);
  if (k === undefined || opc === undefined) throw new Error(`the keys of ${user.role} are not hexadecimal`);
  return user.password === undefined
    ? { kind: 'aka', keys: { k, opc } }
    : { kind: 'digest', realm: domain, ha1: deriveHa1(user.privateIdentity, domain, user.password) };
}

type DeviceConfig = Pick<UeConfig, 'secret' | 'algorithms' | 'privateIdentity' | 'publicIdentity' | 'accessNetwork'>;

/** What the device holds, can do and claims, in the network that serves it. */
export function deviceOf(plan: NetworkPlan, user: PlannedUser, network: NetworkRole): DeviceConfig {
  const { device = {} } = user.options;
  const { privateIdentityOf, publicIdentityOf } = device.claims ?? {};
  const home = plan.domains[user.homeRole];
  const identities = {
    privateIdentity: privateIdentityOf === undefined ? user.privateIdentity : privateIdentityFor(privateIdentityOf, home),
    publicIdentity: publicIdentityOf === undefined ? (user.publicIdentities[0] ?? '') : publicIdentityFor(publicIdentityOf, home),
  };
  const password = device.password ?? user.password;
  if (password !== undefined) return { ...identities, secret: { kind: 'password', password }, algorithms: [], accessNetwork: WIRELESS_LAN };
  const { key = user.key, opc = user.opc, sequence = user.sequence } = device;
  return { ...identities, secret: { kind: 'usim', key, opc, sequence }, algorithms: algorithmsOf(device.algorithms), accessNetwork: cellular(network) };
}

const privateIdentityFor = (name: string, home: string): string => `${name}_private@${home}`;
const publicIdentityFor = (name: string, home: string): string => `sip:${name}_public1@${home}`;

/** The USIM of a further subscriber, where its network has a crowd. */
export const deviceOfSubscriber = (name: string, home: string, network: NetworkRole): DeviceConfig => ({
  privateIdentity: privateIdentityFor(name, home),
  publicIdentity: publicIdentityFor(name, home),
  secret: { kind: 'usim', key: toHex(new Uint8Array(16).fill(FURTHER_KEY)), opc: toHex(new Uint8Array(16).fill(FURTHER_OPC)), sequence: FURTHER_SEQUENCE },
  algorithms: algorithmsOf(),
  accessNetwork: cellular(network),
});

/** Further subscribers: of their keys only a crowd knows. `criteria` lead watchers to the presence server. */
export function furtherSubscriptions(
  plan: NetworkPlan,
  { networkRole, scenarioRole }: PlannedEntity,
  criteria: Subscription['filterCriteria'],
): readonly Subscription[] {
  if (scenarioRole !== 'hss1' && scenarioRole !== 'hss2') return [];
  return (plan.options.subscribers ?? [])
    .filter(({ home }) => home === networkRole)
    .map(({ home, name, presence }) => {
      const domain = plan.domains[home];
      return {
        privateIdentity: privateIdentityFor(name, domain),
        publicIdentities: [{ identity: publicIdentityFor(name, domain), barred: false }],
        filterCriteria: presence === true ? criteria : [],
        secret: { kind: 'aka', keys: { k: new Uint8Array(16).fill(FURTHER_KEY), opc: new Uint8Array(16).fill(FURTHER_OPC) } },
        roamingAllowed: 'everywhere',
        mandatoryCapabilities: [],
        chargingCollection: `ccf1.${domain}`,
        sequence: FURTHER_SEQUENCE,
        serverName: undefined,
        state: 'not registered',
      };
    });
}
