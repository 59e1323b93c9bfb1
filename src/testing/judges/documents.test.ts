/** Every document that travels in any run of the catalog keeps the published schema: presence (RFC 3863, 4479, 4480), registrations (RFC 3680), Cx profiles (TS 29.228). */
import { describe, expect, it } from 'vitest';
import { hasJudge } from '../judges.ts';
import { CATALOG_RUNS, traceOf } from './catalog-runs.ts';
import { collectDocuments, noDocuments } from './travelling-documents.ts';
import { schemaComplaints, type Schema } from './xmllint.ts';

const judged = hasJudge('xmllint') && hasJudge('schemas');

describe.runIf(judged)('xmllint finds valid', { timeout: 120_000 }, () => {
  const documents = noDocuments();
  for (const run of CATALOG_RUNS) collectDocuments(traceOf(run), run.title, documents);
  const byPlace = (schema: Schema): Map<string, string> => new Map([...documents[schema]].map(([text, where]) => [where, text]));

  it.each([
    ['presence documents', 'presence.xsd', 4],
    ['registration states', 'reginfo.xsd', 4],
    ['watchers', 'watcherinfo.xsd', 4],
    ['lists', 'rlmi.xsd', 8],
    ['presence rules', 'pres-rules.xsd', 2],
    ['conflicts', 'xcap-error.xsd', 1],
    ['what is subscribed to', 'resource-lists.xsd', 1],
    ['filters', 'simple-filter.xsd', 4],
    ['partial documents', 'pidf-diff.xsd', 4],
    ['user profiles', 'CxDataType_Rel8.xsd', 2],
  ] as const)('all %s', (_, schema, atLeast) => {
    expect(documents[schema].size).toBeGreaterThanOrEqual(atLeast);
    expect(schemaComplaints(schema, byPlace(schema))).toEqual([]);
  });

  it.each([
    ['presence.xsd', /<basic>/, '<basic>ajar</basic><basic>'],
    ['reginfo.xsd', /state="active"/, 'state="awake"'],
    ['rlmi.xsd', /state="active"/, 'state="awake"'],
    ['CxDataType_Rel8.xsd', /<PrivateID>/, '<SecretID/><PrivateID>'],
  ] as const)('not a document that breaks %s, which it names', (schema, sound, broken) => {
    const [where, text] = [...byPlace(schema)].find(([, each]) => sound.test(each)) ?? ['', ''];
    const complaints = schemaComplaints(schema, new Map([...byPlace(schema)].slice(0, 2)).set(where, text.replace(sound, broken)));
    expect(complaints.join('\n')).toContain(where);
    expect(complaints.join('\n')).toMatch(/not expected|not an element of the set|not a valid value/);
  });
});
