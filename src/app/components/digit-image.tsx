/** An 8×8 image as the data set has it: 64 counts of ink from 0 to 16. */
import { useEffect, useRef } from 'preact/hooks';

const SIDE = 8;
const MOST_INK = 16;

interface Props {
  /** 64 values, row-major. */
  readonly pixels: Uint8Array;
  /** What the image is called for those who do not see it. */
  readonly label: string;
}

export function DigitImage({ pixels, label }: Props) {
  const ref = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = ref.current?.getContext('2d');
    if (context === null || context === undefined) return;
    const image = context.createImageData(SIDE, SIDE);
    // Black ink of varying density: the paper shows through, in either theme.
    for (let i = 0; i < pixels.length; i++) image.data[4 * i + 3] = (pixels[i] / MOST_INK) * 255;
    context.putImageData(image, 0, 0);
  }, [pixels]);
  return (
    <div class="digit" role="img" aria-label={label}>
      <canvas ref={ref} width={SIDE} height={SIDE} />
    </div>
  );
}
