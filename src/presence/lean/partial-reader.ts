/** The watcher's side of partial notification (RFC 5263 §4.5): its copy of the document, and whether a part was lost on the way. */
import type { Note } from '#base/note.ts';
import { decodeUtf8 } from '#base/utf8.ts';
import type { XmlElement } from '#protocol/xml/read.ts';
import { applyDiff, isPartialError, readPartial, wholeOf } from './apply-diff.ts';

const CLAUSE = 'RFC 5263 §4.5';

export interface LearntPart {
  /** The whole document as it is known now; undefined when nothing was learnt. */
  readonly document: XmlElement | undefined;
  readonly note: Note;
  /** Something is missing: only the whole helps. */
  readonly isLost: boolean;
}

export class PartialReader {
  #version: number | undefined;
  #document: XmlElement | undefined;

  learn(body: Uint8Array): LearntPart {
    const read = readPartial(decodeUtf8(body));
    if (isPartialError(read)) return this.#spoilt(`The partial document cannot be read: ${read.reason}`);
    const { version } = read;
    if (version === undefined) return this.#spoilt('The partial document says no version.');
    if (this.#version !== undefined && version <= this.#version) {
      const note: Note = { op: 'rejected', reason: `Version ${version} is no newer than ${this.#version}: nothing of it is taken.`, clause: CLAUSE };
      return { document: undefined, note, isLost: false };
    }
    const before = this.#version;
    if (read.kind === 'full') {
      this.#version = version;
      this.#document = wholeOf(read);
      return { document: this.#document, note: { op: 'decided', reason: `Version ${version} is the whole document.`, clause: CLAUSE }, isLost: false };
    }
    if (before === undefined || this.#document === undefined || version !== before + 1)
      return this.#spoilt(`Version ${version} does not follow ${before ?? 'anything'}: a NOTIFY was lost, and the whole is asked for.`);
    const document = applyDiff(this.#document, read);
    if (isPartialError(document)) return this.#spoilt(`The changes cannot be made: ${document.reason} The whole is asked for.`);
    this.#version = version;
    this.#document = document;
    const count = read.root.children.length;
    const note: Note = { op: 'decided', reason: `Version ${version}: ${count} ${count === 1 ? 'change' : 'changes'} made to the own copy.`, clause: CLAUSE };
    return { document, note, isLost: false };
  }

  #spoilt(reason: string): LearntPart {
    return { document: undefined, note: { op: 'rejected', reason, clause: CLAUSE }, isLost: true };
  }
}
