/** The numbers of the analysis as people type them. Pure. */
import { inThousands } from '#base/thousands.ts';
import { BETWEEN_CHANGES, CASES, PRICE_CASES, type PriceCase, type PriceParameters } from '#trace/price-formula.ts';

export type FieldName = keyof PriceParameters;
export type Texts = Readonly<Record<FieldName, string>>;

export interface Field {
  readonly name: FieldName;
  /** Its name in the analysis. */
  readonly id: string;
  readonly label: string;
  readonly unit: string;
  readonly least: number;
  readonly most: number;
  readonly whole: boolean;
}

export const FIELDS: readonly Field[] = [
  { name: 'hours', id: 'C01', label: 'Session', unit: 'hours', least: 0.1, most: 24, whole: false },
  { name: 'changesPerHour', id: 'C02', label: 'Changes of each person', unit: 'per hour', least: 0, most: 60, whole: false },
  { name: 'refreshHours', id: 'C03', label: 'Refresh of a subscription', unit: 'every … hours', least: 0.1, most: 24, whole: false },
  { name: 'contacts', id: 'C04', label: 'Contacts of a watcher', unit: 'in the other domain', least: 1, most: 40, whole: true },
  { name: 'users', id: 'C06', label: 'Users of each domain', unit: 'at full size', least: 1, most: 1_000_000_000, whole: true },
];

export const textsOf = (parameters: PriceParameters): Texts =>
  Object.fromEntries(FIELDS.map(({ name }) => [name, String(parameters[name])])) as Record<FieldName, string>;

const LONGEST_ECHO = 20;

/** How large a number may be, in words of the field. */
const rangeOf = ({ least, most, whole }: Field): string => `${whole ? 'a whole number' : 'a number'} from ${spaced(least)} to ${spaced(most)}`;
/** What people write that is a number all the same: below zero, with an exponent, as a fraction. */
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** What is wrong with a field, in a sentence; undefined when nothing is. */
export function problemIn(field: Field, text: string): string | undefined {
  const { least, most, whole } = field;
  const trimmed = text.replace(/\s/g, '');
  if (trimmed === '') return `Nothing stands here: ${rangeOf(field)} is needed.`;
  const shown = text.trim().length > LONGEST_ECHO ? `${text.trim().slice(0, LONGEST_ECHO)}…` : text.trim();
  if (/^\d+,\d+$/.test(trimmed))
    return whole ? `“${shown}” is not whole: ${rangeOf(field)} is needed.` : `With a point, not a comma: ${trimmed.replace(',', '.')}.`;
  if (!NUMBER.test(trimmed)) return `“${shown}” is no number: ${rangeOf(field)} is needed.`;
  const value = Number(trimmed);
  if (value < least) return `${shown} is too small: ${rangeOf(field)} is needed.`;
  if (value > most) return `${shown} is too large: ${rangeOf(field)} is needed.`;
  return whole && !Number.isInteger(value) ? `${shown} is not whole: ${rangeOf(field)} is needed.` : undefined;
}

/** Undefined when one of them is wrong. */
export function parametersOf(texts: Texts): PriceParameters | undefined {
  if (FIELDS.some((field) => problemIn(field, texts[field.name]) !== undefined)) return undefined;
  return Object.fromEntries(FIELDS.map(({ name }) => [name, Number(texts[name].replace(/\s/g, ''))])) as unknown as PriceParameters;
}

/** Why numbers of which each is in its range cannot be run together, in a sentence; the formula holds all the same. */
export function problemTogether({ changesPerHour, contacts }: Pick<PriceParameters, 'changesPerHour' | 'contacts'>): string | undefined {
  const most = 3600 / BETWEEN_CHANGES;
  if (contacts * changesPerHour <= most) return undefined;
  const people = contacts === 1 ? 'One contact' : `${contacts} contacts`;
  const each = `${contacts === 1 ? 'who changes' : 'who change'} ${spaced(changesPerHour, Number.isInteger(changesPerHour) ? 0 : 1)} times an hour`;
  const slower = `at most ${Math.floor((most / contacts) * 10) / 10} changes per hour`;
  const fewer = Math.floor(most / changesPerHour);
  return `${people} ${each} cannot be counted: changes would come less than ${BETWEEN_CHANGES} seconds apart, and several be told in one NOTIFY. Take ${slower}${fewer >= 1 ? `, or at most ${fewer} ${fewer === 1 ? 'contact' : 'contacts'}` : ''}.`;
}

/** Which of the published cases these are. */
export const caseOf = (parameters: PriceParameters): PriceCase | undefined =>
  PRICE_CASES.find((each) => FIELDS.every(({ name }) => CASES[each].parameters[name] === parameters[name]));

/** Narrow spaces between thousands, at which no line breaks. */
export function spaced(number: number, digits = 0): string {
  const [whole = '', rest] = number.toFixed(digits).split('.');
  const grouped = number < 1 && number > 0 && digits === 0 ? String(number) : inThousands(whole, '\u202f');
  return rest === undefined ? grouped : `${grouped}.${rest}`;
}
