/** Security gateways: what crosses a border between two of them is protected, and every ESP packet has a number of its own (RFC 4301, RFC 4303). */
import { readEspHeader } from '#protocol/ipsec/esp.ts';
import type { MessageRecord } from '#trace/record.ts';
import type { Rule } from './finding.ts';
import { rule } from './report.ts';

export const PROTECTED = rule(
  'protected',
  'Between two security gateways nothing travels in clear but the names of hosts and the talk of the gateways themselves.',
  'RFC 4301 §5.1',
  ({ trace, entities }, blame) => {
    for (const record of trace.records) {
      if (record.kind !== 'message' || entities.get(record.from)?.kind !== 'security-gateway' || entities.get(record.to)?.kind !== 'security-gateway') continue;
      if (record.protocol !== 'ESP' && record.protocol !== 'IKE' && record.protocol !== 'DNS') blame({ record }, 'crosses the border in clear');
    }
  },
);

export const ESP_NUMBERS = rule(
  'esp-number',
  'Under one SPI every ESP packet has a number of its own, and numbers grow.',
  'RFC 4303 §3.3.3',
  ({ trace }, blame) => {
    const highest = new Map<string, number>();
    for (const record of trace.records) {
      if (record.kind !== 'message' || record.protocol !== 'ESP') continue;
      const header = readEspHeader(record.bytes);
      if (header === undefined) {
        blame({ record }, 'is too short to be ESP');
        continue;
      }
      const key = `${record.from} ${header.spi}`;
      if (header.sequence <= (highest.get(key) ?? 0)) blame({ record }, `has the number ${header.sequence} after ${highest.get(key) ?? 0}`);
      highest.set(key, Math.max(header.sequence, highest.get(key) ?? 0));
    }
  },
);

export const PROTECTED_INSIDE = rule(
  'protected-inside',
  'Where a node and the gateway of its network have a tunnel between them, nothing else goes from one to the other in clear.',
  'RFC 4301 §5.2',
  ({ trace, entities }, blame) => {
    const between = trace.records.filter((record): record is MessageRecord => {
      if (record.kind !== 'message') return false;
      const kinds = [record.from, record.to].map((id) => entities.get(id)?.kind);
      return kinds.filter((kind) => kind === 'security-gateway').length === 1;
    });
    const guarded = new Set(between.filter(({ protocol }) => protocol === 'ESP').map(({ from, to }) => [from, to].sort().join(' ')));
    for (const record of between)
      if (record.protocol !== 'ESP' && record.protocol !== 'IKE' && guarded.has([record.from, record.to].sort().join(' '))) blame({ record }, 'goes in clear');
  },
);

export const GATEWAY_RULES: readonly Rule[] = [PROTECTED, PROTECTED_INSIDE, ESP_NUMBERS];
