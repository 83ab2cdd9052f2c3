/** The race in sentences. */
import { crossoverSentence } from '../../../../comparison/crossover';
import { listOf } from '../../../../comparison/list-of';
import { count, integer, significant } from '../../../state/format';
import { backendTitle } from '../../../state/names';
import type { Lane, RaceLength, RaceProgress } from '../../../worker/race';
import type { SweepProgress } from '../../../worker/race-sweep';

/**
 * Who went the whole way in the least time, and how many times as fast as the others: of all turns, so
 * that bars, times and sentence say the same. Nothing before two backends have trained an epoch.
 */
export function speedSentence({ lanes }: RaceProgress): string | undefined {
  const [first, ...others] = lanes
    .filter(({ epochs }) => epochs > 0)
    .sort((a, b) => a.compute / a.epochs - b.compute / b.epochs);
  if (others.length === 0) return undefined;
  const factors = others.map(
    (lane) => `${significant(1 / shareOf(lane, first), 2)} times as fast as ${titleOf(lane)}`,
  );
  const winner = titleOf(first);
  return `${winner[0].toUpperCase()}${winner.slice(1)} wins: it is ${listOf(factors, 'and')}.`;
}

/** The lane that got to the end first, or furthest; none before the race is over, or where nobody got there. */
export function winnerOf({ phase, lanes, epochs }: RaceProgress): Lane | undefined {
  if (phase !== 'finished' || epochs === 0) return undefined;
  return lanes
    .filter((lane) => lane.epochs === epochs)
    .reduce<Lane | undefined>(
      (first, lane) => (first === undefined || lane.compute < first.compute ? lane : first),
      undefined,
    );
}

/** How far a lane is, in epochs: at the end where it was when the first one got there. */
export function placeOf(lane: Lane, progress: RaceProgress): number {
  const winner = winnerOf(progress);
  if (winner === undefined || lane.epochs === 0) return lane.epochs;
  return progress.epochs * shareOf(lane, winner);
}

/** A lane's speed as a share of another's, over all turns of both. */
function shareOf(lane: Lane, other: Lane): number {
  return lane.epochs / lane.compute / (other.epochs / other.compute);
}

/** Where the GPU passes the CPU, once every size is measured: before, the next size may say otherwise. */
export function sweepSentence({
  points,
  isSoftware,
  done,
  total,
}: SweepProgress): string | undefined {
  return done < total ? undefined : crossoverSentence(points, isSoftware);
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
export function phaseSentence({ phase, lanes, length }: RaceProgress): string {
  switch (phase) {
    case 'opening':
      return `Opening ${lanes.length === 0 ? 'WebGPU' : lanes.length === 1 ? 'the CPU' : 'the reference'}…`;
    case 'racing':
      return `Racing ${'epochs' in length ? 'over' : 'for'} ${lengthText(length)}…`;
    case 'timing kernels':
      return 'Asking the device for the time of each kernel…';
    case 'finished':
      return `Finished after ${lengthText(length)}.`;
    default:
      return phase satisfies never;
  }
}

/** `300 epochs`, `10 s each`. */
export function lengthText(length: RaceLength): string {
  if ('epochs' in length) return count(length.epochs, 'epoch');
  return `${integer(Math.round(length.milliseconds / 1000))} s each`;
}
