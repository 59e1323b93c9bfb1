/** The principal network with a crowd: as many watchers in home1 and presentities in home2 as a measurement wants, all registered with AKA. */
import { fromHex } from '#base/bytes.ts';
import { createKeyedChance } from '#base/chance.ts';
import type { Machine } from '#base/machine.ts';
import { seconds, type SimTime } from '#base/time.ts';
import { Hss } from '#ims/hss/hss.ts';
import { Ue } from '#ims/ue/ue.ts';
import { buildEntities, presentityCriteria } from '#scenario/build.ts';
import { linkPolicy } from '#scenario/links.ts';
import { NO_PARTS } from '#scenario/parts.ts';
import { entityOf, planNetwork } from '#scenario/plan.ts';
import { createRecording, type Recording } from '#scenario/recorder.ts';
import { Kernel } from '#sim/kernel.ts';
import { LINK_PRESETS } from '#sim/links.ts';

const KEY = '5a1f0c3e7b924d68a0c1e2f3948576b1';
const OPC = '0f1e2d3c4b5a69788796a5b4c3d2e1f0';
const STARTS_AT = '2026-01-05T09:00:00Z';
const FOREVER = Number.MAX_SAFE_INTEGER;

export interface Crowd {
  readonly kernel: Kernel;
  readonly machines: ReadonlyMap<string, Machine>;
  readonly recording: Recording | undefined;
  /** Asks for something at that moment. */
  ask(at: SimTime, who: string, intent: { readonly kind: string; readonly [key: string]: string | number }): void;
}

/** `count` watchers `w0…` and presentities `p0…`; registered and published when this returns, and the clock stands behind the last of it. */
export function createCrowd(count: number, recorded: boolean): Crowd {
  const plan = planNetwork({});
  const machines = new Map(buildEntities(plan, 1, STARTS_AT, NO_PARTS));
  const addresses = new Map<string, string>();
  for (const entity of plan.entities.values()) addresses.set(entity.address, entity.id);
  const crowd = [
    ...userRows(count, 'w', 'home1', '2001:db8:a:1::', 'pcscf1', plan.domains.home1),
    ...userRows(count, 'p', 'home2', '2001:db8:2:1::', 'pcscf2', plan.domains.home2),
  ];
  for (const { hss, home } of [
    { hss: 'hss1', home: 'home1' },
    { hss: 'hss2', home: 'home2' },
  ] as const) {
    const entity = entityOf(plan, hss);
    const subscriptions = crowd.filter((one) => one.home === home).map((one) => one.subscription(home === 'home2' ? presentityCriteria(plan) : []));
    machines.set(entity.id, new Hss({ host: entity.id, domain: entity.network, address: entity.address, subscriptions }, createKeyedChance(1, entity.id)));
  }
  for (const one of crowd) {
    const proxy = entityOf(plan, one.proxy);
    machines.set(one.id, new Ue({ ...one.ue, proxy: { host: proxy.id, address: proxy.address } }, createKeyedChance(1, one.id)));
    addresses.set(one.address, one.id);
  }
  const recording = recorded ? createRecording(FOREVER) : undefined;
  const known = linkPolicy(plan, 0);
  const kernel = new Kernel({
    seed: 1,
    nodes: machines,
    addresses,
    links: (from, to) => (crowdId(from) || crowdId(to) ? LINK_PRESETS.access : known(from, to)),
    maxInputs: FOREVER,
    ...(recording === undefined ? {} : { observer: recording.observer }),
  });
  const ask: Crowd['ask'] = (at, who, intent) => kernel.schedule(at, who, { kind: 'intent', intent });
  for (let i = 0; i < count; i++) {
    ask((10_000 * i) as SimTime, `w${i}`, { kind: 'register' });
    ask((10_000 * i) as SimTime, `p${i}`, { kind: 'register' });
    ask((10_000 * i + seconds(20)) as SimTime, `p${i}`, { kind: 'publish', basic: 'open', note: 'At my desk', expires: 86_400 });
  }
  // What the setting-up leaves in the recording is dropped as it comes, so that it does not fill the memory.
  for (let at = 0; at <= 10_000 * count + seconds(400); at += 20_000) {
    kernel.runUntil(at as SimTime);
    if (recording !== undefined) recording.records.length = 0;
  }
  return { kernel, machines, recording, ask };
}

const crowdId = (id: string): boolean => /^[wp]\d+$/.test(id);

function userRows(count: number, prefix: 'w' | 'p', home: 'home1' | 'home2', network: string, proxy: 'pcscf1' | 'pcscf2', domain: string) {
  const k = fromHex(KEY) as Uint8Array;
  const opc = fromHex(OPC) as Uint8Array;
  return Array.from({ length: count }, (_, i) => {
    const id = `${prefix}${i}`;
    const address = `${network}${(i + 1).toString(16)}`.replace(/:([0-9a-f]{1,4})([0-9a-f]{4})$/, ':$1:$2');
    const publicIdentity = `sip:${id}_public@${domain}`;
    const privateIdentity = `${id}_private@${domain}`;
    return {
      id,
      home,
      proxy,
      address,
      ue: {
        id,
        address,
        displayName: id,
        privateIdentity,
        publicIdentity,
        homeDomain: domain,
        secret: { kind: 'usim' as const, key: KEY, opc: OPC, sequence: 32 },
        algorithms: [{ alg: 'hmac-sha-1-96', ealg: 'aes-cbc' }],
        clientPort: 2468,
        serverPort: 1357,
        accessNetwork: '3GPP-UTRAN-FDD;utran-cell-id-3gpp=234151D0FCE11',
        startsAt: STARTS_AT,
      },
      subscription: (filterCriteria: ReturnType<typeof presentityCriteria>) => ({
        privateIdentity,
        publicIdentities: [{ identity: publicIdentity, barred: false }],
        filterCriteria,
        secret: { kind: 'aka' as const, keys: { k, opc } },
        roamingAllowed: 'everywhere' as const,
        mandatoryCapabilities: [],
        chargingCollection: `ccf1.${domain}`,
        sequence: 32,
        serverName: undefined,
        state: 'not registered' as const,
      }),
    };
  });
}
