import type { ReactNode } from 'react';
import table from '#ui/widgets/table.module.css';

/** One column of names, and the rest numbers. */
export function NumbersHead({ what, columns }: { readonly what: string; readonly columns: readonly string[] }): ReactNode {
  return (
    <thead>
      <tr>
        <th scope="col">{what}</th>
        {columns.map((column) => (
          <th key={column} scope="col" className={table.number}>
            {column}
          </th>
        ))}
      </tr>
    </thead>
  );
}
