/** A slider over the few values of a setting that people try, beside the field that takes any. */
import type { ConfigurationKey } from '../../../training/configuration/fields';

/** Values to slide over, in ascending order. */
export const STOPS: Partial<Record<ConfigurationKey, readonly number[]>> = {
  learningRate: [0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 0.5, 1, 3, 10],
  batchSize: [0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512],
  epochs: [10, 30, 100, 300, 1000, 2000, 5000, 10_000],
  dropout: [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9],
};

/** Units of a hidden layer. */
export const UNIT_STOPS: readonly number[] = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512];

/** Index of the stop that is nearest to a value, by ratio where both are above 0. */
export function nearestStop(stops: readonly number[], value: number): number {
  const distances = stops.map((stop) =>
    stop > 0 && value > 0 ? Math.abs(Math.log(stop / value)) : Math.abs(stop - value),
  );
  return distances.reduce((best, distance, i) => (distance < distances[best] ? i : best), 0);
}

interface Props {
  readonly id: string;
  readonly label: string;
  readonly stops: readonly number[];
  readonly value: number;
  readonly describedBy: string;
  readonly isDisabled?: boolean;
  readonly onChange: (value: number) => void;
}

export function StopSlider(props: Props) {
  const { id, label, stops, value, describedBy, isDisabled = false, onChange } = props;
  const index = nearestStop(stops, value);
  return (
    <>
      <label class="visually-hidden" for={id}>
        {label}, common values
      </label>
      <input
        id={id}
        class="stop-slider"
        type="range"
        min={0}
        max={stops.length - 1}
        step={1}
        value={index}
        disabled={isDisabled}
        aria-valuetext={String(stops[index])}
        aria-describedby={describedBy}
        onChange={({ currentTarget: { valueAsNumber } }) => onChange(stops[valueAsNumber])}
      />
    </>
  );
}
