/** Brings threads together on one memory. */
import type { Workspace } from '../workspace';
import type { Cores } from './cores';
import { KERNEL_NAMES } from './shared-kernels';
import { slicesFor, Team } from './team';

/**
 * Borrows threads for a workspace whose plan has room for them.
 *
 * @param threads - this one included
 * @returns undefined where they could not be started: one thread gives the same numbers
 */
export async function openTeam(
  workspace: Workspace,
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
  threads: number,
  cores: Cores,
): Promise<Team | undefined> {
  const block = workspace.address('thread-words');
  const slots = workspace.address('thread-slots');
  const most = slicesFor(threads);
  const others = cores.borrow(threads - 1);
  try {
    await Promise.all(
      others.map((thread) =>
        thread.join({ module, memory, kernels: KERNEL_NAMES, block, slots, most }),
      ),
    );
  } catch {
    for (const thread of others) thread.terminate();
    return undefined;
  }
  return new Team(memory, block, slots, others, cores);
}
