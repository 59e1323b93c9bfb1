/** Wireshark's reading of a capture, by tshark. Ask `hasJudge('tshark')` first. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Everything that Wireshark verifies only when it is told to. */
const CHECKSUMS = ['ip.check_checksum:TRUE', 'udp.check_checksum:TRUE', 'tcp.check_checksum:TRUE', 'sctp.checksum:CRC 32c'];

/** XMPP between servers has a port of its own, which Wireshark knows of clients only. */
const DECODE_AS = ['-d', 'tcp.port==5269,xmpp'];

/** Malformed, or an expert item above `Comment` (0x100000), as which Wireshark counts the comments of a capture. */
export const OBJECTION = '_ws.malformed or _ws.expert.severity >= 0x200000';

/**
 * Runs tshark over a capture file, checksums verified, names only from the capture itself. `words` are further options.
 * Returns what it prints; throws with its own words when it fails.
 */
export function tshark(capture: Uint8Array, words: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'tshark-'));
  try {
    const file = join(folder, 'capture');
    writeFileSync(file, capture);
    const run = spawnSync('tshark', ['-r', file, '-N', 'n', ...DECODE_AS, ...CHECKSUMS.flatMap((option) => ['-o', option]), ...words], {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
    if (run.status !== 0) throw new Error(run.error?.message ?? run.stderr);
    return run.stdout;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The values of `fields`, in this order, of every frame that passes the filter; several values of one field are joined by commas, none is an empty text. */
export function readFrames(capture: Uint8Array, fields: readonly string[], filter = 'frame'): string[][] {
  return tshark(capture, ['-Y', filter, '-T', 'fields', ...fields.flatMap((field) => ['-e', field])])
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\t'));
}
