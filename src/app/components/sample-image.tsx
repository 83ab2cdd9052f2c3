/** A sample as the data set has it, as an image: black for the largest value. */
import { useEffect, useRef } from 'preact/hooks';
import { type DatasetName, datasetOf } from '../../data/registry';

interface Props {
  readonly dataset: DatasetName;
  /** Before scaling; channel by channel, row-major. */
  readonly pixels: Uint8Array;
  /** What the image is called for those who do not see it. */
  readonly label: string;
}

export function SampleImage({ dataset, pixels, label }: Props) {
  const ref = useRef<HTMLCanvasElement>(null);
  const { input, range } = datasetOf(dataset);
  useEffect(() => {
    const context = ref.current?.getContext('2d');
    if (context === null || context === undefined) return;
    const image = context.createImageData(input.width, input.height);
    const [least, most] = range;
    const places = input.width * input.height;
    // Black ink of varying density: the paper shows through, in either theme.
    for (let i = 0; i < pixels.length; i++) {
      const density = (pixels[i] - least) / (most - least) / input.channels;
      image.data[4 * (i % places) + 3] += density * 255;
    }
    context.putImageData(image, 0, 0);
  }, [pixels, input, range]);
  return (
    <div class="sample-image" role="img" aria-label={label}>
      <canvas ref={ref} width={input.width} height={input.height} />
    </div>
  );
}
