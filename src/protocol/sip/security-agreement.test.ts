import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  chooseForClient,
  chooseForServer,
  differenceOfMechanisms,
  faultOfOffer,
  formatSecurityMechanism,
  parseSecurityMechanisms,
  type IpsecMechanism,
  type SecurityMechanism,
} from './security-agreement.ts';

// As in TS 24.141 A.4.2.1 and TS 24.229's flows.
const CLIENT = 'ipsec-3gpp; alg=hmac-sha-1-96; spi-c=23456789; spi-s=12345678; port-c=2468; port-s=1357';
const SERVER = 'ipsec-3gpp; q=0.1; alg=hmac-sha-1-96; spi-c=98765432; spi-s=87654321; port-c=8642; port-s=7531';

const read = (...values: string[]): SecurityMechanism[] => parseSecurityMechanisms(values) ?? [];
const ipsec = (value: string): IpsecMechanism => {
  const [mechanism] = read(value);
  if (mechanism?.kind !== 'ipsec-3gpp') throw new Error(value);
  return mechanism;
};

describe('a mechanism', () => {
  it('is read with its defaults and written as it came', () => {
    expect(ipsec(CLIENT)).toEqual({
      kind: 'ipsec-3gpp',
      alg: 'hmac-sha-1-96',
      prot: 'esp',
      mod: 'trans',
      ealg: 'null',
      spiC: 23456789,
      spiS: 12345678,
      portC: 2468,
      portS: 1357,
    });
    for (const text of [
      CLIENT,
      SERVER,
      'ipsec-3gpp; q=0.5; alg=aes-gmac; prot=ah; mod=tun; ealg=aes-cbc; spi-c=1; spi-s=4294967295; port-c=1; port-s=65535',
      'tls;q=0.2',
      'digest;d-alg=md5',
    ]) {
      expect(read(text).map(formatSecurityMechanism)).toEqual([text]);
    }
  });

  it('is read in any letter case and order', () => {
    expect(ipsec('IPSEC-3GPP;Port-S=1357;PORT-C=2468;spi-s=12345678;spi-c=23456789;ALG=HMAC-SHA-1-96;EALG=null')).toEqual(ipsec(CLIENT));
  });

  it.each([
    'ipsec-3gpp',
    CLIENT.replace('hmac-sha-1-96', '"a; b"'),
    'ipsec-3gpp; spi-c=1; spi-s=2; port-c=1; port-s=2',
    CLIENT.replace('23456789', '4294967296'),
    CLIENT.replace('2468', '65536'),
    CLIENT.replace('2468', '-1'),
    CLIENT.replace('spi-c=23456789', 'spi-c'),
    SERVER.replace('0.1', '1.1'),
    SERVER.replace('0.1', 'high'),
    '; alg=x',
    '',
  ])('is refused when malformed: %s', (text) => {
    expect(parseSecurityMechanisms([SERVER, text])).toBeUndefined();
  });

  it('comes through writing and reading whatever it says', () => {
    const word = fc.constantFrom('hmac-sha-1-96', 'null', 'aes-cbc', 'aes-gcm', 'esp', 'trans', 'x');
    const spi = fc.integer({ min: 0, max: 2 ** 32 - 1 });
    const port = fc.integer({ min: 0, max: 65535 });
    const arbitrary = fc.record({
      kind: fc.constant('ipsec-3gpp' as const),
      q: fc.constantFrom('0', '0.1', '0.999', '1', '1.000'),
      alg: word,
      prot: word,
      mod: word,
      ealg: word,
      spiC: spi,
      spiS: spi,
      portC: port,
      portS: port,
    });
    fc.assert(
      fc.property(arbitrary, (mechanism) => {
        expect(ipsec(formatSecurityMechanism(mechanism))).toEqual(mechanism);
      }),
    );
    fc.assert(fc.property(fc.array(fc.string()), (values) => void parseSecurityMechanisms(values)));
  });
});

describe('an offer', () => {
  it('cannot use the ports of SIP, one port or SPI twice, or two integrity guards at once', () => {
    expect(faultOfOffer(ipsec(CLIENT))).toBeUndefined();
    for (const [from, to] of [
      ['1357', '5060'],
      ['2468', '5061'],
      ['1357', '2468'],
      ['2468', '0'],
      ['12345678', '23456789'],
      ['spi-c', 'ealg=aes-gcm; spi-c'],
      ['spi-c', 'mod=tun; spi-c'],
      ['spi-c', 'prot=ah; spi-c'],
    ] as const) {
      expect(faultOfOffer(ipsec(CLIENT.replace(from, to))), to).toBeDefined();
    }
  });
});

describe('the choice', () => {
  const ealg = (name: string, text = CLIENT): string => text.replace('; spi-c', `; ealg=${name}; spi-c`);
  const CBC = { alg: 'hmac-sha-1-96', ealg: 'aes-cbc' };
  const PLAIN = { alg: 'hmac-sha-1-96', ealg: 'null' };
  const GMAC = { alg: 'aes-gmac', ealg: 'null' };

  it('of the P-CSCF follows its own list, not the order of the offers', () => {
    const offers = read(CLIENT, ealg('aes-cbc'));
    expect(chooseForServer([GMAC, CBC, PLAIN], offers)).toEqual({ algorithms: CBC, offer: offers[1] });
    expect(chooseForServer([PLAIN, CBC], offers)?.algorithms).toEqual(PLAIN);
    expect(chooseForServer([GMAC], offers)).toBeUndefined();
    expect(chooseForServer([PLAIN], read(CLIENT.replace('1357', '5060')))).toBeUndefined();
    expect(chooseForServer([PLAIN], read('tls'))).toBeUndefined();
  });

  it('of the UE takes the highest q that it supports, of equals the first', () => {
    const server = read(
      ealg('aes-cbc', SERVER),
      SERVER.replace('0.1', '0.3'),
      ealg('aes-gcm', SERVER.replace('hmac-sha-1-96', 'null').replace('0.1', '0.9')),
      ealg('aes-cbc', SERVER.replace('0.1', '0.3')),
    );
    expect(chooseForClient([CBC, PLAIN], server)).toBe(server[1]);
    expect(chooseForClient([CBC], server)).toBe(server[3]);
    expect(chooseForClient([GMAC], server)).toBeUndefined();
  });
});

describe('the comparison', () => {
  it('finds what was changed, taken out or put in on the way', () => {
    const sent = read(SERVER, 'tls;q=0.05');
    expect(differenceOfMechanisms(sent, read(SERVER, 'tls;q=0.05'))).toBeUndefined();
    expect(differenceOfMechanisms(sent, read('tls;q=0.05', SERVER.replace('ipsec-3gpp; q=0.1;', 'ipsec-3gpp;q=0.1;ealg=null;')))).toBeUndefined();
    expect(differenceOfMechanisms(sent, read(SERVER))).toBe('`tls;q=0.05` did not come back.');
    expect(differenceOfMechanisms(sent, read(SERVER.replace('7531', '7532'), 'tls;q=0.05'))).toMatch(/port-s=7532` was never sent/);
    expect(differenceOfMechanisms(read(SERVER), read(SERVER, SERVER))).toMatch(/was never sent/);
    expect(differenceOfMechanisms(read(SERVER), [])).toMatch(/did not come back/);
  });
});
