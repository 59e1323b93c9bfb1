/** A Diameter message as a tree: header, then AVPs with their names. */
import { decodeUtf8Strictly } from '#base/utf8.ts';
import { definitionOf, integerOf, numberOf, textOf, timeOf, VENDOR_3GPP, type Avp } from '#protocol/diameter/avp.ts';
import { ACCOUNTING_APPLICATION, CX_APPLICATION, labelOfDiameter, SH_APPLICATION } from '#protocol/diameter/command.ts';
import { parseDiameterMessage } from '#protocol/diameter/message.ts';
import { RESULT, resultOfCode } from '#protocol/diameter/result.ts';
import { formatIpAddress } from '#protocol/dns/ip-address.ts';
import type { Leaf } from './decoded.ts';

/** What the numbers of enumerated AVPs mean: TS 29.229 §6.3.15 and §6.3.24, RFC 6733 §9.8.1, TS 32.299 §7.2.177 and §7.2.35. */
const MEANINGS: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  'Auth-Session-State': { 0: 'state maintained', 1: 'no state maintained' },
  'User-Authorization-Type': { 0: 'registration', 1: 'de-registration', 2: 'registration and capabilities' },
  'Server-Assignment-Type': {
    0: 'no assignment',
    1: 'registration',
    2: 're-registration',
    3: 'unregistered user',
    4: 'timeout deregistration',
    5: 'user deregistration',
    8: 'administrative deregistration',
  },
  'Data-Reference': { 17: 'MSISDN' },
  'User-Data-Already-Available': { 0: 'not available', 1: 'already available' },
  'Accounting-Record-Type': { 1: 'event', 2: 'start', 3: 'interim', 4: 'stop' },
  'Subscription-Id-Type': { 0: 'telephone number', 1: 'IMSI', 2: 'SIP URI', 3: 'NAI', 4: 'private' },
  'Role-Of-Node': { 0: 'originating', 1: 'terminating', 2: 'forwarding' },
  'Node-Functionality': { 0: 'S-CSCF', 1: 'P-CSCF', 2: 'I-CSCF', 3: 'MRFC', 4: 'MGCF', 5: 'BGCF', 6: 'application server', 7: 'IBCF' },
  Originator: { 0: 'calling party', 1: 'called party' },
  'Cause-Code': { [-1]: 'successful transaction', [-2]: 'end of SUBSCRIBE dialog', [-3]: 'end of REGISTER dialog', 1: 'unspecified error' },
};
const EXPERIMENTAL = new Map<number, string>(
  Object.values(RESULT)
    .filter((result) => result.kind === 'experimental')
    .map(({ code, name }) => [code, name]),
);

const APPLICATIONS: Readonly<Record<number, string>> = {
  0: 'base protocol',
  [ACCOUNTING_APPLICATION]: 'base accounting',
  [CX_APPLICATION]: '3GPP Cx',
  [SH_APPLICATION]: '3GPP Sh',
};

export function decodeDiameter(bytes: Uint8Array): readonly Leaf[] {
  const parsed = parseDiameterMessage(bytes);
  const message = parsed.kind === 'diameter' ? parsed : parsed.header;
  const broken: Leaf[] = parsed.kind === 'diameter' ? [] : [{ name: 'Not readable', value: `${parsed.fault.replaceAll('-', ' ')}, at octet ${parsed.at}` }];
  if (message === undefined) return broken;
  const flags = [
    message.request ? 'request' : 'answer',
    ...(message.proxiable ? ['proxiable'] : []),
    ...(message.error ? ['error'] : []),
    ...(message.retransmitted ? ['retransmitted'] : []),
  ];
  const application = APPLICATIONS[message.application];
  return [
    ...broken,
    {
      name: 'Header',
      value: '',
      members: [
        { name: 'Command', value: `${message.command} (${labelOfDiameter(message)})` },
        { name: 'Flags', value: flags.join(', ') },
        { name: 'Application', value: `${message.application}${application === undefined ? '' : ` (${application})`}` },
        { name: 'Hop-by-Hop', value: hex32(message.hopByHop) },
        { name: 'End-to-End', value: hex32(message.endToEnd) },
      ],
    },
    ...message.avps.map(leafOf),
  ];
}

const hex32 = (value: number): string => `0x${value.toString(16).padStart(8, '0')}`;

function leafOf(avp: Avp): Leaf {
  const definition = definitionOf(avp.code, avp.vendor);
  const name = definition?.name ?? `AVP ${avp.code}${avp.vendor === undefined ? '' : ` of vendor ${avp.vendor}`}`;
  if (!(avp.data instanceof Uint8Array)) return { name, value: '', members: avp.data.map(leafOf) };
  const bytes = avp.data;
  switch (definition?.type) {
    case 'unsigned':
    case 'enumerated': {
      const number = numberOf(avp);
      return { name, value: number === undefined ? octets(bytes) : `${number}${meaning(name, number)}` };
    }
    case 'integer': {
      const number = integerOf(avp);
      return { name, value: number === undefined ? octets(bytes) : `${number}${meaning(name, number)}` };
    }
    case 'time': {
      const moment = timeOf(avp);
      return { name, value: moment === undefined ? octets(bytes) : new Date(moment).toISOString().replace('.000', '') };
    }
    case 'address':
      return { name, value: bytes.length > 2 ? formatIpAddress(bytes.subarray(2)) : octets(bytes) };
    case 'text':
      return { name, value: textOf(avp) ?? octets(bytes) };
    case 'octets':
    case 'grouped':
    case undefined:
      break;
  }
  const text = decodeUtf8Strictly(bytes);
  if (text === undefined || /[^\P{Cc}\r\n\t]/u.test(text)) return { name, value: octets(bytes) };
  return text.startsWith('<') ? { name, value: '', document: text } : { name, value: text };
}

function meaning(name: string, number: number): string {
  const text =
    name === 'Result-Code'
      ? resultOfCode(number).name
      : name === 'Experimental-Result-Code'
        ? EXPERIMENTAL.get(number)
        : name === 'Vendor-Id' || name === 'Supported-Vendor-Id'
          ? number === VENDOR_3GPP
            ? '3GPP'
            : undefined
          : name === 'Auth-Application-Id' || name === 'Acct-Application-Id'
            ? APPLICATIONS[number]
            : MEANINGS[name]?.[number];
  return text === undefined ? '' : ` (${text})`;
}

const octets = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
