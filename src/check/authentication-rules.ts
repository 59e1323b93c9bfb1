/** Who is let in, and what a failure may do: challenges and their answers, what the HSS is told, security associations (spec section 8, invariants 14 and 15). */
import { toBase64 } from '#base/bytes.ts';
import { readServerAssignmentAnswer, readServerAssignmentRequest, SERVER_ASSIGNMENT_TYPE as TYPE } from '#protocol/diameter/cx.ts';
import { type AuthItem, readMultimediaAuthAnswer } from '#protocol/diameter/cx-auth.ts';
import { parseDiameterMessage } from '#protocol/diameter/message.ts';
import { isGranted } from '#protocol/diameter/result.ts';
import { parseCredentials } from '#protocol/sip/credentials.ts';
import { verifyCredentials } from '#protocol/sip/digest.ts';
import { differenceOfMechanisms, parseSecurityMechanisms, type SecurityMechanism } from '#protocol/sip/security-agreement.ts';
import type { MessageRecord } from '#trace/record.ts';
import { type Evidence, isSuccess, requestArrival, type Transaction } from './evidence.ts';
import type { Rule } from './finding.ts';
import { grouped } from './lookup.ts';
import { rule } from './report.ts';

const diameterOf = (record: MessageRecord, label: string) => {
  if (record.protocol !== 'Diameter' || record.label !== label) return undefined;
  const message = parseDiameterMessage(record.bytes);
  return message.kind === 'diameter' ? message : undefined;
};

/** What the HSS is told, or has granted, of registrations, in the order in which it happened. */
interface Assignment {
  readonly server: string;
  readonly identity: string;
  readonly type: number;
  readonly record: MessageRecord;
  readonly grantedAt: number | undefined;
}

function assignments({ messages }: Evidence): readonly Assignment[] {
  const asked = new Map<string, { readonly record: MessageRecord; readonly identity: string; readonly type: number }>();
  const granted = new Map<MessageRecord, number>();
  const all: { readonly record: MessageRecord; readonly identity: string; readonly type: number }[] = [];
  for (const record of messages) {
    const question = diameterOf(record, 'SAR');
    const request = question === undefined ? undefined : readServerAssignmentRequest(question);
    if (question !== undefined && request?.kind === 'SAR') {
      const one = { record, identity: request.publicIdentities[0] ?? request.userName ?? '', type: request.assignmentType };
      all.push(one);
      asked.set(`${record.from} ${question.hopByHop} ${question.endToEnd}`, one);
    }
    const answer = diameterOf(record, 'SAA');
    const result = answer === undefined ? undefined : readServerAssignmentAnswer(answer);
    const one = answer === undefined ? undefined : asked.get(`${record.to} ${answer.hopByHop} ${answer.endToEnd}`);
    if (one !== undefined && result?.kind === 'SAA' && isGranted(result.result) && record.arrivedAt !== undefined) granted.set(one.record, record.arrivedAt);
  }
  return all.map(({ record, identity, type }) => ({ server: record.from, identity, type, record, grantedAt: granted.get(record) }));
}

const FAILURES: readonly number[] = [TYPE.authenticationFailure, TYPE.authenticationTimeout];
const BEGINNINGS: readonly number[] = [TYPE.registration, TYPE.reRegistration];

export const FAILURE_ENDS_NOTHING = rule(
  'authentication-failure',
  'A failed or unanswered authentication is never told to the HSS of a user who is registered: it ends no registration.',
  'TS 33.203 §6.1.1',
  (evidence, blame) => {
    const registered = new Map<string, boolean>();
    for (const { server, identity, type, record, grantedAt } of assignments(evidence)) {
      const key = `${server} ${identity}`;
      if (FAILURES.includes(type)) {
        if (registered.get(key) === true) blame({ record }, `tells of a failed authentication of ${identity}, who is registered`);
      } else if (grantedAt !== undefined && type !== TYPE.noAssignment) registered.set(key, BEGINNINGS.includes(type));
    }
  },
);

const ANY = '*';

/** The vectors that each S-CSCF was given, by private identity and the nonce that they make; those of a password make any. */
function vectors({ messages }: Evidence): ReadonlyMap<string, readonly { readonly at: number; readonly item: AuthItem }[]> {
  const all: { readonly key: string; readonly at: number; readonly item: AuthItem }[] = [];
  const passwords = new Set<string>();
  for (const record of messages) {
    const message = record.arrivedAt === undefined ? undefined : diameterOf(record, 'MAA');
    const answer = message === undefined ? undefined : readMultimediaAuthAnswer(message);
    if (answer?.kind !== 'MAA' || record.arrivedAt === undefined) continue;
    for (const item of answer.items) {
      const nonce = item.digest !== undefined ? ANY : item.authenticate === undefined ? undefined : toBase64(item.authenticate);
      const key = `${record.to} ${answer.userName ?? ''} ${nonce ?? ''}`;
      const password = `${key} ${record.arrivedAt} ${item.digest?.ha1 ?? ''}`;
      if (nonce === undefined || (item.digest !== undefined && passwords.has(password))) continue;
      passwords.add(password);
      all.push({ key, at: record.arrivedAt, item });
    }
  }
  return grouped(all, ({ key }) => key);
}

/** Whether the credentials of a REGISTER can have been made with this vector. */
function answers({ request }: Transaction, item: AuthItem): boolean {
  const credentials = parseCredentials(request.message.headers.get('Authorization') ?? '');
  if (credentials === undefined) return false;
  const nonce = credentials.params.get('nonce') ?? '';
  if (item.digest === undefined && (item.authenticate === undefined || nonce !== toBase64(item.authenticate))) return false;
  const secret = item.digest === undefined ? (item.authorization ?? '') : { ha1: item.digest.ha1 };
  const realm = credentials.params.get('realm') ?? '';
  return verifyCredentials(credentials, { realm, nonce, secret, method: 'REGISTER', body: request.message.body }).kind === 'right';
}

export const AUTHENTICATED = rule(
  'authenticated',
  'A REGISTER is accepted only with an answer to a challenge that the HSS made, or over the security associations of such an answer.',
  'TS 33.203 §6.1.1',
  (evidence, blame) => {
    const known = vectors(evidence);
    for (const transaction of evidence.transactions) {
      const { request, server, responses } = transaction;
      if (request.method !== 'REGISTER' || evidence.entities.get(server)?.kind !== 's-cscf') continue;
      const accepted = responses.find(isSuccess);
      const arrived = requestArrival(transaction);
      if (accepted === undefined || arrived === undefined) continue;
      const params = parseCredentials(request.message.headers.get('Authorization') ?? '')?.params;
      if (params?.get('integrity-protected') === 'yes' && params.get('response') === '') continue;
      const given = [params?.get('nonce') ?? '', ANY].flatMap((nonce) => known.get(`${server} ${params?.get('username') ?? ''} ${nonce}`) ?? []);
      if (!given.some(({ at, item }) => at <= arrived && answers(transaction, item))) blame(accepted, 'accepts a REGISTER that answers no challenge rightly');
    }
  },
);

interface Listed {
  readonly ue: string;
  readonly proxy: string;
  readonly at: number;
  readonly record: MessageRecord;
  readonly mechanisms: readonly SecurityMechanism[];
}

/** The lists that P-CSCFs gave to UEs with a challenge, once each. */
function lists({ transactions, entities }: Evidence): readonly Listed[] {
  return transactions.flatMap(({ client, server, responses }): Listed[] => {
    const challenge = entities.get(client)?.kind === 'ue' ? responses.find(({ message }) => message.status === 401) : undefined;
    const mechanisms = challenge === undefined ? [] : (parseSecurityMechanisms(challenge.message.headers.values('Security-Server')) ?? []);
    if (challenge === undefined || mechanisms.length === 0) return [];
    return [{ ue: client, proxy: server, at: challenge.record.sentAt, record: challenge.record, mechanisms }];
  });
}

export const VERIFIED = rule(
  'security-verify',
  'What a P-CSCF takes over a security association repeats a list that it gave this UE: otherwise nothing of it is forwarded.',
  'TS 33.203 §7.2',
  (evidence, blame) => {
    const given = grouped(lists(evidence), ({ ue, proxy }) => `${ue} ${proxy}`);
    const firstAt = new Map<string, number>();
    for (const { ue, proxy, at, mechanisms } of [...given.values()].flat())
      for (const one of mechanisms) {
        const key = 'portS' in one ? `${ue} ${proxy} ${one.portS}` : '';
        firstAt.set(key, Math.min(firstAt.get(key) ?? Infinity, at));
      }
    for (const { request, client, server, children } of evidence.transactions) {
      if (evidence.entities.get(client)?.kind !== 'ue' || children.length === 0) continue;
      const { sentAt } = request.record;
      const { dst } = request.record;
      const port = Number(dst.slice(dst.lastIndexOf(':') + 1));
      if ((firstAt.get(`${client} ${server} ${port}`) ?? Infinity) >= sentAt) continue;
      const verify = parseSecurityMechanisms(request.message.headers.values('Security-Verify')) ?? [];
      // The list that counts is one of the last.
      const repeated = given
        .get(`${client} ${server}`)
        ?.findLast(({ at, mechanisms }) => at < sentAt && differenceOfMechanisms(mechanisms, verify) === undefined);
      if (repeated === undefined)
        for (const child of children) blame(child.request, 'is forwarded although its Security-Verify repeats nothing that the P-CSCF had said');
    }
  },
);

export const NEW_ASSOCIATIONS = rule(
  'new-associations',
  'A new authentication brings security associations with other SPIs; the server port stays.',
  'TS 33.203 §7.4',
  (evidence, blame) => {
    const before = new Map<string, Listed>();
    for (const list of lists(evidence)) {
      const earlier = before.get(`${list.ue} ${list.proxy}`);
      before.set(`${list.ue} ${list.proxy}`, list);
      if (earlier === undefined) continue;
      const spis = earlier.mechanisms.flatMap((one) => ('spiC' in one ? [one.spiC, one.spiS] : []));
      const ports = earlier.mechanisms.flatMap((one) => ('portS' in one ? [one.portS] : []));
      for (const one of list.mechanisms) {
        if (!('spiC' in one)) continue;
        if (spis.includes(one.spiC) || spis.includes(one.spiS)) blame(list, 'names SPIs that security associations had before');
        if (!ports.includes(one.portS)) blame(list, `names the server port ${one.portS}, which was another before`);
      }
    }
  },
);

export const AUTHENTICATION_RULES: readonly Rule[] = [FAILURE_ENDS_NOTHING, AUTHENTICATED, VERIFIED, NEW_ASSOCIATIONS];
