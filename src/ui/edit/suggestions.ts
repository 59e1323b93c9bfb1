/** The commonest changes, one press each: only those that the message at hand allows. */
import { canonicalName } from '#protocol/sip/header-names.ts';
import { draftFrom, fieldFrom, fieldsOf, type Field } from './draft.ts';

export interface Suggestion {
  readonly label: string;
  readonly draft: string;
}

const isNamed = (name: string) => (line: Field) => canonicalName(line.name.trim()) === name;

export function suggestionsFor(draft: string): readonly Suggestion[] {
  const fields = fieldsOf(draft);
  const isRequest = !fields.start.startsWith('SIP/');
  const has = (name: string): boolean => fields.lines.some(isNamed(name));
  const without = (name: string): Suggestion => ({
    label: `No ${name}`,
    draft: draftFrom({ ...fields, lines: fields.lines.filter((line) => !isNamed(name)(line)) }),
  });
  const set = (name: string, value: string): Suggestion => ({
    label: `${name}: ${value}`,
    draft: draftFrom({ ...fields, lines: fields.lines.map((line) => (isNamed(name)(line) ? fieldFrom(line.name, value) : line)) }),
  });
  const all: readonly (Suggestion | undefined)[] = [
    isRequest && has('Max-Forwards') ? set('Max-Forwards', '0') : undefined,
    isRequest && has('Max-Forwards') ? without('Max-Forwards') : undefined,
    isRequest && has('Event') ? set('Event', 'weather') : undefined,
    isRequest && has('Expires') ? set('Expires', '1') : undefined,
    ...['Route', 'P-Asserted-Identity', 'P-Charging-Vector', 'Record-Route', 'Security-Verify', 'SIP-If-Match', 'Call-ID'].map((name) =>
      has(name) ? without(name) : undefined,
    ),
    has('Content-Length') ? set('Content-Length', '9999') : undefined,
  ];
  return all.filter((each): each is Suggestion => each !== undefined && each.draft !== draft);
}
