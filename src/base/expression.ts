/**
 * Extended regular expressions of POSIX, matched in time that grows with the text only: for filter criteria (TS 29.228 Annex F) and for what ENUM makes of
 * a number (RFC 6116). They come from profiles and directories and run on what strangers send, so an engine that tries alternatives one after the other will
 * not do: it can be made to try for ever. All alternatives are followed at once; the sets of them are remembered, so that an ordinary expression costs a
 * look-up for each character. What the groups took is found by `expression-groups.ts`.
 * Omitted: back references, equivalence classes, look-around. `\d \w \s` are understood as well, `?` after a repetition is taken as in POSIX.
 */

export interface Expression {
  /** Whether some part of the text matches. */
  test(text: string): boolean;
}

/** Longest expression, and most parts that its repetitions may unfold into. */
const MAX_LENGTH = 200;
const MAX_STATES = 2000;
/** Sets of states remembered for one expression, before it starts afresh. */
const MAX_REMEMBERED = 500;

type Matches = (code: number) => boolean;

/** `eat` goes on with `to` after a character that it matches; `fork` goes on with both at once, `to` first; `start` and `end` only there; `mark` notes the place. */
export type State =
  | { readonly kind: 'eat'; readonly matches: Matches; to: number }
  | { readonly kind: 'fork'; to: number; also: number }
  | { readonly kind: 'mark'; readonly slot: number; to: number }
  | { readonly kind: 'start' | 'end'; to: number }
  | { readonly kind: 'done' };

type Node =
  | { readonly kind: 'character'; readonly matches: Matches }
  | { readonly kind: 'start' | 'end' }
  | { readonly kind: 'group'; readonly number: number; readonly part: Node }
  | { readonly kind: 'sequence' | 'choice'; readonly parts: readonly Node[] }
  | { readonly kind: 'repeat'; readonly part: Node; readonly least: number; readonly most: number };

class NotAnExpression extends Error {}

/** Undefined when the text is not an expression that is understood here, or too large to be meant seriously. */
export function compileExpression(text: string): Expression | undefined {
  const machine = compileStates(text, false);
  return machine === undefined ? undefined : new Automaton(machine.states, machine.first);
}

/** States to be followed from `first` until state 0, which is the end. */
export interface StateMachine {
  readonly states: readonly State[];
  readonly first: number;
  /** How many groups the expression has. */
  readonly groups: number;
}

/** The states of an expression, with marks at both ends of each group when `marked`. */
export function compileStates(text: string, marked: boolean): StateMachine | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  try {
    const builder = new Builder(marked);
    const reader = new Reader(text);
    const first = builder.build(reader.read(), 0);
    return { states: builder.states, first, groups: reader.groups };
  } catch (error) {
    if (error instanceof NotAnExpression) return undefined;
    throw error;
  }
}

const isDigit: Matches = (code) => code >= 48 && code <= 57;
const isLower: Matches = (code) => code >= 97 && code <= 122;
const isUpper: Matches = (code) => code >= 65 && code <= 90;
const isSpace: Matches = (code) => code === 32 || (code >= 9 && code <= 13);
const isWord: Matches = (code) => isDigit(code) || isLower(code) || isUpper(code) || code === 95;
const isPrint: Matches = (code) => code >= 32 && code < 127;
const isAlnum: Matches = (code) => isDigit(code) || isLower(code) || isUpper(code);

const CLASSES: Readonly<Record<string, Matches>> = {
  alnum: isAlnum,
  alpha: (code) => isLower(code) || isUpper(code),
  blank: (code) => code === 32 || code === 9,
  cntrl: (code) => code < 32 || code === 127,
  digit: isDigit,
  graph: (code) => isPrint(code) && code !== 32,
  lower: isLower,
  print: isPrint,
  punct: (code) => isPrint(code) && code !== 32 && !isAlnum(code),
  space: isSpace,
  upper: isUpper,
  xdigit: (code) => isDigit(code) || (code >= 65 && code <= 70) || (code >= 97 && code <= 102),
};
const ESCAPES: Readonly<Record<string, Matches>> = { d: isDigit, w: isWord, s: isSpace };

class Reader {
  /** Counted by their opening parentheses. */
  groups = 0;
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(): Node {
    const node = this.#choice();
    if (this.#at < this.#text.length) throw new NotAnExpression();
    return node;
  }

  #choice(): Node {
    const parts = [this.#sequence()];
    while (this.#take('|')) parts.push(this.#sequence());
    return parts.length === 1 ? (parts[0] as Node) : { kind: 'choice', parts };
  }

  #sequence(): Node {
    const parts: Node[] = [];
    while (this.#at < this.#text.length && this.#peek() !== '|' && this.#peek() !== ')') parts.push(this.#repeated(this.#one()));
    return { kind: 'sequence', parts };
  }

  #repeated(part: Node): Node {
    let node = part;
    for (;;) {
      if (this.#take('*')) node = { kind: 'repeat', part: node, least: 0, most: Infinity };
      else if (this.#take('+')) node = { kind: 'repeat', part: node, least: 1, most: Infinity };
      else if (this.#take('?')) node = { kind: 'repeat', part: node, least: 0, most: 1 };
      else if (this.#peek() === '{') {
        const bounds = /^\{(\d{1,3})(,(\d{0,3}))?\}/.exec(this.#text.slice(this.#at));
        if (bounds === null) throw new NotAnExpression();
        this.#at += bounds[0].length;
        const least = Number(bounds[1]);
        const most = bounds[2] === undefined ? least : bounds[3] === '' ? Infinity : Number(bounds[3]);
        if (most < least) throw new NotAnExpression();
        node = { kind: 'repeat', part: node, least, most };
      } else return node;
    }
  }

  #one(): Node {
    const character = this.#next();
    switch (character) {
      case '^':
        return { kind: 'start' };
      case '$':
        return { kind: 'end' };
      case '.':
        return { kind: 'character', matches: () => true };
      case '[':
        return { kind: 'character', matches: this.#bracket() };
      case '(': {
        const plain = this.#take('?');
        if (plain && !this.#take(':')) throw new NotAnExpression();
        const number = plain ? 0 : ++this.groups;
        const part = this.#choice();
        if (!this.#take(')')) throw new NotAnExpression();
        return plain ? part : { kind: 'group', number, part };
      }
      case '*':
      case '+':
      case '?':
      case '{':
        throw new NotAnExpression();
      case '\\':
        return { kind: 'character', matches: this.#escape() };
      default:
        return { kind: 'character', matches: exactly(character) };
    }
  }

  #escape(): Matches {
    const character = this.#next();
    const known = ESCAPES[character];
    if (known !== undefined) return known;
    const opposite = ESCAPES[character.toLowerCase()];
    if (opposite !== undefined) return (code) => !opposite(code);
    // A letter or digit that means something elsewhere is not quietly taken as itself.
    if (isAlnum(character.charCodeAt(0))) throw new NotAnExpression();
    return exactly(character);
  }

  #bracket(): Matches {
    const negated = this.#take('^');
    const members: Matches[] = [];
    for (let isFirst = true; isFirst || this.#peek() !== ']'; isFirst = false) {
      const named = /^\[:(\w+):\]/.exec(this.#text.slice(this.#at));
      if (named !== null) {
        const known = CLASSES[named[1] ?? ''];
        if (known === undefined) throw new NotAnExpression();
        members.push(known);
        this.#at += named[0].length;
        continue;
      }
      const from = this.#next();
      if (from === '\\') {
        members.push(this.#escape());
        continue;
      }
      if (this.#peek() === '-' && this.#text.charAt(this.#at + 1) !== ']' && this.#at + 1 < this.#text.length) {
        this.#at++;
        const [low, high] = [from.charCodeAt(0), this.#next().charCodeAt(0)];
        if (high < low) throw new NotAnExpression();
        members.push((code) => code >= low && code <= high);
      } else members.push(exactly(from));
    }
    this.#at++;
    return (code) => members.some((member) => member(code)) !== negated;
  }

  #peek(): string {
    return this.#text.charAt(this.#at);
  }

  #next(): string {
    if (this.#at >= this.#text.length) throw new NotAnExpression();
    return this.#text.charAt(this.#at++);
  }

  #take(character: string): boolean {
    if (this.#peek() !== character) return false;
    this.#at++;
    return true;
  }
}

const exactly = (character: string): Matches => {
  const wanted = character.charCodeAt(0);
  return (code) => code === wanted;
};

class Builder {
  readonly states: State[] = [{ kind: 'done' }];
  readonly #marked: boolean;
  #work = 0;

  constructor(marked: boolean) {
    this.#marked = marked;
  }

  /** Adds the states of a node that goes on to state `to`; gives the state to begin with. */
  build(node: Node, to: number): number {
    // What is repeated may be empty, so that states alone do not tell how much there is to do.
    if (++this.#work > MAX_STATES) throw new NotAnExpression();
    switch (node.kind) {
      case 'character':
        return this.#add({ kind: 'eat', matches: node.matches, to });
      case 'start':
      case 'end':
        return this.#add({ kind: node.kind, to });
      case 'group':
        if (!this.#marked) return this.build(node.part, to);
        return this.#add({ kind: 'mark', slot: 2 * node.number, to: this.build(node.part, this.#add({ kind: 'mark', slot: 2 * node.number + 1, to })) });
      case 'sequence':
        return node.parts.reduceRight((next, part) => this.build(part, next), to);
      case 'choice':
        return node.parts.map((part) => this.build(part, to)).reduce((also, first) => this.#add({ kind: 'fork', to: first, also }));
      case 'repeat': {
        let next = to;
        if (node.most === Infinity) {
          const fork: State = { kind: 'fork', to, also: to };
          next = this.#add(fork);
          fork.to = this.build(node.part, next);
        } else for (let i = node.least; i < node.most; i++) next = this.#add({ kind: 'fork', to: this.build(node.part, next), also: to });
        for (let i = 0; i < node.least; i++) next = this.build(node.part, next);
        return next;
      }
    }
  }

  #add(state: State): number {
    return this.states.push(state) - 1;
  }
}

/** A set of states that are all followed, and what is known of where each character leads. */
interface Followed {
  readonly states: readonly number[];
  readonly done: boolean;
  /** Filled in when asked for. */
  doneAtEnd: boolean | undefined;
  readonly next: Map<number, Followed>;
}

class Automaton implements Expression {
  readonly #states: readonly State[];
  readonly #first: number;
  readonly #remembered = new Map<string, Followed>();
  #begin: Followed | undefined;

  constructor(states: readonly State[], first: number) {
    this.#states = states;
    this.#first = first;
  }

  test(text: string): boolean {
    let followed = (this.#begin ??= this.#follow([this.#first], true));
    for (let i = 0; i < text.length; i++) {
      if (followed.done) return true;
      const code = text.charCodeAt(i);
      let next = followed.next.get(code);
      if (next === undefined) {
        // A match may begin at any character, so the first state is always followed as well.
        const reached = [this.#first];
        for (const state of followed.states) {
          const one = this.#states[state] as State;
          if (one.kind === 'eat' && one.matches(code)) reached.push(one.to);
        }
        next = this.#follow(reached, false);
        if (followed.next.size < MAX_REMEMBERED) followed.next.set(code, next);
      }
      followed = next;
    }
    followed.doneAtEnd ??= followed.done || this.#closure(followed.states, text.length === 0, true).includes(0);
    return followed.doneAtEnd;
  }

  #follow(from: readonly number[], atStart: boolean): Followed {
    const states = this.#closure(from, atStart, false);
    const key = `${atStart ? '^' : ''}${states.join(' ')}`;
    let followed = this.#remembered.get(key);
    if (followed === undefined) {
      if (this.#remembered.size >= MAX_REMEMBERED) {
        this.#remembered.clear();
        this.#begin = undefined;
      }
      followed = { states, done: states.includes(0), doneAtEnd: undefined, next: new Map() };
      this.#remembered.set(key, followed);
    }
    return followed;
  }

  /** All states that are reached without a character, in order of their numbers. */
  #closure(from: readonly number[], atStart: boolean, atEnd: boolean): readonly number[] {
    const seen = new Set<number>();
    const stack = [...from];
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      if (seen.has(at)) continue;
      seen.add(at);
      const state = this.#states[at] as State;
      if (state.kind === 'fork') stack.push(state.to, state.also);
      else if (state.kind === 'mark' || (state.kind === 'start' && atStart) || (state.kind === 'end' && atEnd)) stack.push(state.to);
    }
    return [...seen].sort((a, b) => a - b);
  }
}
