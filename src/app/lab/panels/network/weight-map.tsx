/** Weights or activations as a grid of pixels on the diverging scale, a row for each `width` of them. */
import { useEffect, useRef } from 'preact/hooks';
import { themeVersion } from '../../../components/theme';
import { divergingScale, exactNumber } from './scale';

interface Props {
  readonly values: Float64Array | Float32Array;
  readonly width: number;
  /** The magnitude that has the full colour. */
  readonly limit: number;
}

/** It has no words of its own: whoever shows it names it. */
export function WeightMap({ values, width, limit }: Props) {
  const ref = useRef<HTMLCanvasElement>(null);
  const theme = themeVersion.value;
  useEffect(() => {
    const context = ref.current?.getContext('2d');
    if (context === null || context === undefined) return;
    const image = context.createImageData(width, values.length / width);
    const color = divergingScale(limit);
    for (let i = 0; i < values.length; i++) {
      const [red, green, blue] = color(values[i]);
      image.data[4 * i] = red;
      image.data[4 * i + 1] = green;
      image.data[4 * i + 2] = blue;
      image.data[4 * i + 3] = 255;
    }
    context.putImageData(image, 0, 0);
  }, [values, width, limit, theme]);
  const height = values.length / width;
  return <canvas ref={ref} class="weight-map" width={width} height={height} />;
}

interface LegendProps {
  readonly limit: number;
  readonly what: string;
  /** The scale begins at 0, where nothing is below it. */
  readonly isPositive?: boolean;
}

/** What the colours mean. */
export function Legend({ limit, what, isPositive = false }: LegendProps) {
  return (
    <p class="legend">
      <span>{what}</span>
      <span>{isPositive ? '0' : exactNumber(-limit)}</span>
      <span class={isPositive ? 'legend-bar is-positive' : 'legend-bar'} aria-hidden="true" />
      <span>{exactNumber(limit)}</span>
    </p>
  );
}
