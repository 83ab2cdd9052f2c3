/** A sample as the data set has it, as an image: black for the largest value. Features that are no pixels are its rows. */
import { useEffect, useRef } from 'preact/hooks';
import { pictureShape, type Values } from '../../data/dataset';
import { type DatasetName, datasetOf } from '../../data/registry';

interface Props {
  readonly dataset: DatasetName;
  /** Before scaling; channel by channel, row-major. */
  readonly pixels: Values;
  /** What the image is called for those who do not see it. */
  readonly label: string;
}

export function SampleImage({ dataset, pixels, label }: Props) {
  const ref = useRef<HTMLCanvasElement>(null);
  const data = datasetOf(dataset);
  const { width, height, channels } = pictureShape(data);
  useEffect(() => {
    const context = ref.current?.getContext('2d');
    if (context === null || context === undefined) return;
    const image = context.createImageData(width, height);
    const [least, most] = data.range;
    const places = width * height;
    // Black ink of varying density: the paper shows through, in either theme.
    for (let i = 0; i < pixels.length; i++) {
      const density = (pixels[i] - least) / (most - least) / channels;
      image.data[4 * (i % places) + 3] += density * 255;
    }
    context.putImageData(image, 0, 0);
  }, [pixels, data, width, height, channels]);
  return (
    <div class="sample-image" role="img" aria-label={label}>
      <canvas ref={ref} width={width} height={height} />
    </div>
  );
}
