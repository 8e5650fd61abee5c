import type { ReactNode } from 'react';
import './data-table.css';

/** Some hundred rows at most. A narrow screen scrolls the table, not the page; the keyboard can scroll it too. */
export function DataTable({
  label,
  head,
  children,
}: {
  /** What the rows are, for screen readers. */
  readonly label: string;
  /** Empty above controls. */
  readonly head: readonly string[];
  /** `<tr>` elements. */
  readonly children: ReactNode;
}) {
  return (
    <div className="data-table-scroller" role="group" aria-label={label} tabIndex={0}>
      <table className="data-table">
        <thead>
          <tr>
            {head.map((text, place) =>
              text === '' ? (
                <td key={place} />
              ) : (
                <th key={place} scope="col">
                  {text}
                </th>
              ),
            )}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
