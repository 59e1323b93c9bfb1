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

/** One line. It never changes; where it still is what came, it remembers from where to where, line end included. */
export class HeaderLine implements HeaderField {
  readonly name: string;
  readonly value: string;
  readonly #start: number;
  readonly #end: number;

  /** -1 and -1: the line is not a piece of the text that came. */
  constructor(name: string, value: string, start: number, end: number) {
    this.name = name;
    this.value = value;
    this.#start = start;
    this.#end = end;
  }

  static startOf(line: HeaderLine): number {
    return line.#start;
  }

  static endOf(line: HeaderLine): number {
    return line.#end;
  }
}

export class HeaderFields {
  readonly #lines: HeaderLine[];
  readonly #source: string;

  /** Takes over the lines, names canonical, positions in `source`. For anything but parsing, start empty and `append`. */
  constructor(lines: HeaderLine[] = [], source = '') {
    this.#lines = lines;
    this.#source = source;
  }

  #indexOf(name: string): number {
    const lines = this.#lines;
    for (let i = 0; i < lines.length; i++) if ((lines[i] as HeaderLine).name === name) return i;
    return isCanonical(name) ? -1 : this.#indexInAnyCase(name);
  }

  #indexInAnyCase(name: string): number {
    const canonical = canonicalName(name);
    if (canonical !== name) return this.#lines.findIndex((line) => line.name === canonical);
    const lower = name.toLowerCase();
    return this.#lines.findIndex((line) => line.name.length === lower.length && line.name.toLowerCase() === lower);
  }

  /** The name as this header spells it. */
  #spelling(name: string): string {
    const index = this.#indexOf(name);
    return index < 0 ? canonicalName(name) : this.#nameAt(index);
  }

  get size(): number {
    return this.#lines.length;
  }

  /** The value of the first line with that name, whole. */
  get(name: string): string | undefined {
    const index = this.#indexOf(name);
    return index < 0 ? undefined : this.#valueAt(index);
  }

  /** The topmost single value: of a comma list its first element. */
  first(name: string): string | undefined {
    const index = this.#indexOf(name);
    if (index < 0) return undefined;
    const value = this.#valueAt(index);
    if (!isListField(this.#nameAt(index))) return value;
    const comma = nextComma(value, 0);
    return comma < 0 ? value : splitList(value)[0];
  }

  /** All single values over all lines, in order. Lines of fields that are not lists count as one value each. */
  values(name: string): string[] {
    const found: string[] = [];
    const first = this.#indexOf(name);
    if (first < 0) return found;
    const spelling = this.#nameAt(first);
    const list = isListField(spelling);
    for (let i = first; i < this.#lines.length; i++) {
      if (!this.#isNamed(i, spelling)) continue;
      const value = this.#valueAt(i);
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
    const spelling = this.#nameAt(first);
    for (let i = first; i < this.#lines.length; i++) if (this.#isNamed(i, spelling)) found.push(this.#valueAt(i));
    return found;
  }

  #isNamed(index: number, spelling: string): boolean {
    const name = this.#nameAt(index);
    return name === spelling || (!isCanonical(spelling) && name.length === spelling.length && name.toLowerCase() === spelling.toLowerCase());
  }

  has(name: string): boolean {
    return this.#indexOf(name) >= 0;
  }

  /** How many lines have that name. */
  count(name: string): number {
    const first = this.#indexOf(name);
    if (first < 0) return 0;
    const spelling = this.#nameAt(first);
    let count = 0;
    for (let i = first; i < this.#lines.length; i++) if (this.#isNamed(i, spelling)) count++;
    return count;
  }

  /** Replaces all lines of that name, in the place of the first; appends when absent. */
  set(name: string, value: string): void {
    const index = this.#indexOf(name);
    if (index < 0) {
      this.#lines.push(new HeaderLine(canonicalName(name), value, -1, -1));
      return;
    }
    this.#put(index, value);
    const spelling = this.#nameAt(index);
    for (let i = this.#lines.length - 1; i > index; i--) if (this.#isNamed(i, spelling)) this.#drop(i);
  }

  /** Adds a line after the last one of that name, or at the end. */
  append(name: string, value: string): void {
    const spelling = this.#spelling(name);
    let at = this.#lines.length;
    for (let i = this.#lines.length - 1; i >= 0; i--) {
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
    const spelling = at < 0 ? canonicalName(name) : this.#nameAt(at);
    if (at < 0) at = spelling === 'Via' ? 0 : this.#lines.findLastIndex((line) => line.name === 'Via') + 1;
    this.#insert(at, spelling, value);
  }

  /** True when there was such a line. */
  remove(name: string): boolean {
    const first = this.#indexOf(name);
    if (first < 0) return false;
    const spelling = this.#nameAt(first);
    for (let i = this.#lines.length - 1; i >= first; i--) if (this.#isNamed(i, spelling)) this.#drop(i);
    return true;
  }

  /** Pops the topmost single value, even out of a comma list. Empty elements are dropped on the way. */
  removeFirst(name: string): string | undefined {
    for (;;) {
      const index = this.#indexOf(name);
      if (index < 0) return undefined;
      const value = this.#valueAt(index);
      const comma = isListField(this.#nameAt(index)) ? nextComma(value, 0) : -1;
      if (comma < 0) {
        this.#drop(index);
        return value;
      }
      const rest = value.slice(comma + 1).trim();
      if (rest === '') this.#drop(index);
      else this.#put(index, rest);
      const item = value.slice(0, comma).trim();
      if (item !== '') return item;
    }
  }

  /** A list of its own: later changes of the header do not show in it. */
  fields(): readonly HeaderField[] {
    return this.#lines.slice();
  }

  clone(): HeaderFields {
    return new HeaderFields(this.#lines.slice(), this.#source);
  }

  /** `head` and all lines but Content-Length, each ended by CRLF. Lines that stand as they came are taken over in runs. */
  format(head: string): string {
    const lines = this.#lines;
    let text = head;
    for (let i = 0; i < lines.length; i++) {
      const line = lines[i] as HeaderLine;
      if (line.name === 'Content-Length') continue;
      const start = HeaderLine.startOf(line);
      if (start < 0) {
        text += line.name + ': ' + line.value + '\r\n';
        continue;
      }
      let end = HeaderLine.endOf(line);
      while (i + 1 < lines.length) {
        const next = lines[i + 1] as HeaderLine;
        if (HeaderLine.startOf(next) !== end || next.name === 'Content-Length') break;
        end = HeaderLine.endOf(next);
        i++;
      }
      text += this.#source.slice(start, end);
    }
    return text;
  }

  #nameAt(index: number): string {
    return (this.#lines[index] as HeaderLine).name;
  }

  #valueAt(index: number): string {
    return (this.#lines[index] as HeaderLine).value;
  }

  #put(index: number, value: string): void {
    this.#lines[index] = new HeaderLine(this.#nameAt(index), value, -1, -1);
  }

  #insert(at: number, name: string, value: string): void {
    this.#lines.splice(at, 0, new HeaderLine(name, value, -1, -1));
  }

  #drop(at: number): void {
    this.#lines.splice(at, 1);
  }
}
