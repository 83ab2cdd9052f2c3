/** A part of the plan as a drawing: steps as boxes from top to bottom, buffers at their sides. */
import { ScrollRegion } from '../../../components/scroll-region';
import type { ShownPart, ShownStep } from './plan-parts';

const WIDTH = 640;
const BOX = { x: 220, width: 200, height: 44 };
const LINE = 17;
const GAP = 22;

interface Props {
  readonly part: ShownPart;
  readonly selected: string;
}

interface Placed {
  readonly step: ShownStep;
  readonly top: number;
  readonly height: number;
}

export function PlanDrawing({ part, selected }: Props) {
  const placed: Placed[] = [];
  let top = 8;
  for (const step of part.steps) {
    const lines = Math.max(step.description.reads.length, step.description.writes.length);
    const height = Math.max(BOX.height, lines * LINE + 6);
    placed.push({ step, top, height });
    top += height + GAP;
  }
  const height = top - GAP + 8;
  return (
    <ScrollRegion class="plan-drawing" label={`Drawing: ${part.title.toLowerCase()}`}>
      <svg
        viewBox={`0 0 ${WIDTH} ${height}`}
        width={WIDTH}
        height={height}
        role="img"
        aria-label={`${part.steps.length} dispatches in order, each between the buffers that it reads and writes. The list beside it says the same.`}
      >
        {placed.map((place, index) => (
          <Step
            key={place.step.id}
            place={place}
            next={placed[index + 1]}
            isSelected={place.step.id === selected}
          />
        ))}
      </svg>
    </ScrollRegion>
  );
}

interface StepProps {
  readonly place: Placed;
  readonly next: Placed | undefined;
  readonly isSelected: boolean;
}

function Step({ place: { step, top, height }, next, isSelected }: StepProps) {
  const middle = top + height / 2;
  const boxTop = middle - BOX.height / 2;
  const { kernel, layer, reads, writes } = step.description;
  const right = BOX.x + BOX.width;
  const centre = BOX.x + BOX.width / 2;
  return (
    <g class={isSelected ? 'plan-step is-selected' : 'plan-step'}>
      <Names names={reads} x={BOX.x - 28} middle={middle} anchor="end" />
      {reads.length > 0 && <Arrow from={[BOX.x - 22, middle]} to={[BOX.x - 2, middle]} />}
      <rect x={BOX.x} y={boxTop} width={BOX.width} height={BOX.height} rx={8} />
      <text class="plan-kernel" x={centre} y={middle - 3} text-anchor="middle">
        {kernel}
      </text>
      <text class="plan-layer" x={centre} y={middle + 13} text-anchor="middle">
        {layer === 0 ? 'the whole network' : `layer ${layer}`}
      </text>
      {writes.length > 0 && <Arrow from={[right + 2, middle]} to={[right + 22, middle]} />}
      <Names names={writes} x={right + 28} middle={middle} anchor="start" />
      {next !== undefined && (
        <Arrow
          from={[centre, boxTop + BOX.height + 1]}
          to={[centre, next.top + next.height / 2 - BOX.height / 2 - 2]}
        />
      )}
    </g>
  );
}

interface NamesProps {
  readonly names: readonly string[];
  readonly x: number;
  readonly middle: number;
  readonly anchor: 'start' | 'end';
}

function Names({ names, x, middle, anchor }: NamesProps) {
  const first = middle - ((names.length - 1) * LINE) / 2 + 4;
  return (
    <>
      {names.map((name, index) => (
        <text key={name} class="plan-buffer" x={x} y={first + index * LINE} text-anchor={anchor}>
          {name}
        </text>
      ))}
    </>
  );
}

type Corner = readonly [x: number, y: number];

function Arrow({ from: [x1, y1], to: [x2, y2] }: { readonly from: Corner; readonly to: Corner }) {
  const isDown = x1 === x2;
  const head = isDown
    ? `M${x2 - 3.5} ${y2 - 6}L${x2} ${y2}L${x2 + 3.5} ${y2 - 6}`
    : `M${x2 - 6} ${y2 - 3.5}L${x2} ${y2}L${x2 - 6} ${y2 + 3.5}`;
  return <path class="plan-arrow" d={`M${x1} ${y1}L${x2} ${y2}${head}`} />;
}
