/** Shares of one as bars, each with its number: probabilities, or accuracies. */
import { printedNumber } from '../../../state/format';

interface BarRow {
  readonly label: string;
  /** From 0 to 1. */
  readonly share: number;
  /** What there is to say of it, for instance `true` or `35 of 36`. */
  readonly note?: string | undefined;
  readonly isStrong?: boolean;
}

interface Props {
  /** What the bars show. */
  readonly label: string;
  readonly rows: readonly BarRow[];
}

export function Bars({ label, rows }: Props) {
  return (
    <ul class="bars" aria-label={label}>
      {rows.map(({ label: name, share, note, isStrong }) => (
        <li key={name} class={isStrong ? 'is-strong' : undefined}>
          <span class="bars-label">{name}</span>
          <span class="bars-track">
            <span class="bars-fill" style={{ '--share': share }} />
          </span>
          <span class="bars-number">{printedNumber(share)}</span>
          {note !== undefined && <span class="bars-note">{note}</span>}
        </li>
      ))}
    </ul>
  );
}
