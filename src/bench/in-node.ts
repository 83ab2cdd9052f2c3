/** The benchmark without a page: this project's own contenders in this process, on a WebGPU that is given. */
import { availableParallelism, type as osType } from 'node:os';
import type { Contender } from '../comparison/contender';
import { RefusedError, refusalOf } from '../comparison/refusal';
import { loadRows } from '../data/registry';
import { nodeCores } from '../session/node-cores';
import { DEFAULTS } from '../training/configuration/fields';
import { CONTENDER_NAMES, type ContenderName } from './contenders';
import { findAdapter } from './machine';
import { type Place, PREPARATIONS } from './preparations';
import { PYTHON_PEER_NAMES, pythonPeer } from './python-peer';
import type { BenchResult } from './results';
import { type BenchOptions, runWorkloads } from './run';

/** What needs a page, its workers or its way to fetch files. */
const NEEDS_PAGE = /^(tfjs|jax-js)-/;

/**
 * Runs the benchmark. Contenders share this process, where a page gives each a worker of its own.
 *
 * @param onProgress - called with a line for each step of the way
 */
export async function benchInNode(
  options: BenchOptions,
  gpu: GPU,
  onProgress: (line: string) => void,
): Promise<BenchResult> {
  // The same for all, so that threads that one gives back are lent to the next.
  const place = { gpu: () => gpu, cores: nodeCores() };
  const names = CONTENDER_NAMES.filter((name) => !NEEDS_PAGE.test(name));
  const left = CONTENDER_NAMES.filter((name) => NEEDS_PAGE.test(name));
  const measured = await runWorkloads(options, {
    digits: await loadRows(DEFAULTS),
    names,
    others: PYTHON_PEER_NAMES.map((name) => pythonPeer(name)),
    contender: (name) => contenderHere(name, place),
    onProgress,
    signal: new AbortController().signal,
  });
  return {
    machine: {
      cores: availableParallelism(),
      os: osType(),
      user_agent: `Node ${process.versions.node}`,
      cross_origin_isolated: true,
    },
    adapter: await findAdapter(place.gpu),
    ...measured,
    skipped: [`${left.join(', ')}, which need a page: --runtime chromium`, ...measured.skipped],
  };
}

function contenderHere(name: ContenderName, place: Place): Contender {
  return {
    name,
    async prepare(problem) {
      try {
        return await (await PREPARATIONS[name](place))(problem);
      } catch (error) {
        throw new RefusedError(refusalOf(error));
      }
    },
  };
}
