/** Validation of documents against the published schemas, by xmllint. Ask `hasJudge('xmllint')` and `hasJudge('schemas')` first. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SCHEMAS } from '../judges.ts';

/** File names of the schemas that we are held to: presence documents with their extensions, registration state, presence rules, watchers, lists, the Cx user profile. */
export type Schema =
  | 'presence.xsd'
  | 'reginfo.xsd'
  | 'pres-rules.xsd'
  | 'watcherinfo.xsd'
  | 'rlmi.xsd'
  | 'rls-services.xsd'
  | 'xcap-error.xsd'
  | 'resource-lists.xsd'
  | 'simple-filter.xsd'
  | 'pidf-diff.xsd'
  | 'CxDataType_Rel8.xsd';

/** What xmllint has to say against the documents, a line each, with their names in front; nothing when all are valid. One run for all of them. */
export function schemaComplaints(schema: Schema, documents: ReadonlyMap<string, string>): string[] {
  if (documents.size === 0) return [];
  const folder = mkdtempSync(join(tmpdir(), 'xmllint-'));
  try {
    const names = [...documents.keys()];
    names.forEach((name, i) => writeFileSync(join(folder, `${i}.xml`), documents.get(name) ?? ''));
    const words = ['--nonet', '--noout', '--schema', join(SCHEMAS, schema), ...names.map((_, i) => `${i}.xml`)];
    const run = spawnSync('xmllint', words, { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 28 });
    if (run.error !== undefined) throw run.error;
    const lines = run.stderr.split('\n').filter((line) => line !== '');
    const valid = lines.filter((line) => line.endsWith(' validates'));
    if (run.status === 0 && valid.length === names.length) return [];
    return lines.filter((line) => !line.endsWith(' validates')).map((line) => line.replace(/^(\d+)\.xml\b/, (_, i: string) => names[Number(i)] ?? i));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The same for a single document. */
export const complaintsAbout = (schema: Schema, text: string): string[] => schemaComplaints(schema, new Map([['document', text]]));
