/** The fingerprint of a run: SHA-256 over the canonical JSON of its records. Equal in browser and Node, whatever the order of keys. */
import { sha256Hex } from '#base/crypto.ts';
import type { Trace } from './record.ts';
import { recordsJson } from './json.ts';

/** 64 hexadecimal digits, lower case. */
export const hashOf = (trace: Pick<Trace, 'records'>): string => sha256Hex(recordsJson(trace.records));
