/** What the documents of an XDMS say, in words: rules and lists. Those of a kind that nobody keeps have no table. */
import type { ViewTable } from '#base/view.ts';
import { isRulesError, parseRuleset } from '#presence/authorization/read-ruleset.ts';
import { ruleRows } from '#presence/authorization/rule-book.ts';
import { isServicesError, parseServices } from '#presence/lists/resource-lists.ts';
import type { StoredDocument } from './documents.ts';

const ADDRESS = /^([^/]+)\/users\/([^/]+)\/index$/;

export function documentTables(stored: ReadonlyMap<string, StoredDocument>): readonly ViewTable[] {
  const rules: (readonly string[])[] = [];
  const lists: (readonly string[])[] = [];
  const kept = new Set<string>();
  for (const [selector, { text }] of stored) {
    const [, auid = '', owner = ''] = ADDRESS.exec(selector) ?? [];
    kept.add(auid);
    if (auid === 'pres-rules') {
      const ruleset = parseRuleset(text);
      if (!isRulesError(ruleset)) rules.push(...ruleRows(owner, ruleset));
    } else if (auid === 'rls-services') {
      const services = parseServices(text);
      if (!isServicesError(services))
        lists.push(
          ...services.map(({ uri, name, entries, broken }) => {
            const members = entries.map((entry) => entry.name ?? entry.uri);
            return [owner, uri, name ?? '–', [...members, ...(broken === undefined ? [] : ['those to whom it refers'])].join(', ') || 'nobody'];
          }),
        );
    }
  }
  const tables: ViewTable[] = [];
  if (kept.has('pres-rules'))
    tables.push({
      title: 'What the rules say',
      columns: ['Presentity', 'Rule', 'Holds for', 'Subscriptions', 'Shows'],
      rows: rules,
      empty: 'Nothing: no rule is left.',
    });
  if (kept.has('rls-services'))
    tables.push({ title: 'What the lists say', columns: ['Owner', 'List', 'Name', 'On it'], rows: lists, empty: 'Nothing: no list is left.' });
  return tables;
}
