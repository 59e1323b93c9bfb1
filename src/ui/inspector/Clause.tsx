import { ClauseChip } from '#ui/widgets/ClauseChip.tsx';

/** Where a standard says so; the document alone where the clause was not read. */
export function Clause({ clause }: { readonly clause: string | undefined }) {
  return clause === undefined ? null : <ClauseChip clause={clause} />;
}
