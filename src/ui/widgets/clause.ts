/** How a citation is read: a clause that nobody looked up is marked so in the note itself. */
const UNCHECKED = ' (clause unchecked)';

/** Whether a note names the document only. */
export const isUnchecked = (clause: string): boolean => clause.endsWith(UNCHECKED);

/** A clause that was not read is not shown, only its document. */
export const formatClause = (clause: string): string => (isUnchecked(clause) ? clause.slice(0, -UNCHECKED.length) : clause);
