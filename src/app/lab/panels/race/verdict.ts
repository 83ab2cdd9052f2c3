/** The race in sentences. */
import { listOf } from '../../../../comparison/list-of';
import { count } from '../../../state/format';
import { backendTitle } from '../../../state/names';
import type { Lane, RaceProgress } from '../../../worker/race';

interface Timed {
  readonly lane: Lane;
  readonly median: number;
}

/** Who is fastest per epoch, and by how much; nothing before two backends have a time. */
export function speedSentence({ lanes }: RaceProgress): string | undefined {
  const timed = lanes
    .flatMap((lane): Timed[] =>
      lane.perEpoch === undefined ? [] : [{ lane, median: lane.perEpoch.median }],
    )
    .sort((a, b) => a.median - b.median);
  if (timed.length < 2) return undefined;
  const [first, ...others] = timed;
  const factors = others.map(
    ({ lane, median }) =>
      `${(median / first.median).toPrecision(2)} times as fast as ${titleOf(lane)}`,
  );
  const winner = titleOf(first.lane);
  return `${winner[0].toUpperCase()}${winner.slice(1)} wins: per epoch it is ${listOf(factors, 'and')}.`;
}

/** A software adapter is no GPU, whoever wins. */
export function softwareSentence({ lanes }: RaceProgress): string | undefined {
  const webgpu = lanes.find(({ name }) => name === 'webgpu');
  if (webgpu?.info?.isSoftware !== true) return undefined;
  return 'WebGPU runs on a software adapter here, which is no GPU: the CPU does the work of all lanes, and WebGPU’s times say nothing about a graphics card.';
}

function titleOf({ name }: Lane): string {
  switch (name) {
    case 'webgpu':
      return backendTitle(name);
    case 'cpu':
      return 'the CPU';
    case 'reference':
      return 'the reference';
    default:
      return name satisfies never;
  }
}

/** What the race does now. */
export function phaseSentence({ phase, lanes, epochs }: RaceProgress): string {
  switch (phase) {
    case 'opening':
      return `Opening ${lanes.length === 0 ? 'WebGPU' : lanes.length === 1 ? 'the CPU' : 'the reference'}…`;
    case 'racing':
      return `Racing over ${count(epochs, 'epoch')}…`;
    case 'timing kernels':
      return 'Asking the device for the time of each kernel…';
    case 'finished':
      return `Finished after ${count(epochs, 'epoch')}.`;
    default:
      return phase satisfies never;
  }
}
