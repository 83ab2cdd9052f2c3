/** A clock that goes by looks at it: how a run is cut into chunks then does not depend on the machine. */
import { vi } from 'vitest';

/** What each look takes, in milliseconds: the few looks around a chunk take what a chunk may, so none is long. */
const TICK = 5;

/** Has `performance.now` tick, until mocks are restored. */
export function tickPerLook(): void {
  let time = performance.now();
  vi.spyOn(performance, 'now').mockImplementation(() => {
    time += TICK;
    return time;
  });
}
