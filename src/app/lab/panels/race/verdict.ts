/** The race and the sweep in sentences. */
import { count } from '../../../state/format';
import { backendTitle } from '../../../state/names';
import type { Lane, RaceProgress } from '../../../worker/race';
import type { SweepPoint } from '../../../worker/race-sweep';

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

/** A batch size and the least width from which WebGPU is faster at every width measured. */
export interface Crossover {
  readonly batch: number;
  /** Null where the CPU is the faster one at the largest width. */
  readonly width: number | null;
  readonly largestWidth: number;
}

export function crossovers(points: readonly SweepPoint[]): readonly Crossover[] {
  const batches = [...new Set(points.map(({ batch }) => batch))].sort((a, b) => a - b);
  return batches.map((batch) => {
    const ascending = points
      .filter((point) => point.batch === batch)
      .sort((a, b) => a.width - b.width);
    let width: number | null = null;
    for (const point of ascending) {
      if (point.webgpu >= point.cpu) width = null;
      else width ??= point.width;
    }
    return { batch, width, largestWidth: ascending[ascending.length - 1].width };
  });
}

/**
 * `On this machine the GPU passes the CPU from width 256 on with batches of 256; …`.
 *
 * @param isSoftware - whether the adapter is a software one; undefined where that is not known
 */
export function crossoverSentence(
  points: readonly SweepPoint[],
  isSoftware: boolean | undefined,
): string | undefined {
  const found = crossovers(points);
  if (found.length === 0) return undefined;
  const gpu = isSoftware ? 'WebGPU on the software adapter, which is no GPU,' : 'the GPU';
  const passed = found
    .filter(({ width }) => width !== null)
    .map(({ batch, width }) => `from width ${width} on with batches of ${batch}`);
  const slower = found
    .filter(({ width }) => width === null)
    .map(({ batch, largestWidth }) => `batches of ${batch} up to width ${largestWidth}`);
  if (passed.length === 0) {
    return `On this machine ${gpu} does not pass the CPU with ${listOf(slower, 'or')}.`;
  }
  const rest = slower.length === 0 ? '' : `; not with ${listOf(slower, 'or')}`;
  return `On this machine ${gpu} passes the CPU ${listOf(passed, 'and')}${rest}.`;
}

function listOf(parts: readonly string[], word: 'and' | 'or'): string {
  if (parts.length < 2) return parts.join('');
  return `${parts.slice(0, -1).join(', ')} ${word} ${parts[parts.length - 1]}`;
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
