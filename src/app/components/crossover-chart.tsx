/** A sweep as a chart: milliseconds a step against width, WebGPU and CPU, for one batch size at a time. */
import { useSignal } from '@preact/signals';
import type { SweepPoint } from '../../comparison/crossover';
import { duration } from '../state/format';
import { COMPARED, LogLogChart } from './log-log-chart';

export function CrossoverChart({ points }: { readonly points: readonly SweepPoint[] }) {
  const batches = [...new Set(points.map(({ batch }) => batch))].sort((a, b) => a - b);
  const chosen = useSignal<number | null>(null);
  const batch = chosen.value ?? batches[batches.length - 1];
  const shown = points.filter((point) => point.batch === batch);
  const numbers = shown
    .map((p) => `width ${p.width}: WebGPU ${duration(p.webgpu)}, CPU ${duration(p.cpu)}`)
    .join('; ');
  return (
    <LogLogChart
      title="Time of a training step"
      description={`Milliseconds per step at batch size ${batch}. ${numbers}`}
      drawing={{
        xTitle: 'Width of the layers (units)',
        yTitle: 'Time per step (ms)',
        series: COMPARED.map(({ key, ...style }) => ({
          ...style,
          points: shown.map((point) => ({ x: point.width, y: point[key] })),
        })),
      }}
    >
      <label>
        Batch size{' '}
        <select
          value={batch}
          onChange={(event) => {
            chosen.value = Number(event.currentTarget.value);
          }}
        >
          {batches.map((size) => (
            <option key={size} value={size}>
              {size}
            </option>
          ))}
        </select>
      </label>
    </LogLogChart>
  );
}
