/**
 * The header of a SIP message: an ordered list of fields, every parsed line kept (RFC 3261 sections 7.3 and 20).
 * Names are canonical; unknown names are kept as they came and found in any letter case. Values are unfolded and trimmed, otherwise as they came.
 */
import { canonicalName, isCanonical, isListField } from './header-names.ts';
import { nextComma, splitList } from './lists.ts';

export interface HeaderField {
  readonly name: string;
  readonly value: string;
}

export class HeaderFields {
  readonly #names: string[];
  readonly #values: string[];

  /** Takes over both arrays (equally long, names canonical). For anything but parsing, start empty and `append`. */
  constructor(names: string[] = [], values: string[] = []) {
    this.#names = names;
    this.#values = values;
  }

  #indexOf(name: string): number {
    const names = this.#names;
    for (let i = 0; i < names.length; i++) if (names[i] === name) return i;
    return isCanonical(name) ? -1 : this.#indexInAnyCase(name);
  }

  #indexInAnyCase(name: string): number {
    const canonical = canonicalName(name);
    if (canonical !== name) return this.#names.indexOf(canonical);
    const lower = name.toLowerCase();
    return this.#names.findIndex((other) => other.length === lower.length && other.toLowerCase() === lower);
  }

  /** The name as this header spells it. */
  #spelling(name: string): string {
    const index = this.#indexOf(name);
    return index < 0 ? canonicalName(name) : (this.#names[index] as string);
  }

  get size(): number {
    return this.#names.length;
  }

  /** The value of the first line with that name, whole. */
  get(name: string): string | undefined {
    const index = this.#indexOf(name);
    return index < 0 ? undefined : this.#values[index];
  }

  /** The topmost single value: of a comma list its first element. */
  first(name: string): string | undefined {
    const index = this.#indexOf(name);
    if (index < 0) return undefined;
    const value = this.#values[index] as string;
    if (!isListField(this.#names[index] as string)) return value;
    const comma = nextComma(value, 0);
    return comma < 0 ? value : splitList(value)[0];
  }

  /** All single values over all lines, in order. Lines of fields that are not lists count as one value each. */
  values(name: string): string[] {
    const found: string[] = [];
    const first = this.#indexOf(name);
    if (first < 0) return found;
    const spelling = this.#names[first] as string;
    const list = isListField(spelling);
    for (let i = first; i < this.#names.length; i++) {
      if (!this.#isNamed(i, spelling)) continue;
      const value = this.#values[i] as string;
      if (!list) found.push(value);
      else if (value.indexOf(',') < 0) {
        if (value !== '') found.push(value);
      } else for (const item of splitList(value)) found.push(item);
    }
    return found;
  }

  /** The values of all lines with that name, whole, in order. */
  lines(name: string): string[] {
    const found: string[] = [];
    const first = this.#indexOf(name);
    if (first < 0) return found;
    const spelling = this.#names[first] as string;
    for (let i = first; i < this.#names.length; i++) if (this.#isNamed(i, spelling)) found.push(this.#values[i] as string);
    return found;
  }

  #isNamed(index: number, spelling: string): boolean {
    const name = this.#names[index] as string;
    return name === spelling || (!isCanonical(spelling) && name.length === spelling.length && name.toLowerCase() === spelling.toLowerCase());
  }

  has(name: string): boolean {
    return this.#indexOf(name) >= 0;
  }

  /** How many lines have that name. */
  count(name: string): number {
    const first = this.#indexOf(name);
    if (first < 0) return 0;
    const spelling = this.#names[first] as string;
    let count = 0;
    for (let i = first; i < this.#names.length; i++) if (this.#isNamed(i, spelling)) count++;
    return count;
  }

  /** Replaces all lines of that name, in the place of the first; appends when absent. */
  set(name: string, value: string): void {
    const index = this.#indexOf(name);
    if (index < 0) {
      this.#names.push(canonicalName(name));
      this.#values.push(value);
      return;
    }
    this.#values[index] = value;
    const spelling = this.#names[index] as string;
    for (let i = this.#names.length - 1; i > index; i--) if (this.#isNamed(i, spelling)) this.#drop(i);
  }

  /** Adds a line after the last one of that name, or at the end. */
  append(name: string, value: string): void {
    const spelling = this.#spelling(name);
    let at = this.#names.length;
    for (let i = this.#names.length - 1; i >= 0; i--) {
      if (this.#isNamed(i, spelling)) {
        at = i + 1;
        break;
      }
    }
    this.#insert(at, spelling, value);
  }

  /** Adds a line on top of the first one of that name. When absent: Via at the very top, any other after the last Via. */
  prepend(name: string, value: string): void {
    let at = this.#indexOf(name);
    const spelling = at < 0 ? canonicalName(name) : (this.#names[at] as string);
    if (at < 0) at = spelling === 'Via' ? 0 : this.#names.lastIndexOf('Via') + 1;
    this.#insert(at, spelling, value);
  }

  /** True when there was such a line. */
  remove(name: string): boolean {
    const first = this.#indexOf(name);
    if (first < 0) return false;
    const spelling = this.#names[first] as string;
    for (let i = this.#names.length - 1; i >= first; i--) if (this.#isNamed(i, spelling)) this.#drop(i);
    return true;
  }

  /** Pops the topmost single value, even out of a comma list. Empty elements are dropped on the way. */
  removeFirst(name: string): string | undefined {
    for (;;) {
      const index = this.#indexOf(name);
      if (index < 0) return undefined;
      const value = this.#values[index] as string;
      const comma = isListField(this.#names[index] as string) ? nextComma(value, 0) : -1;
      if (comma < 0) {
        this.#drop(index);
        return value;
      }
      const rest = value.slice(comma + 1).trim();
      if (rest === '') this.#drop(index);
      else this.#values[index] = rest;
      const item = value.slice(0, comma).trim();
      if (item !== '') return item;
    }
  }

  fields(): readonly HeaderField[] {
    return this.#names.map((name, i) => ({ name, value: this.#values[i] as string }));
  }

  clone(): HeaderFields {
    return new HeaderFields(this.#names.slice(), this.#values.slice());
  }

  /** `head` and all lines but Content-Length, each ended by CRLF. */
  format(head: string): string {
    const names = this.#names;
    const values = this.#values;
    let text = head;
    for (let i = 0; i < names.length; i++) {
      const name = names[i] as string;
      if (name !== 'Content-Length') text += name + ': ' + (values[i] as string) + '\r\n';
    }
    return text;
  }

  #insert(at: number, name: string, value: string): void {
    this.#names.splice(at, 0, name);
    this.#values.splice(at, 0, value);
  }

  #drop(at: number): void {
    this.#names.splice(at, 1);
    this.#values.splice(at, 1);
  }
}
