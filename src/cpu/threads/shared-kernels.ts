/** The kernels as a team calls them: shared out where that pays, else on this thread alone. */
import type { Kernels } from '../kernels';
import { DIVISIONS } from './slices';
import type { Slice, Team } from './team';

/** The kernels' names, in the order in which threads count them. */
export const KERNEL_NAMES = Object.keys(DIVISIONS) as readonly (keyof Kernels)[];

type Call = (...given: number[]) => unknown;
type AnyDivide = (...given: number[]) => {
  work: number;
  pieces: number;
  slice(first: number, count: number, index: number): Slice;
};

/** Less work, in multiply-adds, is done before another thread is awake. */
export const LEAST_WORK = 1_000_000;

/**
 * @param own - the kernels on this thread
 * @param leastWork - what is less stays on it
 */
export function sharedKernels(
  own: Kernels,
  team: Pick<Team, 'run' | 'slices'>,
  leastWork = LEAST_WORK,
): Kernels {
  const entries = KERNEL_NAMES.map((name, kernel) => {
    const call = own[name] as Call;
    const divide = DIVISIONS[name] as AnyDivide | null;
    if (divide === null) return [name, call];
    const shared = (...given: number[]) => {
      const division = divide(...given);
      if (division.work < leastWork) return call(...given);
      return Number(team.run(kernel, call, slicesOf(division, team.slices)));
    };
    return [name, shared];
  });
  return Object.fromEntries(entries) as unknown as Kernels;
}

/** As even as whole pieces allow. */
function slicesOf({ pieces, slice }: ReturnType<AnyDivide>, most: number): Slice[] {
  const count = Math.min(most, pieces);
  return Array.from({ length: count }, (_, i) => {
    const first = Math.floor((i * pieces) / count);
    return slice(first, Math.floor(((i + 1) * pieces) / count) - first, i);
  });
}
