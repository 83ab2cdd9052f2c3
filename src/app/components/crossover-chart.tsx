/** A sweep as a chart: milliseconds a step against width, WebGPU and CPU, for one batch size at a time. */
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import type { SweepPoint } from '../../comparison/crossover';
import { duration } from '../state/format';
import type { Drawing } from './drawing';
import { LineChart } from './line-chart';
import { Select } from './select';

const COMPARED = {
  webgpu: { label: 'WebGPU', color: '--series-train', hasPoints: true },
  cpu: { label: 'CPU', color: '--series-test', isDashed: true, hasPoints: true },
} as const;

interface Props {
  readonly points: readonly SweepPoint[];
  /** The points as a table. */
  readonly children: ComponentChildren;
}

export function CrossoverChart({ points, children }: Props) {
  const [chosen, setChosen] = useState<number | undefined>(undefined);
  const drawn = useSignal<readonly SweepPoint[]>([]);
  const draw = useMemo(() => () => drawingOf(drawn.value), [drawn]);
  const batches = [...new Set(points.map(({ batch }) => batch))].sort((a, b) => a - b);
  const batch = chosen ?? batches[batches.length - 1];
  drawn.value = points.filter((point) => point.batch === batch);
  const numbers = drawn
    .peek()
    .map((p) => `width ${p.width}: WebGPU ${duration(p.webgpu)}, CPU ${duration(p.cpu)}`)
    .join('; ');
  return (
    <LineChart
      title="Time of a training step"
      description={`Milliseconds per step at batch size ${batch}. ${numbers}`}
      draw={draw}
      controls={
        <label>
          Batch size <Select choices={batches} chosen={batch} onChoose={setChosen} />
        </label>
      }
    >
      {children}
    </LineChart>
  );
}

function drawingOf(points: readonly SweepPoint[]): Drawing {
  return {
    x: {
      title: 'Width of the layers (units)',
      isLogarithmic: true,
      ticks: points.map(({ width }) => width),
    },
    y: { title: 'Time per step (ms)', isLogarithmic: true },
    series: (['webgpu', 'cpu'] as const).map((key) => ({
      ...COMPARED[key],
      points: points.map((point) => ({ x: point.width, y: point[key] })),
    })),
  };
}
