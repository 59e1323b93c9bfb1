import { describe, expect, it } from 'vitest';
import { AVP, findAvp, numberAvp, textAvp, timeAvp, timeOf, type Avp } from './avp.ts';
import { buildCapabilitiesExchangeRequest, readCapabilities, speaks } from './capabilities.ts';
import { ACCOUNTING_APPLICATION, CX_APPLICATION, labelOfDiameter } from './command.ts';
import { encodeDiameterMessage, parseDiameterMessage, type DiameterMessage } from './message.ts';
import { RESULT } from './result.ts';
import { REQUEST } from './rf.fixtures.ts';
import { buildAccountingAnswer, buildAccountingRequest, readAccountingAnswer, readAccountingRequest } from './rf.ts';

const overTheWire = (message: DiameterMessage): DiameterMessage => {
  const read = parseDiameterMessage(encodeDiameterMessage(message));
  if (read.kind !== 'diameter') throw new Error(read.fault);
  return read;
};

const CDF = { originHost: 'ccf1.visited1.net', originRealm: 'visited1.net' };
const acr = buildAccountingRequest(REQUEST);

const without = (code: number): DiameterMessage => ({ ...acr, avps: acr.avps.filter((avp) => avp.code !== code) });

describe('an accounting request', () => {
  it('says over the wire what was put into it', () => {
    expect(readAccountingRequest(overTheWire(acr))).toEqual({ kind: 'ACR', ...REQUEST });
    expect(acr).toMatchObject({ command: 271, application: ACCOUNTING_APPLICATION, request: true, proxiable: true });
    expect(labelOfDiameter(acr)).toBe('ACR');
  });

  it('begins with the Session-Id and keeps the order of TS 32.299 §6.2.2', () => {
    expect(acr.avps.map(({ code }) => code)).toEqual([263, 264, 296, 283, 480, 485, 259, 1, 293, 55, 461, 873]);
  });

  it('keeps the order of TS 32.299 §7.2.77 within IMS-Information', () => {
    const service = findAvp(acr.avps, AVP.serviceInformation)?.data as readonly Avp[];
    const ims = findAvp(service, AVP.imsInformation)?.data as readonly Avp[];
    expect(ims.map(({ code }) => code)).toEqual([823, 829, 862, 830, 831, 831, 832, 1251, 856, 833, 850, 838, 838, 841, 848, 603, 889, 861, 1263, 2708, 2713]);
  });

  it('leaves out what is not known', () => {
    const ims = {
      ...REQUEST.ims,
      callingParties: [],
      requestedParties: [],
      associatedUris: [],
      applicationServers: [],
      operators: [],
      bodies: [],
      accessNetworks: [],
    };
    const {
      event: _e,
      expires: _x,
      requestedAt: _r,
      answeredAt: _a,
      icid: _i,
      servedAddress: _s,
      capabilities: _c,
      causeCode: _q,
      from: _f,
      visitedNetwork: _v,
      calledParty: _p,
      ...bare
    } = ims;
    const request = { ...REQUEST, subscriptions: [], ims: bare };
    expect(readAccountingRequest(overTheWire(buildAccountingRequest(request)))).toEqual({ kind: 'ACR', ...request });
  });

  it.each([
    ['its record type is missing', without(480), RESULT.missingAvp, 'Accounting-Record-Type'],
    ['its service information is missing', without(873), RESULT.missingAvp, 'Service-Information'],
    [
      'its record type is none',
      { ...acr, avps: acr.avps.map((avp) => (avp.code === 480 ? numberAvp(AVP.accountingRecordType, 9) : avp)) },
      RESULT.invalidAvpValue,
      'Accounting-Record-Type',
    ],
    [
      'its IMS information does not say what kind of node it is of',
      {
        ...acr,
        avps: acr.avps.map((avp) =>
          avp.code === 873
            ? {
                ...avp,
                data: (avp.data as readonly Avp[]).map((member) => (member.code === 876 ? { ...member, data: [textAvp(AVP.fromAddress, 'x')] } : member)),
              }
            : avp,
        ),
      },
      RESULT.missingAvp,
      'Node-Functionality',
    ],
  ] as const)('is a fault when %s', (_, message, result, avp) => {
    expect(readAccountingRequest(message)).toMatchObject({ kind: 'cx-fault', result, avp });
  });

  it('is a fault when a member of a group must be understood and is not', () => {
    const strange: Avp = { code: 9999, vendor: 10415, mandatory: true, data: new Uint8Array(4) };
    const avps = acr.avps.map((avp) => (avp.code === 873 ? { ...avp, data: [...(avp.data as readonly Avp[]), strange] } : avp));
    expect(readAccountingRequest({ ...acr, avps })).toMatchObject({ kind: 'cx-fault', result: RESULT.avpUnsupported });
  });
});

describe('an accounting answer', () => {
  it('repeats session, record type and number', () => {
    const aca = overTheWire(buildAccountingAnswer(acr, CDF, RESULT.success));
    expect(readAccountingAnswer(aca)).toEqual({ kind: 'ACA', ...CDF, result: RESULT.success, recordType: 1, recordNumber: 0 });
    expect(aca.avps[0]).toEqual(findAvp(overTheWire(acr).avps, AVP.sessionId));
    expect(labelOfDiameter(aca)).toBe('ACA');
  });

  it('names the AVP that cannot be taken', () => {
    const fault = readAccountingRequest(without(485));
    if (fault.kind !== 'cx-fault') throw new Error('no fault');
    expect(findAvp(buildAccountingAnswer(acr, CDF, fault.result, fault.failed).avps, AVP.failedAvp)?.data).toHaveLength(1);
  });
});

it('counts time from 1900, in 32 bits that run over in 2036', () => {
  for (const moment of [Date.UTC(1970, 0, 1), Date.UTC(2026, 0, 5, 9), Date.UTC(2036, 1, 7, 6, 28, 16), Date.UTC(2040, 0, 1)]) {
    expect(timeOf(timeAvp(AVP.eventTimestamp, moment))).toBe(moment);
  }
  expect(timeAvp(AVP.eventTimestamp, 0).data).toEqual(Uint8Array.of(0x83, 0xaa, 0x7e, 0x80));
});

it('tells in the exchange of capabilities which application is spoken', () => {
  const own = { ...CDF, address: '192.0.2.1' };
  const charging = readCapabilities(buildCapabilitiesExchangeRequest({ ...own, application: ACCOUNTING_APPLICATION }));
  expect([speaks(charging, ACCOUNTING_APPLICATION), speaks(charging, CX_APPLICATION)]).toEqual([true, false]);
});
