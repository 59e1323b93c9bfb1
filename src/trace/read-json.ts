/**
 * Readers of untrusted JSON, composed by shape. A reader returns the value in the expected shape or throws a PathError that says where and
 * what was expected; whoever opens the door catches it.
 */

/** Not what was expected; `path` in the form `records[3].sentAt`. */
export class PathError extends Error {
  override readonly name = 'PathError';
  readonly path: string;
  readonly expected: string;

  constructor(path: string, expected: string) {
    super(`${path === '' ? 'the file' : path}: expected ${expected}`);
    this.path = path;
    this.expected = expected;
  }
}

export type Read<T> = (value: unknown, path: string) => T;

export const text: Read<string> = (value, path) => {
  if (typeof value !== 'string') throw new PathError(path, 'a text');
  return value;
};

/** An integer from `from` that a number holds exactly. */
export const integer =
  (from: number): Read<number> =>
  (value, path) => {
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < from) throw new PathError(path, `an integer from ${from}`);
    return value;
  };

export const truth: Read<boolean> = (value, path) => {
  if (typeof value !== 'boolean') throw new PathError(path, 'true or false');
  return value;
};

export const oneOf =
  <const T extends string | number>(...values: readonly T[]): Read<T> =>
  (value, path) => {
    const found = values.find((v) => v === value);
    if (found === undefined) throw new PathError(path, values.length === 1 ? JSON.stringify(values[0]) : `one of ${values.join(', ')}`);
    return found;
  };

export const listOf =
  <T>(read: Read<T>): Read<readonly T[]> =>
  (value, path) => {
    if (!Array.isArray(value)) throw new PathError(path, 'a list');
    return value.map((item: unknown, i) => read(item, `${path}[${i}]`));
  };

export type Members = Readonly<Record<string, unknown>>;

export const members: Read<Members> = (value, path) => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new PathError(path, 'an object');
  return value as Members;
};

/** Marks a member that may be missing. */
export interface Optional<T> {
  readonly optional: Read<T>;
}
export const optional = <T>(read: Read<T>): Optional<T> => ({ optional: read });

type Shape = Readonly<Record<string, Read<unknown> | Optional<unknown>>>;
type Shaped<S extends Shape> = { readonly [K in keyof S as S[K] extends Optional<unknown> ? never : K]: S[K] extends Read<infer T> ? T : never } & {
  readonly [K in keyof S as S[K] extends Optional<unknown> ? K : never]?: S[K] extends Optional<infer T> ? T : never;
};

/** An object with these members; others are refused, so that a misspelt one is noticed. */
export const shaped =
  <const S extends Shape>(shape: S): Read<Shaped<S>> =>
  (value, path) => {
    const given = members(value, path);
    const out: Record<string, unknown> = {};
    for (const key of Object.keys(given)) {
      if (!Object.hasOwn(shape, key)) throw new PathError(member(path, key), `no such member (known: ${Object.keys(shape).join(', ')})`);
    }
    for (const [key, read] of Object.entries(shape)) {
      const item = given[key];
      if (typeof read === 'function') out[key] = read(item, member(path, key));
      else if (item !== undefined) out[key] = read.optional(item, member(path, key));
    }
    return out as Shaped<S>;
  };

const member = (path: string, key: string): string => (path === '' ? key : `${path}.${key}`);

/** Picks the reader by the member `kind`. */
export const byKind =
  <const R extends Readonly<Record<string, Read<unknown>>>>(readers: R): Read<R[keyof R] extends Read<infer T> ? T : never> =>
  (value, path) => {
    const kind = members(value, path)['kind'];
    const read = typeof kind === 'string' && Object.hasOwn(readers, kind) ? readers[kind] : undefined;
    if (read === undefined) throw new PathError(member(path, 'kind'), `one of ${Object.keys(readers).join(', ')}`);
    return read(value, path) as R[keyof R] extends Read<infer T> ? T : never;
  };
