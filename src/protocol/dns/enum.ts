/**
 * ENUM (RFC 6116): which URI a telephone number has, worked out from the DNS answers known so far; pure. The number becomes a name below e164.arpa (§3.2),
 * whose NAPTR records are rules: order, then preference; with the flag `u` the rule gives a URI, without a flag it leads to another name (§3.4.2).
 * Expressions come from strangers: they are matched in time that grows with the text only.
 * Omitted: the obsolete services of RFC 2916, services other than `sip` and `pres`, non-terminal rules with an expression (§5.1 forbids them).
 */
import { matchGroups } from '#base/expression-groups.ts';
import type { Note } from '#base/note.ts';
import type { SimTime } from '#base/time.ts';
import { canonicalName, isDomainName } from './name.ts';
import type { NaptrRecord } from './record.ts';
import { decided, type FailureReason, type Known, lookup, type Question, type Search } from './search.ts';

export type Translation =
  | { readonly kind: 'ask'; readonly questions: readonly Question[] }
  | { readonly kind: 'translated'; readonly uri: string; readonly notes: readonly Note[]; readonly expiresAt: SimTime | undefined }
  | { readonly kind: 'failed'; readonly reason: FailureReason; readonly notes: readonly Note[]; readonly expiresAt: SimTime | undefined };

/** Where the tree of numbers begins. */
export const NUMBER_TREE = 'e164.arpa';
/** RFC 6116 §5.1: nobody may make a client follow more non-terminal rules than these for one number. */
const MAX_NON_TERMINAL = 5;
/** Longest URI that is taken from a directory, in characters (our choice). */
const MAX_URI = 255;
const LISTED = 'RFC 6116 §3.4.2';

/** RFC 6116 §3.2: `+12125552222` becomes `2.2.2.2.5.5.5.2.1.2.1.e164.arpa`. */
export const numberDomain = (number: string): string => `${(number.match(/\d/g) ?? []).reverse().join('.')}.${NUMBER_TREE}`;

/** RFC 6116 §3.1: the number with its plus sign and digits only; undefined when it is no global number (E.164: at most 15 digits). */
export function applicationString(number: string): string | undefined {
  const plain = number.replace(/[-.()]/g, '');
  return /^\+\d{1,15}$/.test(plain) ? plain : undefined;
}

interface NumberSearch extends Search {
  readonly aus: string;
  followed: number;
}

/** Translates a global number as `applicationString` gives it. */
export function translateNumber(aus: string, known: Known): Translation {
  const search: NumberSearch = { known, aus, notes: [], questions: [], expiresAt: undefined, followed: 0 };
  const key = numberDomain(aus);
  const uri = follow(search, key, `Who has the number ${aus}? Its digits, turned round, are a name below ${NUMBER_TREE}.`, 'RFC 6116 §3.2');
  if (search.questions.length > 0) return { kind: 'ask', questions: search.questions };
  const { notes, expiresAt } = search;
  if (uri !== undefined) return { kind: 'translated', uri, notes, expiresAt };
  const isListed = known(key, 'NAPTR')?.kind === 'found';
  const why = isListed ? `No rule for ${aus} leads to an address of SIP or presence.` : `The directory does not list the number ${aus}.`;
  return { kind: 'failed', reason: isListed ? 'no-record' : 'no-such-domain', notes: [...notes, { op: 'rejected', reason: why, clause: LISTED }], expiresAt };
}

/** The URI that the rules at `name` give; undefined when none does, or when something has to be asked first. */
function follow(search: NumberSearch, name: string, why: string, clause: string): string | undefined {
  const answer = lookup(search, name, 'NAPTR', why, clause);
  if (answer === undefined) return undefined;
  const rules = answer.records.flatMap((record) => (record.type === 'NAPTR' ? [record] : []));
  // RFC 6116 §5.2: order is the major term, preference the minor one; equals stay as they came.
  for (const rule of rules.sort((a, b) => a.order - b.order || a.preference - b.preference)) {
    const uri = rule.flags === '' ? delegated(search, rule) : rule.flags.toLowerCase() === 'u' ? terminal(search, rule) : undefined;
    if (uri !== undefined || search.questions.length > 0) return uri;
  }
  return undefined;
}

/** RFC 6116 §3.4.2: without a flag the replacement is the next name to ask. */
function delegated(search: NumberSearch, rule: NaptrRecord): string | undefined {
  const name = canonicalName(rule.replacement);
  if (name === '' || !isDomainName(name) || rule.regexp !== '') return undefined;
  if (search.followed === MAX_NON_TERMINAL) {
    search.notes.push({
      op: 'rejected',
      reason: `One rule has led to the next ${MAX_NON_TERMINAL} times and none was the last: ${name} is not asked any more.`,
      clause: 'RFC 6116 §5.1',
    });
    return undefined;
  }
  search.followed++;
  search.notes.push(decided(`The rule is not the last one: it leads on to ${name}.`, LISTED));
  return follow(search, name, `The number has been handed on: ${name} holds its rules.`, LISTED);
}

/** RFC 6116 §3.4.3: `E2U`, then the services, each with its subtypes. */
const servicesOf = (service: string): readonly string[] => {
  const [application, ...services] = service.toLowerCase().split('+');
  return application === 'e2u' ? services.map((one) => one.split(':', 1)[0] ?? '') : [];
};

function terminal(search: NumberSearch, rule: NaptrRecord): string | undefined {
  const wanted = servicesOf(rule.service).find((service) => service === 'sip' || service === 'pres');
  if (wanted === undefined) return undefined;
  const uri = rewriteNumber(rule.regexp, search.aus);
  if (uri === undefined || !/^(?:sips?|pres):/i.test(uri)) {
    search.notes.push({
      op: 'rejected',
      reason: `The rule ${rule.order} ${rule.preference} "${rule.service}" makes no usable address of the number, so it is passed over.`,
      clause: 'RFC 6116 §5.2',
    });
    return undefined;
  }
  search.notes.push(
    decided(`The rule with order ${rule.order} and preference ${rule.preference} for ${wanted} makes ${uri} of ${search.aus}.`, 'RFC 6116 §3.4.3'),
  );
  return uri;
}

/**
 * Applies `!expression!replacement!` to the number (RFC 3402 §3.2): any delimiter, `\1` to `\9` for what the groups took. Undefined when the
 * field is not well formed, the expression does not match, or what comes out is no text for a URI.
 */
export function rewriteNumber(field: string, aus: string): string | undefined {
  const delimiter = field.charAt(0);
  // A delimiter that also means something in the field cannot be told from its meaning.
  if (delimiter === '' || /[\di\\]/.test(delimiter)) return undefined;
  const parts = splitUnescaped(field.slice(1), delimiter);
  // RFC 6116 §5.2: more or fewer than three delimiters make the rule void. What follows the last is a flag without effect on digits.
  if (parts.length !== 3) return undefined;
  const [expression, replacement] = parts as [string, string, string];
  const groups = matchGroups(expression, aus);
  if (groups === undefined) return undefined;
  let uri = '';
  for (let i = 0; i < replacement.length && uri.length <= MAX_URI; i++) {
    const character = replacement.charAt(i);
    if (character !== '\\') uri += character;
    else {
      const next = replacement.charAt(++i);
      if (/[1-9]/.test(next)) uri += groups[Number(next)] ?? '';
      else uri += next;
    }
  }
  return uri.length > MAX_URI || !/^[!-~]+$/.test(uri) ? undefined : uri;
}

/** Parted at every delimiter that no backslash stands before; the escape of a delimiter is undone. */
function splitUnescaped(text: string, delimiter: string): readonly string[] {
  const parts = [''];
  for (let i = 0; i < text.length; i++) {
    const character = text.charAt(i);
    const next = text.charAt(i + 1);
    if (character === '\\' && next !== '') {
      parts[parts.length - 1] += next === delimiter ? next : character + next;
      i++;
    } else if (character === delimiter) parts.push('');
    else parts[parts.length - 1] += character;
  }
  return parts;
}
