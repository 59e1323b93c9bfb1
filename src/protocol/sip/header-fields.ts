/**
 * The header of a SIP message: an ordered list of fields, every parsed line kept (RFC 3261 §7.3 and §20).
 * Names are canonical; unknown names are kept as they came and found in any letter case. Values are unfolded and trimmed, otherwise as they came.
 */
import { canonicalName, isCanonical, isListField } from './header-names.ts';
import { nextComma, splitList } from './lists.ts';

export interface HeaderField {
  readonly name: string;
  readonly value: string;
}

/** The text that a header was read from, kept only where each line stands in it as we would write it: `Name: value` CR LF. */
export interface HeaderSource {
  readonly text: string;
  /** Position of the first line. */
  readonly start: number;
  readonly lines: readonly HeaderField[];
}

const NO_SOURCE: HeaderSource = { text: '', start: 0, lines: [] };
/** What a line has besides name and value: colon, space, CR, LF. */
const LINE_EXTRA = 4;

export class HeaderFields {
  /** Each line is a value that never changes; edits replace lines. The list is shared with the source and with copies until one of them edits. */
  #lines: HeaderField[];
  #shared: boolean;
  readonly #source: HeaderSource;

  /** Takes over the lines; their names are canonical. For anything but parsing leave both out and `append`. */
  constructor(lines: HeaderField[] = [], source: HeaderSource = NO_SOURCE) {
    this.#lines = lines;
    this.#shared = source !== NO_SOURCE;
    this.#source = source;
  }

  /** The lines, to be changed. */
  #own(): HeaderField[] {
    if (this.#shared) {
      this.#lines = this.#lines.slice();
      this.#shared = false;
    }
    return this.#lines;
  }

  #indexOf(name: string): number {
    const lines = this.#lines;
    for (let i = 0; i < lines.length; i++) if ((lines[i] as HeaderField).name === name) return i;
    return isCanonical(name) ? -1 : this.#indexInAnyCase(name);
  }

  #indexInAnyCase(name: string): number {
    const canonical = canonicalName(name);
    return canonical === name ? this.#nextNamed(name.toLowerCase(), 0, false) : this.#nextNamed(canonical, 0, true);
  }

  /** The next line from `from` on with that name: exactly so, or (given in lower case) in any letter case. -1 when there is none. */
  #nextNamed(name: string, from: number, exact: boolean): number {
    const lines = this.#lines;
    for (let i = from; i < lines.length; i++) {
      const other = (lines[i] as HeaderField).name;
      if (exact ? other === name : other.length === name.length && other.toLowerCase() === name) return i;
    }
    return -1;
  }

  /** Positions of all lines with that name, in order. */
  #indexes(name: string): number[] {
    const first = this.#indexOf(name);
    if (first < 0) return [];
    const spelling = this.#nameAt(first);
    const exact = isCanonical(spelling);
    const sought = exact ? spelling : spelling.toLowerCase();
    const indexes = [first];
    for (let i = this.#nextNamed(sought, first + 1, exact); i >= 0; i = this.#nextNamed(sought, i + 1, exact)) indexes.push(i);
    return indexes;
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
    return nextComma(value, 0) < 0 ? value : splitList(value)[0];
  }

  /** All single values over all lines, in order. Lines of fields that are not lists count as one value each. */
  values(name: string): string[] {
    const lines = this.lines(name);
    if (lines.length === 0 || !isListField(canonicalName(name))) return lines;
    const values: string[] = [];
    for (const line of lines) {
      if (nextComma(line, 0) >= 0) for (const value of splitList(line)) values.push(value);
      else if (line.trim() !== '') values.push(line.trim());
    }
    return values;
  }

  /** The values of all lines with that name, whole, in order. */
  lines(name: string): string[] {
    return this.#indexes(name).map((i) => this.#valueAt(i));
  }

  has(name: string): boolean {
    return this.#indexOf(name) >= 0;
  }

  /** How many lines have that name. */
  count(name: string): number {
    return this.#indexes(name).length;
  }

  /** Replaces all lines of that name, in the place of the first; appends when absent. */
  set(name: string, value: string): void {
    const first = this.#indexOf(name);
    if (first < 0) {
      this.#own().push({ name: canonicalName(name), value });
      return;
    }
    const spelling = this.#nameAt(first);
    const exact = isCanonical(spelling);
    const sought = exact ? spelling : spelling.toLowerCase();
    for (let i = this.#nextNamed(sought, first + 1, exact); i >= 0; i = this.#nextNamed(sought, i, exact)) this.#take(i);
    this.#put(first, value);
  }

  /** Adds a line after the last one of that name, or at the end. */
  append(name: string, value: string): void {
    const last = this.#indexes(name).at(-1);
    if (last === undefined) this.#own().push({ name: canonicalName(name), value });
    else this.#insert(last + 1, this.#nameAt(last), value);
  }

  /** Adds a line on top of the first one of that name. When absent: Via at the very top, any other after the last Via. */
  prepend(name: string, value: string): void {
    const first = this.#indexOf(name);
    if (first >= 0) this.#insert(first, this.#nameAt(first), value);
    else {
      const spelling = canonicalName(name);
      this.#insert(spelling === 'Via' ? 0 : this.#lines.findLastIndex((line) => line.name === 'Via') + 1, spelling, value);
    }
  }

  /** True when there was such a line. */
  remove(name: string): boolean {
    const indexes = this.#indexes(name);
    for (let i = indexes.length - 1; i >= 0; i--) this.#take(indexes[i] as number);
    return indexes.length > 0;
  }

  /** Pops the topmost single value, even out of a comma list. Empty elements are dropped on the way. */
  removeFirst(name: string): string | undefined {
    for (;;) {
      const index = this.#indexOf(name);
      if (index < 0) return undefined;
      const value = this.#valueAt(index);
      const comma = isListField(this.#nameAt(index)) ? nextComma(value, 0) : -1;
      if (comma < 0) {
        this.#take(index);
        return value;
      }
      const rest = value.slice(comma + 1).trim();
      if (rest === '') this.#take(index);
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
    const copy = new HeaderFields(this.#lines, this.#source);
    copy.#shared = this.#shared = true;
    return copy;
  }

  /** `head` and all lines but Content-Length, each ended by CRLF. Lines that stand as they came are taken over in runs. */
  format(head: string): string {
    const lines = this.#lines;
    const came = this.#source.lines;
    const source = this.#source.text;
    let text = head;
    // The line of the source that is next, and where it begins.
    let next = 0;
    let at = this.#source.start;
    for (let i = 0; i < lines.length;) {
      const line = lines[i++] as HeaderField;
      if (line.name === 'Content-Length') continue;
      let index = next;
      let start = at;
      while (index < came.length && came[index] !== line) {
        const passed = came[index++] as HeaderField;
        start += passed.name.length + passed.value.length + LINE_EXTRA;
      }
      if (index === came.length) {
        text += line.name + ': ' + line.value + '\r\n';
        continue;
      }
      next = index + 1;
      at = start + line.name.length + line.value.length + LINE_EXTRA;
      // The lines that follow here as they followed there are one piece of the text.
      for (; i < lines.length && next < came.length; i++, next++) {
        const follower = lines[i] as HeaderField;
        if (came[next] !== follower || follower.name === 'Content-Length') break;
        at += follower.name.length + follower.value.length + LINE_EXTRA;
      }
      text += source.slice(start, at);
    }
    return text;
  }

  #nameAt(index: number): string {
    return (this.#lines[index] as HeaderField).name;
  }

  #valueAt(index: number): string {
    return (this.#lines[index] as HeaderField).value;
  }

  /** Lines are moved one by one: `splice` makes a list of what it took away, each time. */
  #insert(index: number, name: string, value: string): void {
    const lines = this.#own();
    const line = { name, value };
    lines.push(line);
    for (let i = lines.length - 1; i > index; i--) lines[i] = lines[i - 1] as HeaderField;
    lines[index] = line;
  }

  #take(index: number): void {
    const lines = this.#own();
    for (let i = index + 1; i < lines.length; i++) lines[i - 1] = lines[i] as HeaderField;
    lines.pop();
  }

  #put(index: number, value: string): void {
    this.#own()[index] = { name: this.#nameAt(index), value };
  }
}
