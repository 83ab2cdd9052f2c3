/** Looks at each epoch of a growing history once, however often what was seen is asked for. */
import type { History } from '../../../training/history';
import type { Observed } from './hint';

/**
 * A scan that goes on where it stopped the last time, or begins anew where the history has been cut.
 *
 * @param initial - what is known before the first epoch
 * @param step - what is known after an epoch, from 0, and what was known before it
 */
export function scanOf<State>(
  initial: State,
  step: (state: State, observed: Observed, epoch: number) => State,
): (observed: Observed) => State {
  const scans = new WeakMap<History, { readonly seen: number; readonly state: State }>();
  return (observed) => {
    const { history } = observed;
    const known = scans.get(history);
    const isContinued = known !== undefined && known.seen <= history.length;
    let state = isContinued ? known.state : initial;
    for (let epoch = isContinued ? known.seen : 0; epoch < history.length; epoch++)
      state = step(state, observed, epoch);
    scans.set(history, { seen: history.length, state });
    return state;
  };
}
