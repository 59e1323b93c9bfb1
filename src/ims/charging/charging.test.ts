/** The charging trigger function and the charging data function, each by itself and against the other. */
import { describe, expect, it } from 'vitest';
import { createKeyedChance } from '#base/chance.ts';
import type { Effect, SendEffect } from '#base/machine.ts';
import { after, seconds, START, type SimTime } from '#base/time.ts';
import { AVP, findAvp } from '#protocol/diameter/avp.ts';
import { encodeDiameterMessage, parseDiameterMessage, type DiameterMessage } from '#protocol/diameter/message.ts';
import { RESULT, resultOf } from '#protocol/diameter/result.ts';
import { NODE_FUNCTIONALITY, ROLE_OF_NODE } from '#protocol/diameter/rf-information.ts';
import { readAccountingRequest, RECORD_TYPE, type AccountingRequest } from '#protocol/diameter/rf.ts';
import { createRequest, createResponse, type SipRequest } from '#protocol/sip/message.ts';
import { Cdf } from './cdf.ts';
import { causeCodeOf, statusOfCause } from './chargeable.ts';
import { ChargingTrigger } from './charging-trigger.ts';

const STARTS_AT = '2026-01-05T09:00:00Z';
const NODE = { host: 'scscf1.home1.net', domain: 'home1.net', address: '2001:db8:1::30' };
const CDF = { host: 'ccf1.home1.net', domain: 'home1.net', address: '2001:db8:1::60', startsAt: STARTS_AT };
const at = (s: number): SimTime => after(START, seconds(s));
const EMPTY = new Uint8Array(0);

type Out = { readonly request: SipRequest; readonly server: object | undefined };

const sends = (effects: readonly Effect[]): SendEffect[] => effects.filter((one): one is SendEffect => one.kind === 'send');
const labels = (effects: readonly Effect[]): string[] => sends(effects).map(({ label }) => label);
const parsed = ({ bytes }: SendEffect): DiameterMessage => {
  const message = parseDiameterMessage(bytes);
  if (message.kind !== 'diameter') throw new Error(message.fault);
  return message;
};
const acrOf = (effects: readonly Effect[]): AccountingRequest => {
  const sent = sends(effects).find(({ label }) => label === 'ACR');
  const request = sent === undefined ? undefined : readAccountingRequest(parsed(sent));
  if (request?.kind !== 'ACR') throw new Error(`no ACR in ${labels(effects).join(', ')}`);
  return request;
};

const request = (method: string, ...headers: readonly (readonly [string, string])[]): SipRequest =>
  createRequest(
    method,
    'sip:user2_public1@home2.net',
    [['From', '<sip:a@home1.net>;tag=1'], ['To', '<sip:user2_public1@home2.net>'], ['Call-ID', 'c1'], ['CSeq', `1 ${method}`], ...headers],
    EMPTY,
  );

/** A node and a charging data function with a wire between them. */
function createPair() {
  const node = new ChargingTrigger<Out>(
    NODE,
    { cdf: { host: CDF.host, endpoint: { address: CDF.address, port: 3868 } }, functionality: NODE_FUNCTIONALITY.sCscf, startsAt: STARTS_AT },
    createKeyedChance(1, NODE.host),
  );
  const cdf = new Cdf(CDF, createKeyedChance(1, CDF.host));
  const seen: Effect[] = [];
  /** Carries everything to and fro at one moment, until nobody says anything more. */
  const carry = (effects: readonly Effect[], now: SimTime): void => {
    seen.push(...effects);
    for (const { bytes, local, remote } of sends(effects)) {
      const input = { kind: 'bytes', bytes, transport: 'sctp', local: remote, remote: local, connection: 'c' } as const;
      if (remote.address === CDF.address) carry(cdf.step(input, now), now);
      else {
        const out: Effect[] = [];
        node.receive(input, now, out);
        carry(out, now);
      }
    }
  };
  const charge = (method: string, status: number, now: SimTime, ...headers: readonly (readonly [string, string])[]): Effect[] => {
    const out: Effect[] = [];
    const asked = request(method, ['P-Charging-Vector', 'icid-value="icid-1";orig-ioi=home1.net'], ...headers);
    const server = { request: asked, arrivedAt: now };
    node.answered(server, createResponse(asked, status), () => ({ role: ROLE_OF_NODE.originating }), now, out);
    return out;
  };
  const records = (): readonly Extract<Effect, { kind: 'record' }>[] => seen.filter((one) => one.kind === 'record');
  const notes = (): readonly string[] =>
    seen.flatMap((one) => (one.kind === 'note' ? [one.note.reason] : one.kind === 'send' ? one.notes.map(({ reason }) => reason) : []));
  return { node, cdf, carry, charge, seen, records, notes };
}

describe('cause codes (TS 32.299 §7.2.35)', () => {
  it.each([
    ['a 200', 'PUBLISH', 200, [], -1],
    ['the older 202', 'SUBSCRIBE', 202, [['Expires', '600']], -202],
    ['the end of a subscription', 'SUBSCRIBE', 200, [['Expires', '0']], -2],
    ['the end of a subscription, answered as of old', 'SUBSCRIBE', 202, [['Expires', '0']], -2],
    ['the end of a registration', 'REGISTER', 200, [['Contact', '<sip:x@[2001:db8::1]>;expires=0']], -3],
    ['a registration', 'REGISTER', 200, [['Contact', '<sip:x@[2001:db8::1]>;expires=600']], -1],
    ['a redirection', 'SUBSCRIBE', 302, [], -302],
    ['a refusal of the end', 'SUBSCRIBE', 481, [['Expires', '0']], 481],
    ['a failure', 'PUBLISH', 503, [], 503],
    ['a decline', 'SUBSCRIBE', 603, [], 603],
    ['silence', 'NOTIFY', undefined, [], 408],
  ] as const)('%s', (_, method, status, headers, cause) => {
    expect(causeCodeOf(request(method, ...headers), status)).toBe(cause);
  });

  it('tell the status again, where they have one', () => {
    expect([-1, -2, -3, -202, -302, 403, 1].map(statusOfCause)).toEqual([200, 200, 200, 202, 302, 403, undefined]);
  });
});

describe('a charging trigger function', () => {
  it('tells of an answered transaction, and the charging data function writes one record', () => {
    const { carry, charge, records } = createPair();
    carry(charge('SUBSCRIBE', 200, at(10), ['Event', 'presence'], ['Expires', '600']), at(10));
    expect(records().map(({ title }) => title)).toEqual(['S-CSCF CDR']);
    const fields = new Map(records()[0]?.fields.map(({ name, value }) => [name, value]));
    expect(Object.fromEntries(fields)).toMatchObject({
      'SIP Method': 'SUBSCRIBE',
      Event: 'presence',
      'Expires Information': '600',
      'Node Address': NODE.host,
      'List of Calling Party Address': 'unknown',
      'IMS Charging Identifier': 'icid-1',
      'Inter Operator Identifiers': 'home1.net → –',
      'Service Reason Return Code': '200',
      'Service Request Time Stamp': '2026-01-05T09:00:10Z',
      'Local Record Sequence Number': '1',
    });
  });

  it('charges no session, no provisional answer and no challenge', () => {
    const { charge } = createPair();
    for (const [method, status] of [
      ['INVITE', 200],
      ['OPTIONS', 200],
      ['REGISTER', 401],
      ['SUBSCRIBE', 407],
      ['SUBSCRIBE', 100],
    ] as const)
      expect(charge(method, status, at(1))).toEqual([]);
  });

  it('charges an own request that nobody answered', () => {
    const { node, carry, records } = createPair();
    const own = { request: request('NOTIFY', ['P-Charging-Vector', 'icid-value="icid-2"']), server: undefined };
    node.sending(own, at(1));
    const out: Effect[] = [];
    node.ownEnded(own, undefined, () => ({ role: ROLE_OF_NODE.originating }), at(33), out);
    carry(out, at(33));
    expect(records()[0]?.fields).toContainEqual({ name: 'Service Reason Return Code', value: '408' });
    expect(records()[0]?.fields).toContainEqual({ name: 'Cause For Record Closing', value: 'service delivery was not successful' });
  });

  it('does not believe what a UE says of charging, and gives a refused request a number of its own', () => {
    const { node, carry, records } = createPair();
    const asked = request('SUBSCRIBE', ['P-Charging-Vector', 'icid-value="forged";orig-ioi=elsewhere.example']);
    const out: Effect[] = [];
    node.answered({ request: asked, arrivedAt: at(1) }, createResponse(asked, 403), () => ({ role: ROLE_OF_NODE.originating, fromUe: true }), at(1), out);
    carry(out, at(1));
    const fields = records()[0]?.fields ?? [];
    expect(fields.find(({ name }) => name === 'IMS Charging Identifier')?.value).toMatch(/^scscf1-\w{10}$/);
    expect(fields.some(({ value }) => value.includes('elsewhere'))).toBe(false);
  });

  it('repeats with the T bit, keeps after three times, tries every 30 s, and sends all in order when it is answered', () => {
    const { node, cdf, carry, charge, seen, records, notes } = createPair();
    carry(charge('PUBLISH', 200, at(1)), at(1));
    carry(cdf.step({ kind: 'intent', intent: { kind: 'fall-silent' } }, at(2)), at(2));
    seen.length = 0;
    carry(charge('SUBSCRIBE', 200, at(10)), at(10));
    const wake = (now: SimTime): void => {
      const out: Effect[] = [];
      node.fire(now, out);
      carry(out, now);
    };
    for (const s of [16, 22, 28]) {
      expect(node.deadline()).toBe(at(s));
      wake(at(s));
    }
    const repeated = sends(seen).map(parsed);
    expect(repeated.map(({ retransmitted }) => retransmitted)).toEqual([false, true, true]);
    expect(new Set(repeated.map(({ endToEnd }) => endToEnd)).size).toBe(1);
    expect(node.viewStates()[0]?.state).toBe('keeping');
    // What happens meanwhile goes to the others that are kept.
    expect(labels(charge('NOTIFY', 200, at(30)))).toEqual([]);
    expect(node.view().rows).toEqual([[CDF.host, 'is silent', '3', '2']]);
    wake(at(58));
    wake(at(64));
    expect(node.view().rows[0]?.[3]).toBe('2');
    carry(cdf.step({ kind: 'intent', intent: { kind: 'speak-again' } }, at(70)), at(70));
    seen.length = 0;
    wake(at(94));
    expect(node.view().rows).toEqual([[CDF.host, 'takes them', '3', '0']]);
    expect(records().map(({ fields }) => fields.find(({ name }) => name === 'SIP Method')?.value)).toEqual(['SUBSCRIBE', 'NOTIFY']);
    // TS 32.260 §6.1.3.3: a record says when it comes from a repeated request.
    expect(records().map(({ fields }) => fields.some(({ name }) => name === 'Retransmission'))).toEqual([true, false]);
    expect(notes()).toContain('The charging data function answers again: what was kept is sent, in its order.');
    expect(node.deadline()).toBeUndefined();
  });

  it('goes on when the association breaks', () => {
    const { node, carry, charge } = createPair();
    carry(charge('PUBLISH', 200, at(1)), at(1));
    const out = charge('PUBLISH', 200, at(2));
    expect(labels(out)).toEqual(['ACR']);
    const after: Effect[] = [];
    node.transportFailed({ address: CDF.address, port: 3868 }, at(3), after);
    expect(labels(after)).toEqual(['CER']);
  });
});

describe('a charging data function', () => {
  /** Opens the association; gives a way to send any message and to read what comes back. */
  function opened() {
    const { cdf, carry, charge } = createPair();
    carry(charge('PUBLISH', 200, at(1)), at(1));
    const tell = (message: DiameterMessage): readonly Effect[] =>
      cdf.step(
        {
          kind: 'bytes',
          bytes: encodeDiameterMessage(message),
          transport: 'sctp',
          local: { address: CDF.address, port: 3868 },
          remote: { address: NODE.address, port: 3868 },
          connection: 'c',
        },
        at(2),
      );
    const acr = sends(charge('SUBSCRIBE', 200, at(2))).map(parsed)[0];
    if (acr === undefined) throw new Error('no ACR');
    return { cdf, tell, acr };
  }

  it('discards a duplicate, but takes a repeated one whose original was lost', () => {
    const { tell, acr } = opened();
    const first = tell({ ...acr, retransmitted: true });
    const again = tell({ ...acr, retransmitted: true });
    expect(first.map(({ kind }) => kind)).toEqual(['record', 'send']);
    expect(again.map(({ kind }) => kind)).toEqual(['send']);
    const [answer] = sends(again);
    expect(answer === undefined ? undefined : resultOf(parsed(answer).avps)).toEqual(RESULT.success);
    expect(answer?.notes[0]).toMatchObject({ op: 'decided', clause: 'TS 32.299 §6.1.3.3' });
  });

  it('refuses what it cannot read, and says which AVP is wrong', () => {
    const { tell, acr } = opened();
    const [answer] = sends(tell({ ...acr, avps: acr.avps.filter(({ code }) => code !== AVP.accountingRecordNumber.code) }));
    const message = answer === undefined ? undefined : parsed(answer);
    expect(resultOf(message?.avps ?? [])).toEqual(RESULT.missingAvp);
    expect(findAvp(message?.avps ?? [], AVP.failedAvp)).toBeDefined();
  });

  it('takes no session records', () => {
    const { tell, acr } = opened();
    const start = acr.avps.map((avp) => (avp.code === AVP.accountingRecordType.code ? { ...avp, data: Uint8Array.of(0, 0, 0, RECORD_TYPE.start) } : avp));
    const effects = tell({ ...acr, avps: start });
    expect(effects.map(({ kind }) => kind)).toEqual(['send']);
    const [answer] = sends(effects);
    expect(answer === undefined ? undefined : resultOf(parsed(answer).avps)).toEqual(RESULT.unableToComply);
  });

  it('shows what it wrote, and obeys only what it knows', () => {
    const { cdf, tell, acr } = opened();
    tell(acr);
    const [summary, table] = cdf.view().tables;
    expect(summary?.rows).toEqual([['2', '0']]);
    expect(table?.rows[1]?.slice(0, 5)).toEqual(['2', 'S-CSCF CDR', NODE.host, 'SUBSCRIBE', '\u22121']);
    expect(cdf.step({ kind: 'intent', intent: { kind: 'sing' } }, at(3))).toMatchObject([{ kind: 'note', note: { op: 'rejected' } }]);
    expect(cdf.step({ kind: 'intent', intent: { kind: 'fall-silent' } }, at(3))).toHaveLength(1);
    expect(sends(tell(acr))).toEqual([]);
    expect(cdf.view().mark).toBe('silent');
  });

  it('hears an ACR as the trigger function built it', () => {
    const { charge } = createPair();
    const pair = createPair();
    pair.carry(pair.charge('PUBLISH', 412, at(1)), at(1));
    expect(acrOf(pair.seen).ims.causeCode).toBe(412);
    expect(labels(charge('PUBLISH', 412, at(1)))).toEqual(['CER']);
  });
});
