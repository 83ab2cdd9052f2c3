/** The outcome of holding a kernel's numbers against float64. */
import type { Approximate } from './approximate';

/** What was compared, and the number that used most of what it is allowed. */
export interface Comparison {
  /** For people: `activations`, `gradients`, … */
  readonly quantity: string;
  /** |float32 - float64|; infinite where the kernel gave no number. */
  readonly error: number;
  readonly bound: number;
  /** How many numbers were compared. */
  readonly count: number;
}

/** True where every number is within its bound. */
export function passes({ error, bound }: Comparison): boolean {
  return error <= bound;
}

/** The worse of two: that which uses more of its bound. */
export function worse(a: Comparison, b: Comparison): Comparison {
  const count = a.count + b.count;
  return { ...(share(b) > share(a) ? b : a), count };
}

/** Compares every number; `actual` may be longer than what is expected of it. */
export function compare(
  quantity: string,
  actual: ArrayLike<number>,
  { values, bounds }: Approximate,
): Comparison {
  let worst: Comparison = { quantity, error: 0, bound: bounds[0] ?? 0, count: values.length };
  for (let i = 0; i < values.length; i++) {
    const difference = Math.abs(actual[i] - values[i]);
    const error = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference;
    const next = { ...worst, error, bound: bounds[i] };
    if (share(next) > share(worst)) worst = next;
  }
  return worst;
}

/** Share of the bound that the error takes; more than 1 is too much. */
function share({ error, bound }: Comparison): number {
  return error === 0 ? 0 : error / bound;
}
