/** Citations of clauses have one form, so that they can be found, counted and shown: `RFC 6665 §4.2.1.2`, `TS 24.229 §5.4.3.2`, `TS 24.229 (clause unchecked)`; a document whose clauses have no numbers is cited by the heading: `RFC 2782 "Usage rules"`. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const SRC = resolve(import.meta.dirname, '..');
const FOLDERS = ['protocol', 'presence', 'ims'];

const DOCUMENT = String.raw`(?:RFC \d{3,5}|TS \d{2}\.\d{3})`;
const CLAUSE = String.raw`(?:§(?:\d+|[A-Z])[A-Za-z]?(?:\.\d+[A-Za-z]?)*|"[^",;]+"|\(clause unchecked\))`;
/** One citation; several are parted by `, ` or `; `. Further clauses of the same document need not name it again. */
const CITATION = new RegExp(`^${DOCUMENT} ${CLAUSE}(?:(?:, |; | and )(?:${DOCUMENT} )?${CLAUSE})*$`);

interface Flaw {
  readonly line: number;
  readonly text: string;
}

/** A document named in another way: `RFC6665`, `rfc 6665`, `TS24.229`, `TS 24229`. */
const BAD_DOCUMENT = /\brfc ?\d|\bRFC-?\d|\bRfc\b|\bTS\d|\bts \d{2}\.|\bTS \d{5}\b/;
/** A section named in another way: `RFC 3261 section 8`, `RFC 3261, §8`, `RFC 3261§8`, `RFC 3261 8.2`. */
const BAD_SECTION = new RegExp(String.raw`\b${DOCUMENT}(?:,?:? (?:sections?|sec\.|chapters?|clauses?|paragraphs?)\b|, §|§| \d+\.\d)`, 'i');
/** A section sign that no number or annex's letter follows, or that runs into something else. */
const BAD_SIGN = /§(?!(?:\d+|[A-Z])[A-Za-z]?(?:\.\d+[A-Za-z]?)*(?![\w.]*\w))/;

/** Malformed citations of a source text: in `clause: '...'`, in other literals that are citations and no sentences, and in comments. */
function flawsOf(source: string): readonly Flaw[] {
  const flaws: Flaw[] = [];
  source.split('\n').forEach((text, index) => {
    const clause = /\bclause: (['"`])(.*?)\1/.exec(text)?.[2];
    const literal = /(['"`])((?:RFC|TS) ?\d.*?)\1/.exec(text)?.[2];
    const cited = clause ?? (literal?.endsWith('.') === true && literal.includes(' ', 9) ? undefined : literal);
    if (cited !== undefined && !CITATION.test(cited)) flaws.push({ line: index + 1, text: cited });
    const comment = /^\s*\/?\*+(.*)$/.exec(text)?.[1] ?? /(?:^|\s)\/\/(.*)$/.exec(text)?.[1];
    if (comment !== undefined && [BAD_DOCUMENT, BAD_SECTION, BAD_SIGN].some((bad) => bad.test(comment))) flaws.push({ line: index + 1, text: comment.trim() });
  });
  return flaws;
}

function sourcesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.test.ts'))
    .map((entry) => join(entry.parentPath, entry.name));
}

describe('citations', () => {
  it.each([
    "clause: 'RFC 6665 §4.2.1.2'",
    "clause: 'TS 24.229 §5.4.3.2'",
    "clause: 'TS 24.229 (clause unchecked)'",
    "clause: 'RFC 3261 §17.1.2.2, RFC 4320 §4.1'",
    `clause: 'RFC 2782 "Usage rules"'`,
    "clause: 'TS 33.203 §H.2'",
    "reason: 'RFC 3261 wants it so.'",
    '// RFC 3261 §8.2.6: the response copies Via.',
    ' * RFC 3261 §17 (transactions), RFC 4320.',
    '/** Governed by RFC 3863 and TS 24.141 (clause unchecked). */',
  ])('takes %s', (line) => {
    expect(flawsOf(line)).toEqual([]);
  });

  it.each([
    "clause: 'RFC 6665'",
    "clause: 'RFC6665 §4'",
    "clause: 'RFC 6665 4.2'",
    "clause: '§4.2'",
    "clause: 'TS 24229 §5.4'",
    "clause: ''",
    "clause: 'RFC 6665 §4.2.'",
    "note('added', 'RFC 6665 4.2')",
    '// RFC6665 §4.2',
    '// RFC 3261 section 8.2',
    ' * RFC 3261, section 8.2',
    '// see RFC 3261 8.2.6',
    '// RFC 3261 § 8.2.6',
    ' * TS24.229 §5.4',
    '// RFC 3261 §eight',
  ])('refuses %s', (line) => {
    expect(flawsOf(line)).toHaveLength(1);
  });

  const files = FOLDERS.flatMap((folder) => sourcesBelow(join(SRC, folder)));

  it.each(files.map((file) => relative(SRC, file)))('are well formed in %s', (file) => {
    expect(flawsOf(readFileSync(join(SRC, file), 'utf8'))).toEqual([]);
  });

  it('open every file of protocol, presence and ims', () => {
    const silent = files.filter((file) => !readFileSync(file, 'utf8').startsWith('/**'));
    expect(silent.map((file) => relative(SRC, file))).toEqual([]);
  });
});
