/**
 * What the USIM of a UE says to a challenge: it proves the network, answers, or reports that its sequence number is elsewhere (TS 33.203 §6.1; RFC 3310 §3).
 * Omitted: several sequence numbers side by side (IND).
 */
import { fromHex, toBase64 } from '#base/bytes.ts';
import type { Note } from '#base/note.ts';
import { answerChallenge, parseAkaNonce } from '#protocol/sip/aka.ts';
import type { AuthParams } from '#protocol/sip/credentials.ts';

/** What a subscriber proves an identity with. */
export type UeSecret =
  | { readonly kind: 'usim'; readonly key: string; readonly opc: string; /** The highest sequence number that it has accepted. */ readonly sequence: number }
  | { readonly kind: 'password'; readonly password: string };

export type UsimVerdict =
  | { readonly kind: 'answer'; readonly res: Uint8Array; readonly ck: Uint8Array; readonly ik: Uint8Array; readonly sequence: number; readonly note: Note }
  | { readonly kind: 'not-believed'; readonly note: Note }
  | { readonly kind: 'unusable'; readonly note: Note }
  /** `auts` in base64. */
  | { readonly kind: 'out-of-step'; readonly auts: string; readonly note: Note };

/** A USIM with these keys, whose highest accepted number is `sequence`, is shown this challenge. */
export function askUsim(secret: Extract<UeSecret, { kind: 'usim' }>, sequence: number, challenge: AuthParams | undefined): UsimVerdict {
  const nonce = parseAkaNonce(challenge?.params.get('nonce') ?? '');
  const k = fromHex(secret.key);
  const opc = fromHex(secret.opc);
  const header = 'WWW-Authenticate';
  if (challenge === undefined || nonce === undefined || k === undefined || opc === undefined)
    return { kind: 'unusable', note: { op: 'rejected', header, reason: 'The challenge holds no RAND and AUTN.', clause: 'RFC 3310 §3.2' } };
  const answer = answerChallenge({ k, opc }, nonce.rand, nonce.autn, sequence);
  switch (answer.kind) {
    case 'mac-failure':
      return {
        kind: 'not-believed',
        note: {
          op: 'rejected',
          header,
          reason: 'The code in AUTN is wrong: whoever sent this does not know the key, so it is not the home network.',
          clause: 'TS 33.203 §6.1.2.2',
        },
      };
    case 'sqn-failure':
      return {
        kind: 'out-of-step',
        auts: toBase64(answer.auts),
        note: {
          op: 'rejected',
          header,
          reason: `The home network is real, but its sequence number is not one that can follow ${sequence}: it was used before, or lies too far ahead.`,
          clause: 'TS 33.203 §6.1.3',
        },
      };
    case 'accepted':
      return {
        kind: 'answer',
        res: answer.res,
        ck: answer.ck,
        ik: answer.ik,
        sequence: answer.sqn,
        note: {
          op: 'decided',
          reason: 'AUTN proves the home network to the USIM; the USIM computes RES for the answer, and the keys for the security associations.',
          clause: 'RFC 3310 §3.2',
        },
      };
  }
}
