import { describe, expect, it } from 'vitest';
import type { EntityKind, MessageRecord, TraceEntity, TraceLink } from './record.ts';
import { createLayerOf, withoutLayers, type Layer } from './layers.ts';

const entity = (id: string, kind: string, network = 'home.test'): TraceEntity => ({
  id,
  kind: kind as EntityKind,
  network,
  home: network,
  label: id,
  addresses: [],
});
const link = (a: string, b: string, referencePoint: string): TraceLink => ({ a, b, referencePoint });
const sent = (protocol: MessageRecord['protocol'], from: string, to: string): MessageRecord =>
  ({ kind: 'message', protocol, from, to }) as unknown as MessageRecord;

const network = {
  networks: [
    { domain: 'home.test', title: '', kind: 'home' as const },
    { domain: 'names.test', title: '', kind: 'outside' as const },
  ],
  entities: [
    entity('s', 's-cscf'),
    entity('p', 'p-cscf'),
    entity('hss', 'hss'),
    entity('cdf', 'charging-data-function'),
    entity('seg1', 'security-gateway'),
    entity('seg2', 'security-gateway'),
    entity('dns', 'dns-server', 'names.test'),
  ],
  links: [link('p', 's', 'Mw'), link('s', 'hss', 'Cx'), link('s', 'cdf', 'Rf'), link('s', 'seg1', 'Zb'), link('seg1', 'seg2', 'Za'), link('s', 'dns', 'DNS')],
};
const left = (hidden: readonly Layer[], records: readonly MessageRecord[] = []): readonly string[] => {
  const { networks, entities, links } = withoutLayers(network, records, new Set(hidden));
  return [...networks.map(({ domain }) => domain), ...entities.map(({ id }) => id), ...links.map(({ referencePoint }) => referencePoint)];
};

describe('layers', () => {
  it('tell charging from the other uses of Diameter, and take IKE and ESP together', () => {
    const layerOf = createLayerOf(network);
    expect(
      [sent('Diameter', 's', 'hss'), sent('Diameter', 'cdf', 's'), sent('IKE', 'seg1', 'seg2'), sent('ESP', 'seg1', 'seg2'), sent('SIP', 'p', 's')].map(
        layerOf,
      ),
    ).toEqual(['Diameter', 'Charging', 'Security', 'Security', 'SIP']);
  });

  it('leave the network as it is when none is hidden', () => expect(withoutLayers(network, [], new Set())).toBe(network));

  it('take their servers, their links and emptied networks with them, and nothing else', () => {
    expect(left(['DNS'])).toEqual(['home.test', 's', 'p', 'hss', 'cdf', 'seg1', 'seg2', 'Mw', 'Cx', 'Rf', 'Zb', 'Za']);
    expect(left(['Diameter'])).toEqual(['home.test', 'names.test', 's', 'p', 'cdf', 'seg1', 'seg2', 'dns', 'Mw', 'Rf', 'Zb', 'Za', 'DNS']);
    expect(left(['Charging', 'DNS', 'Diameter'])).toEqual(['home.test', 's', 'p', 'seg1', 'seg2', 'Mw', 'Zb', 'Za']);
  });

  it('keep the gateways, through which SIP goes, and a link that another layer uses too', () => {
    expect(left(['Security', 'DNS'])).toEqual(['home.test', 's', 'p', 'hss', 'cdf', 'seg1', 'seg2', 'Mw', 'Cx', 'Rf', 'Zb']);
    expect(left(['Security', 'DNS'], [sent('ESP', 'seg1', 'seg2'), sent('SIP', 'seg2', 'seg1')])).toContain('Za');
  });
});
