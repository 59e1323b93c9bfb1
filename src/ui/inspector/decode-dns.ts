/** A DNS message as a tree: header, questions and the three sections of records. */
import { parseDnsMessage, rcodeName, type DnsRecord } from '#protocol/dns/message.ts';
import type { Leaf } from './decoded.ts';

export function decodeDns(bytes: Uint8Array): readonly Leaf[] {
  const message = parseDnsMessage(bytes);
  if (message.kind === 'dns-error') return [{ name: 'Not readable', value: `${message.fault.replaceAll('-', ' ')}, at octet ${message.at}` }];
  const flags = [
    ...(message.authoritative ? ['authoritative'] : []),
    ...(message.truncated ? ['truncated'] : []),
    ...(message.recursionDesired ? ['recursion desired'] : []),
    ...(message.recursionAvailable ? ['recursion available'] : []),
  ];
  const section = (name: string, records: readonly DnsRecord[]): Leaf[] => (records.length === 0 ? [] : [{ name, value: '', members: records.map(leafOf) }]);
  return [
    {
      name: 'Header',
      value: '',
      members: [
        { name: 'Identifier', value: `0x${message.id.toString(16).padStart(4, '0')}` },
        { name: 'Kind', value: message.response ? `response, ${rcodeName(message.rcode)}` : 'query' },
        { name: 'Flags', value: flags.length === 0 ? 'none' : flags.join(', ') },
      ],
    },
    { name: 'Question', value: '', members: message.questions.map(({ name, type }) => ({ name: type, value: name })) },
    ...section('Answer', message.answers),
    ...section('Authority', message.authority),
    ...section('Additional', message.additional),
  ];
}

function leafOf(record: DnsRecord): Leaf {
  const about = (value: string): Leaf => ({ name: record.type, value: `${record.name} → ${value}, for ${record.ttl} s` });
  switch (record.type) {
    case 'A':
    case 'AAAA':
      return about(record.address);
    case 'NS':
    case 'CNAME':
      return about(record.target);
    case 'SRV':
      return about(`${record.target} port ${record.port} (priority ${record.priority}, weight ${record.weight})`);
    case 'NAPTR':
      return about(
        `${record.replacement === '' ? record.regexp : record.replacement} (order ${record.order}, preference ${record.preference}, “${record.flags}”, ${record.service})`,
      );
    case 'SOA':
      return about(`${record.primary}, ${record.mailbox}, absence holds ${record.minimum} s`);
    case 'other':
      return { name: `TYPE${record.code}`, value: `${record.name}, ${record.content.length} octets` };
  }
}
