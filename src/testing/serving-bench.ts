/** An S-CSCF with its HSS: the registration of the watcher as it comes from the I-CSCF, so that a test can spoil any part of it. */
import { fromHex } from '#base/bytes.ts';
import { buildServerAssignmentAnswer, type ServerAssignmentRequest } from '#protocol/diameter/cx.ts';
import { formatUserData, type InitialFilterCriterion, type UserProfile } from '#protocol/diameter/cx-user-data.ts';
import type { DiameterMessage } from '#protocol/diameter/message.ts';
import { RESULT } from '#protocol/diameter/result.ts';
import { answerChallenge, parseAkaNonce } from '#protocol/sip/aka.ts';
import { formatCredentials, parseChallenge } from '#protocol/sip/credentials.ts';
import { createCredentials } from '#protocol/sip/digest.ts';
import type { SipRequest } from '#protocol/sip/message.ts';
import { type CxAnswerer, EntityBench, type BenchOptions, type Outcome, sipRequest } from './entity-bench.ts';

export const ALICE = 'sip:user1_public1@home1.net';
export const CONTACT = 'sip:[2001:db8:a::65]:1357';
export const PATH = '<sip:term@pcscf1.visited1.net;lr>';
const PRIVATE = 'user1_private@home1.net';
const REALM = 'registrar.home1.net';

/** The HSS with another profile than the plan's: the identities and criteria that a test wants. */
export const withProfile =
  (profile: Partial<UserProfile>): CxAnswerer =>
  (request, message) =>
    request.kind === 'SAR' && request.assignmentType <= 3 ? profileAnswer(request, message, profile) : undefined;

export const withCriteria = (...filterCriteria: InitialFilterCriterion[]): CxAnswerer => withProfile({ filterCriteria });

function profileAnswer(_request: ServerAssignmentRequest, message: DiameterMessage, profile: Partial<UserProfile>): DiameterMessage {
  const userData = formatUserData({ privateIdentity: PRIVATE, publicIdentities: [{ identity: ALICE, barred: false }], filterCriteria: [], ...profile });
  return buildServerAssignmentAnswer(message, {
    originHost: 'hss1.home1.net',
    originRealm: 'home1.net',
    result: RESULT.success,
    userData,
    charging: { primaryCollection: 'aaa://ccf1.home1.net' },
  });
}

export class ServingBench extends EntityBench {
  #cseq = 0;

  constructor(options: BenchOptions = {}) {
    super('scscf1', options);
  }

  register(fields: Readonly<Record<string, string | undefined>> = {}): SipRequest {
    return sipRequest('REGISTER', `sip:${REALM}`, {
      From: `<${ALICE}>;tag=4fa3`,
      To: `<${ALICE}>`,
      Contact: `<${CONTACT}>;expires=600000`,
      'Call-ID': 'registration',
      CSeq: `${++this.#cseq} REGISTER`,
      Authorization: `Digest username="${PRIVATE}", realm="${REALM}", nonce="", uri="sip:${REALM}", response="", integrity-protected="no"`,
      Path: PATH,
      Require: 'path',
      Route: `<sip:${this.host};lr>`,
      'P-Visited-Network-ID': 'visited1.net',
      'P-Charging-Vector': 'icid-value="reg1";orig-ioi="Type 1visited1.net"',
      ...fields,
    });
  }

  deliverRegister(fields: Readonly<Record<string, string | undefined>> = {}): Outcome {
    return this.deliver(this.register(fields), this.at('icscf1'));
  }

  /** The Authorization of the second REGISTER, made by the USIM from the 401; `spoil` makes RES wrong. */
  authorization(challenged: Outcome, spoil = false): string {
    const challenge = parseChallenge(challenged.response(401).message.headers.get('WWW-Authenticate') ?? '');
    const nonce = parseAkaNonce(challenge?.params.get('nonce') ?? '');
    const user = this.plan.users[0];
    if (challenge === undefined || nonce === undefined || user === undefined) throw new Error('no challenge');
    const k = fromHex(user.key) ?? new Uint8Array();
    const opc = fromHex(user.opc) ?? new Uint8Array();
    const usim = answerChallenge({ k, opc }, nonce.rand, nonce.autn, user.sequence);
    if (usim.kind !== 'accepted') throw new Error(usim.kind);
    const secret = spoil ? usim.res.map((byte) => byte ^ 1) : usim.res;
    const credentials = createCredentials(challenge, { username: PRIVATE, secret, method: 'REGISTER', uri: `sip:${REALM}`, cnonce: 'c', nonceCount: 1 });
    if (credentials === undefined) throw new Error('no credentials');
    return formatCredentials({ scheme: credentials.scheme, params: new Map([...credentials.params, ['integrity-protected', 'yes']]) });
  }

  /** The whole registration, up to the 200. */
  registered(fields: Readonly<Record<string, string | undefined>> = {}): Outcome {
    const challenged = this.deliverRegister(fields);
    return this.deliverRegister({ ...fields, Authorization: this.authorization(challenged) });
  }

  /** A REGISTER over the security association that stands: no response, but vouched for by the P-CSCF. */
  trusted(fields: Readonly<Record<string, string | undefined>> = {}): Outcome {
    const Authorization = `Digest username="${PRIVATE}", realm="${REALM}", nonce="", uri="sip:${REALM}", response="", integrity-protected="yes"`;
    return this.deliverRegister({ Authorization, ...fields });
  }

  /** A request of the user, as the P-CSCF sends it. */
  originating(method: string, fields: Readonly<Record<string, string | undefined>> = {}, uri = 'sip:user2_public1@home2.net'): Outcome {
    const request = sipRequest(method, uri, {
      Route: `<sip:orig@${this.host};lr>`,
      Contact: `<${CONTACT}>`,
      'Record-Route': '<sip:pcscf1.visited1.net;lr>',
      'P-Asserted-Identity': `<${ALICE}>`,
      'P-Access-Network-Info': '3GPP-UTRAN-FDD',
      'P-Charging-Vector': 'icid-value="o1";orig-ioi="Type 1visited1.net"',
      Event: 'presence',
      ...fields,
    });
    return this.deliver(request, this.at('pcscf1'));
  }

  /** A request for the user, as the I-CSCF sends it. */
  terminating(method: string, fields: Readonly<Record<string, string | undefined>> = {}, uri = ALICE): Outcome {
    const request = sipRequest(method, uri, {
      Route: `<sip:${this.host};lr>`,
      Contact: '<sip:peer.home2.net>',
      From: '<sip:user2_public1@home2.net>;tag=peer',
      'P-Asserted-Identity': '<sip:user2_public1@home2.net>',
      'P-Charging-Vector': 'icid-value="t1";orig-ioi=home2.net',
      Event: 'presence',
      ...fields,
    });
    return this.deliver(request, this.at('icscf1'));
  }
}
