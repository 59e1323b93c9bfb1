/** What is wrong with what stands in a field of a rule: said at the field. The server takes any URI and any word for a domain, but nobody would be found by it. */
import { isDateTime } from '#presence/pidf/iso-time.ts';
import { rowsOfRules, type RuleRow, wordsOf } from './rules-form.ts';

export type RuleFaults = Readonly<Partial<Record<'people' | 'domain' | 'except' | 'from' | 'until', string>>>;

const LONGEST_ECHO = 40;
const echo = (word: string): string => `“${word.length > LONGEST_ECHO ? `${word.slice(0, LONGEST_ECHO)}…` : word}”`;

const isDomain = (word: string): boolean =>
  word.length <= 253 && /^(?=.*[a-z])(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i.test(word);
/** With a port or without. */
const isHost = (word: string): boolean => isDomain(word.replace(/:\d{1,5}$/, '')) || /^(?:\d{1,3}(?:\.\d{1,3}){3}|\[[\da-f:.]+\])(?::\d{1,5})?$/i.test(word);

/** Undefined where somebody may be found by it. */
function faultOfAddress(word: string): string | undefined {
  const [, scheme, rest = ''] = /^([a-z][a-z\d+.-]*):(.*)$/i.exec(word) ?? [];
  if (scheme === undefined) {
    if (word.includes('@') && faultOfAddress(`sip:${word}`) === undefined) return `${echo(word)} lacks its beginning: ${`sip:${word}`.slice(0, LONGEST_ECHO)}.`;
    return `${echo(word)} is no address: one looks like sip:user1_public1@home1.net or tel:+12125551001.`;
  }
  if (/^tel$/i.test(scheme))
    return /^\+?[\d.()-]*\d[\d.()-]*(?:;\S+)?$/.test(rest) ? undefined : `${echo(word)} is no telephone number: one looks like tel:+12125551001.`;
  if (!/^(?:sips?|pres)$/i.test(scheme)) return `Nobody is known by ${echo(word)}: an address begins with sip:, sips:, pres: or tel:.`;
  const [user = '', host, ...more] = rest.replace(/[;?].*$/, '').split('@');
  if (host === undefined || user === '') return `${echo(word)} names no user: an address looks like sip:user1_public1@home1.net.`;
  return more.length === 0 && isHost(host) ? undefined : `${echo(word)} is no address: ${echo([host, ...more].join('@'))} is no domain.`;
}

/** A domain, or an address. */
function faultOfExcept(word: string): string | undefined {
  if (/[:@]/.test(word)) return faultOfAddress(word);
  return isDomain(word) ? undefined : `${echo(word)} is neither an address (sip:user1_public1@home1.net) nor a domain (home1.net).`;
}

const firstFault = (text: string, faultOf: (word: string) => string | undefined): string | undefined =>
  wordsOf(text)
    .map(faultOf)
    .find((fault) => fault !== undefined);

const faultOfMoment = (text: string): string | undefined =>
  text.trim() === '' || isDateTime(text.trim()) ? undefined : `${echo(text.trim())} is no moment: one looks like 2026-01-05T09:00:00Z.`;

/** Of the fields that are shown. */
export function faultsOfRow({ who, people, domain, except, from, until }: RuleRow): RuleFaults {
  const named = wordsOf(domain);
  const of = {
    people: who === 'people' ? firstFault(people, faultOfAddress) : undefined,
    domain:
      who !== 'domain' || named.length === 0
        ? undefined
        : named.length > 1
          ? 'One domain only: another one needs a rule of its own.'
          : isDomain(domain.trim())
            ? undefined
            : `${echo(domain.trim())} is no domain: one looks like home1.net.`,
    except: who === 'domain' || who === 'identified' ? firstFault(except, faultOfExcept) : undefined,
    from: faultOfMoment(from),
    until: faultOfMoment(until),
  };
  return Object.fromEntries(Object.entries(of).filter(([, fault]) => fault !== undefined));
}

/** For the verdict on a document that the server takes. */
export function faultyRules(text: string): number {
  const rows = rowsOfRules(text);
  return 'kind' in rows ? 0 : rows.filter((shown) => shown.kind === 'row' && Object.keys(faultsOfRow(shown.row)).length > 0).length;
}
