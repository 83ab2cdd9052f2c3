/**
 * A sample as the data set has it, as an image: black for the largest value. Features that are no pixels
 * are its rows, and two of them a point in the plane.
 */
import { useEffect, useRef } from 'preact/hooks';
import { type Dataset, isPlane, pictureShape, shareOfRange, type Values } from '../../data/dataset';
import { type DatasetName, datasetOf } from '../../data/registry';

interface Props {
  readonly dataset: DatasetName;
  /** Before scaling; channel by channel, row-major. */
  readonly pixels: Values;
  /** What the image is called for those who do not see it. */
  readonly label: string;
}

/** Pixels along each side of a picture of the plane, and of a point in it. */
const PLANE_SIDE = 24;
const POINT_SIDE = 5;

export function SampleImage({ dataset, pixels, label }: Props) {
  const ref = useRef<HTMLCanvasElement>(null);
  const data = datasetOf(dataset);
  const shape = pictureShape(data);
  const { width, height } = isPlane(data) ? { width: PLANE_SIDE, height: PLANE_SIDE } : shape;
  useEffect(() => {
    const context = ref.current?.getContext('2d');
    if (context === null || context === undefined) return;
    if (isPlane(data)) paintPoint(context, data, pixels);
    else paintPixels(context, data, pixels);
  }, [pixels, data]);
  return (
    <div class="sample-image" role="img" aria-label={label}>
      <canvas ref={ref} width={width} height={height} />
    </div>
  );
}

function paintPixels(context: CanvasRenderingContext2D, data: Dataset, pixels: Values): void {
  const { width, height, channels } = pictureShape(data);
  const image = context.createImageData(width, height);
  const places = width * height;
  // Black ink of varying density: the paper shows through, in either theme.
  for (let i = 0; i < pixels.length; i++) {
    image.data[4 * (i % places) + 3] += (shareOfRange(data, i, pixels[i]) / channels) * 255;
  }
  context.putImageData(image, 0, 0);
}

function paintPoint(
  context: CanvasRenderingContext2D,
  { range: [least, most] }: Dataset,
  [x, y]: Values,
): void {
  const room = PLANE_SIDE - POINT_SIDE;
  const placeOf = (value: number) => Math.round((room * (value - least)) / (most - least));
  const within = (place: number) => Math.min(room, Math.max(0, place));
  context.clearRect(0, 0, PLANE_SIDE, PLANE_SIDE);
  context.fillRect(within(placeOf(x)), room - within(placeOf(y)), POINT_SIDE, POINT_SIDE);
}
