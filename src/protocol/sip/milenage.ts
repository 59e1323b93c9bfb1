/**
 * Milenage: the example set of 3GPP authentication and key generation functions f1, f1*, f2, f3, f4, f5 and f5*, with AES-128 as kernel.
 * Governed by TS 35.206 (clause unchecked); the constants r1..r5 and c1..c5 are the published ones.
 * Omitted: operator-specific constants, and the caching of key schedules (an authentication costs about ten AES blocks).
 */
import { aes128Block } from '#base/crypto.ts';

/** What the USIM and the home network share: both 16 bytes. OPc already contains the operator's OP. */
export interface AkaSecret {
  readonly k: Uint8Array;
  readonly opc: Uint8Array;
}

/** OPc of an operator's OP and a subscriber's K. All 16 bytes; throws on another length. */
export const deriveOpc = (k: Uint8Array, op: Uint8Array): Uint8Array => xor(aes128Block(k, op), op);

/** f1 and f1*: the network's and the USIM's authentication code, 8 bytes each. `rand` 16, `sqn` 6, `amf` 2 bytes. */
export function milenageF1(
  { k, opc }: AkaSecret,
  rand: Uint8Array,
  sqn: Uint8Array,
  amf: Uint8Array,
): { readonly macA: Uint8Array; readonly macS: Uint8Array } {
  if (sqn.length !== 6 || amf.length !== 2) throw new Error('milenageF1: SQN has 6 bytes and AMF 2');
  const input = new Uint8Array(16);
  input.set(sqn, 0);
  input.set(amf, 6);
  input.copyWithin(8, 0, 8);
  const temp = aes128Block(k, xor(rand, opc));
  // Rotation by 64 bits, constant c1 = 0.
  const out = xor(aes128Block(k, xor(temp, rotate(xor(input, opc), 8))), opc);
  return { macA: out.slice(0, 8), macS: out.slice(8) };
}

/** f2, f3, f4, f5: RES (8 bytes), CK and IK (16), AK (6). */
export function milenageF2345(
  { k, opc }: AkaSecret,
  rand: Uint8Array,
): { readonly res: Uint8Array; readonly ck: Uint8Array; readonly ik: Uint8Array; readonly ak: Uint8Array } {
  const base = xor(aes128Block(k, xor(rand, opc)), opc);
  const out2 = output(k, opc, base, 0, 1);
  return { res: out2.slice(8), ak: out2.slice(0, 6), ck: output(k, opc, base, 4, 2), ik: output(k, opc, base, 8, 4) };
}

/** f5*: the anonymity key (6 bytes) that hides SQN in a resynchronisation. */
export function milenageF5Star({ k, opc }: AkaSecret, rand: Uint8Array): Uint8Array {
  return output(k, opc, xor(aes128Block(k, xor(rand, opc)), opc), 12, 8).slice(0, 6);
}

/** One output block: `base` rotated by r bits (here `rotation` bytes), the constant c in its last byte, encrypted. */
function output(k: Uint8Array, opc: Uint8Array, base: Uint8Array, rotation: number, constant: number): Uint8Array {
  const block = rotate(base, rotation);
  block[15] = (block[15] as number) ^ constant;
  return xor(aes128Block(k, block), opc);
}

/** To the left, by whole bytes. */
function rotate(block: Uint8Array, bytes: number): Uint8Array {
  const out = new Uint8Array(16);
  for (let i = 0; i < 16; i++) out[i] = block[(i + bytes) & 15] as number;
  return out;
}

/** Bitwise exclusive or of two blocks of the same length; throws when the lengths differ. */
export function xor(a: Uint8Array, b: Uint8Array): Uint8Array {
  if (a.length !== b.length) throw new Error(`xor: ${a.length} and ${b.length} bytes`);
  const out = new Uint8Array(a.length);
  for (let i = 0; i < a.length; i++) out[i] = (a[i] as number) ^ (b[i] as number);
  return out;
}
