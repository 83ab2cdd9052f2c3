/** A table of figures: a heading for each column, and the first cell of a row is the row's heading. */
import type { ComponentChildren } from 'preact';
import { ScrollRegion } from './scroll-region';

/** A column's title, with a class for all its cells where they are more than figures. */
type Column = string | { readonly title: ComponentChildren; readonly class?: string };

interface Props {
  /** What is in it; with it the table can be scrolled by itself. */
  readonly label?: string;
  /** Of the region that scrolls. */
  readonly class?: string;
  readonly caption?: ComponentChildren;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly ComponentChildren[])[];
  /** Of rows that come and go: what tells each from the others, and its class. */
  readonly rowAttributes?: readonly { readonly key: number; readonly class: string }[];
  /** A last row of two: its heading spans all columns but the last. */
  readonly total?: readonly [heading: string, value: string];
}

export function DataTable(props: Props) {
  const { label, class: extra = '', caption, columns, rows, rowAttributes, total } = props;
  const classes = columns.map((column) => (typeof column === 'string' ? undefined : column.class));
  // For narrow tables, whose cells stand below each other without a head.
  const titles = columns.map((column) => (typeof column === 'string' ? column : undefined));
  const table = (
    <table class="data-table">
      {caption !== undefined && <caption>{caption}</caption>}
      <thead>
        <tr>
          {columns.map((column, index) => (
            <th scope="col" key={index} class={classes[index]}>
              {typeof column === 'string' ? column : column.title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(([heading, ...cells], row) => (
          <tr key={rowAttributes?.[row].key ?? row} class={rowAttributes?.[row].class}>
            <th scope="row" class={classes[0]}>
              {heading}
            </th>
            {cells.map((cell, index) => (
              <td key={index} class={classes[index + 1]} data-label={titles[index + 1]}>
                {cell}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
      {total !== undefined && (
        <tfoot>
          <tr>
            <th scope="row" colSpan={columns.length - 1}>
              {total[0]}
            </th>
            <td>{total[1]}</td>
          </tr>
        </tfoot>
      )}
    </table>
  );
  if (label === undefined) return table;
  return (
    <ScrollRegion label={label} class={extra}>
      {table}
    </ScrollRegion>
  );
}
