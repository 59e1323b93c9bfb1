/** Where the HSS sends requests (TS 29.228 §6.1.4): to the S-CSCF that it has noted for the user, and to a choice only when there is none. */
import {
  readLocationInfoAnswer,
  readLocationInfoRequest,
  readServerAssignmentAnswer,
  readServerAssignmentRequest,
  SERVER_ASSIGNMENT_TYPE as SAT,
} from '#protocol/diameter/cx.ts';
import { readMultimediaAuthAnswer, readMultimediaAuthRequest } from '#protocol/diameter/cx-auth.ts';
import { readRegistrationTerminationRequest } from '#protocol/diameter/cx-push.ts';
import { parseUserData } from '#protocol/diameter/cx-user-data.ts';
import { type DiameterMessage, parseDiameterMessage } from '#protocol/diameter/message.ts';
import type { MessageRecord } from '#trace/record.ts';
import type { Rule } from './finding.ts';
import { rule } from './report.ts';
import { hasForgotten } from './evidence.ts';

const ASSIGNING: ReadonlySet<number> = new Set([SAT.registration, SAT.reRegistration, SAT.unregisteredUser]);
const RELEASING: ReadonlySet<number> = new Set([
  SAT.timeoutDeregistration,
  SAT.userDeregistration,
  SAT.administrativeDeregistration,
  SAT.deregistrationTooMuchData,
]);
/** Whether these keep the name of the S-CSCF is for the HSS to say. */
const STORING: ReadonlySet<number> = new Set([SAT.timeoutDeregistrationStoreServerName, SAT.userDeregistrationStoreServerName]);
/** These release only users who are not registered. */
const PERHAPS_RELEASING: ReadonlySet<number> = new Set([SAT.authenticationFailure, SAT.authenticationTimeout]);

interface Exchange {
  readonly record: MessageRecord;
  readonly request: DiameterMessage;
  readonly answer: DiameterMessage;
}

/** Requests over Cx, each with its answer, in the order of the answers. */
function exchanges(messages: readonly MessageRecord[]): readonly Exchange[] {
  const asked = new Map<string, DiameterMessage>();
  return messages.flatMap((record): Exchange[] => {
    if (record.protocol !== 'Diameter') return [];
    const message = parseDiameterMessage(record.bytes);
    if (message.kind !== 'diameter') return [];
    const ends = message.request ? `${record.from} ${record.to}` : `${record.to} ${record.from}`;
    const key = `${ends} ${message.command} ${message.hopByHop} ${message.endToEnd}`;
    if (message.request) {
      asked.set(key, message);
      return [];
    }
    const request = asked.get(key);
    return request === undefined ? [] : [{ record, request, answer: message }];
  });
}

/** What an HSS has noted of a user, as its answers tell. */
interface Noted {
  /** SIP URI of the S-CSCF. */
  server: string | undefined;
  registered: boolean;
}

export const LOCATED = rule(
  'located',
  'The HSS names the S-CSCF that it has noted for the user; it leaves the choice to the I-CSCF only when it has noted none.',
  'TS 29.228 §6.1.4.1',
  (evidence, blame) => {
    const noted = new Map<string, Noted>();
    const aliases = new Map<string, readonly string[]>();
    /** Whatever is noted holds for all identities of the user. */
    const note = (hss: string, identities: readonly string[], change: Noted): void => {
      for (const identity of identities) for (const one of aliases.get(identity) ?? [identity]) noted.set(`${hss} ${one}`, change);
    };
    const terminated = new Set<string>();
    for (const record of evidence.messages) {
      if (record.label !== 'RTR') continue;
      const message = parseDiameterMessage(record.bytes);
      const rtr = message.kind === 'diameter' ? readRegistrationTerminationRequest(message) : undefined;
      if (rtr?.kind === 'RTR') for (const identity of rtr.publicIdentities) terminated.add(`${record.from} ${identity}`);
    }
    for (const { record, request, answer } of exchanges(evidence.messages)) {
      const hss = record.from;
      if (record.label === 'SAA') {
        const sar = readServerAssignmentRequest(request);
        const saa = readServerAssignmentAnswer(answer);
        if (sar.kind !== 'SAR' || saa.kind !== 'SAA' || saa.result.kind !== 'success') continue;
        const profile = saa.userData === undefined ? undefined : parseUserData(saa.userData);
        if (profile !== undefined && !('kind' in profile)) {
          const all = profile.publicIdentities.map(({ identity }) => identity);
          for (const identity of all) aliases.set(identity, all);
        }
        const [first] = sar.publicIdentities;
        const before = first === undefined ? undefined : noted.get(`${hss} ${first}`);
        if (ASSIGNING.has(sar.assignmentType))
          note(hss, sar.publicIdentities, { server: sar.serverName, registered: sar.assignmentType !== SAT.unregisteredUser });
        else if (STORING.has(sar.assignmentType)) for (const identity of sar.publicIdentities) noted.delete(`${hss} ${identity}`);
        else if (RELEASING.has(sar.assignmentType) || (PERHAPS_RELEASING.has(sar.assignmentType) && before?.registered !== true))
          note(hss, sar.publicIdentities, { server: undefined, registered: false });
      } else if (record.label === 'MAA') {
        const mar = readMultimediaAuthRequest(request);
        // The HSS notes who asks for a vector.
        const maa = readMultimediaAuthAnswer(answer);
        if (mar.kind === 'MAR' && maa.kind === 'MAA' && maa.result.kind === 'success')
          note(hss, [mar.publicIdentity], { server: mar.serverName, registered: noted.get(`${hss} ${mar.publicIdentity}`)?.registered === true });
      } else if (record.label === 'LIA') {
        const lir = readLocationInfoRequest(request);
        const lia = readLocationInfoAnswer(answer);
        if (lir.kind !== 'LIR' || lia.kind !== 'LIA' || terminated.has(`${hss} ${lir.publicIdentity}`) || hasForgotten(evidence, hss, 0, record.sentAt))
          continue;
        const known = noted.get(`${hss} ${lir.publicIdentity}`);
        if (known?.server === undefined) continue;
        if (lia.serverName !== known.server) blame({ record }, `names ${lia.serverName ?? 'no S-CSCF'}, where ${known.server} serves ${lir.publicIdentity}`);
      }
    }
  },
);

export const LOCATION_RULES: readonly Rule[] = [LOCATED];
