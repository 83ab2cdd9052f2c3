/** The picture: the sample as pixels, a node for each unit shown, a small picture for each map, and the strongest weights between them. */
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { isPlane, pictureShape, type Values } from '../../data/dataset';
import type { DatasetName } from '../../data/registry';
import { datasetOf } from '../../data/registry';
import type { PlacedLayer } from '../../layers/layer';
import { layersOf, type NetworkSpec } from '../../model/network-spec';
import { themeVersion } from '../components/theme';
import {
  activationLimit,
  divergingScale,
  exactNumber,
  fixedNumber,
} from '../lab/panels/network/scale';
import { type StageView, shownOf, type UnitName } from '../worker/stage-view';
import { chosenUnit, lookedAtUnit, pointedUnit } from './chosen-unit';
import { type Layout, layoutOf, type NodeName, nodeAt, nodeByKey, pixelPlace } from './layout';
import { mapBox, paintEdges, paintMaps, paintSample } from './paint';
import { columnCaption, inputCaption, networkSentence, shortClassName, unitTitle } from './words';

/** So far apart, in sizes of the type, columns have room for the kind of their units. */
const WIDE_STEP = 6.5;
/** Half the width of a letter in sizes of the type, about: a caption under a narrow column begins in sight. */
const HALF_LETTER = 0.26;
/** A class has its name beside its node where the names do not touch: so many sizes of the type apart. */
const LEAST_LABEL_PITCH = 0.85;

interface Props {
  readonly dataset: DatasetName;
  readonly spec: NetworkSpec;
  readonly classNames: readonly string[];
  /** The sample, before scaling; none before it is known. */
  readonly pixels: Values | undefined;
  /** What is known of the network; its layers alone before anything is. */
  readonly view: StageView | undefined;
}

export function Picture({ dataset, spec, classNames, pixels, view }: Props) {
  const ref = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const size = useSizeOf(ref);
  const id = useId();
  const data = datasetOf(dataset);
  const shape = pictureShape(data);
  const places = layersOf(spec);
  const shown = places.map(
    (place, index) =>
      view?.layers[index].shown ??
      Uint32Array.from({ length: shownOf(place) }, (_, node) => node * sizeOfMap(place)),
  );
  const layout = layoutOf(
    size,
    // Room for the names and numbers of two features.
    isPlane(data) ? { width: 2, height: 2 } : shape,
    shown.map(({ length }) => length),
    Math.max(...classNames.map((name) => shortClassName(name).length)),
    places.map(({ output }) => output.length === 3),
  );
  const looked = lookedAtUnit.value;
  const theme = themeVersion.value;
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (context === null || context === undefined || canvas.current === null) return;
    const scale = devicePixelRatio;
    canvas.current.width = Math.round(size.width * scale);
    canvas.current.height = Math.round(size.height * scale);
    context.scale(scale, scale);
    if (view !== undefined) paintEdges(context, layout, data, view.layers, looked);
    if (view !== undefined) paintMaps(context, layout, places, view.layers);
    paintSample(context, layout, data, pixels);
  }, [view, pixels, size, looked, theme]);

  const nameOf = ({ column, node }: NodeName): UnitName => ({
    layer: column + 1,
    unit: shown[column][node],
  });
  const nodeOf = (name: UnitName | undefined): NodeName | undefined => {
    if (name === undefined || places[name.layer - 1] === undefined) return undefined;
    const column = name.layer - 1;
    const place = places[column];
    // A map stands for all of its units.
    const size = sizeOfMap(place);
    const node = size === 1 ? shown[column].indexOf(name.unit) : Math.floor(name.unit / size);
    return node < 0 || node >= shown[column].length ? undefined : { column, node };
  };
  const unitUnder = (event: PointerEvent | MouseEvent): UnitName | undefined => {
    const box = ref.current?.getBoundingClientRect();
    if (box === undefined) return undefined;
    const node = nodeAt(layout, { x: event.clientX - box.left, y: event.clientY - box.top });
    return node && nameOf(node);
  };
  const active = nodeOf(looked);
  return (
    <div
      ref={ref}
      class="stage-picture"
      role="listbox"
      aria-label={`${networkSentence(spec)} Its units`}
      aria-activedescendant={active && `${id}-${active.column}-${active.node}`}
      tabIndex={0}
      onKeyDown={(event) => {
        if (event.key === 'Escape') chosenUnit.value = undefined;
        if (event.ctrlKey || event.altKey || event.metaKey) return;
        const next = nodeByKey(layout, nodeOf(chosenUnit.value), event.key);
        if (next === undefined) return;
        event.preventDefault();
        pointedUnit.value = undefined;
        chosenUnit.value = nameOf(next);
      }}
      onPointerMove={(event) => {
        if (event.pointerType === 'mouse') pointAt(unitUnder(event));
      }}
      onPointerLeave={() => pointAt(undefined)}
      onClick={(event) => {
        chosenUnit.value = unitUnder(event);
      }}
    >
      <canvas ref={canvas} class="stage-edges" />
      <svg
        class="stage-nodes"
        viewBox={`0 0 ${size.width} ${size.height}`}
        role="presentation"
        focusable="false"
      >
        {layout.columns.map(({ nodes, radius, x }, column) => {
          const place = places[column];
          const values = view?.layers[column].activations;
          const color = divergingScale(values === undefined ? 1 : activationLimit(place, values));
          return (
            <g key={place.index}>
              {nodes.map(({ y }, node) => {
                const name = nameOf({ column, node });
                const value = values?.[node];
                const isActive = active?.column === column && active.node === node;
                const mark = {
                  id: `${id}-${column}-${node}`,
                  role: 'option',
                  'aria-selected': isActive,
                  'aria-label': `${unitTitle(name, places.length)}${strongestOf(place, node)}${value === undefined ? '' : `, activation ${exactNumber(value)}`}`,
                  class: isActive ? 'stage-node is-chosen' : 'stage-node',
                } as const;
                if (place.output.length === 3) {
                  return (
                    <rect key={node} {...mark} {...mapBox({ x, y }, radius, place)} fill="none" />
                  );
                }
                return (
                  <circle
                    key={name.unit}
                    {...mark}
                    cx={x}
                    cy={y}
                    r={radius}
                    fill={value === undefined ? 'none' : `rgb(${color(value).join(' ')})`}
                  />
                );
              })}
            </g>
          );
        })}
      </svg>
      <svg
        class="stage-nodes"
        viewBox={`0 0 ${size.width} ${size.height}`}
        aria-hidden="true"
        focusable="false"
      >
        {isPlane(data) && (
          <Features layout={layout} names={data.featureNames ?? []} values={pixels} />
        )}
        <Captions layout={layout} type={size.type} spec={spec} dataset={dataset} />
        <Classes layout={layout} type={size.type} classNames={classNames} view={view} />
      </svg>
    </div>
  );
}

/** Units in a map of a layer; 1 where it has none. */
function sizeOfMap({ output }: PlacedLayer): number {
  return output.length === 3 ? output[1] * output[2] : 1;
}

/** Of a node that stands for a map: which. */
function strongestOf({ output }: PlacedLayer, node: number): string {
  return output.length === 3 ? `, the strongest of map ${node + 1}` : '';
}

/** Sets the pointed unit where it is another one. */
function pointAt(unit: UnitName | undefined): void {
  const before = pointedUnit.peek();
  if (before?.layer !== unit?.layer || before?.unit !== unit?.unit) pointedUnit.value = unit;
}

interface FeaturesProps {
  readonly layout: Layout;
  readonly names: readonly string[];
  /** Before scaling; none before they are known. */
  readonly values: Values | undefined;
}

/** In the place of pixels: each feature by its name, with its value. */
function Features({ layout: { image }, names, values }: FeaturesProps) {
  const shape = { width: 1, height: names.length };
  return (
    <g class="stage-features">
      {names.map((name, feature) => {
        const { x, y } = pixelPlace(image, shape, feature);
        return (
          <text key={name} x={x} y={y}>
            {name} {values === undefined ? '' : fixedNumber(values[feature])}
          </text>
        );
      })}
    </g>
  );
}

interface CaptionsProps {
  readonly layout: Layout;
  /** Size of the type in pixels. */
  readonly type: number;
  readonly spec: NetworkSpec;
  readonly dataset: DatasetName;
}

/** What each column is, under it; the listbox has it in words. */
function Captions({ layout: { image, columns, captions }, type, spec, dataset }: CaptionsProps) {
  const data = datasetOf(dataset);
  const isNarrow = columns[0].x - image.x - image.width < WIDE_STEP * type;
  const caption = inputCaption(data, isNarrow);
  return (
    <g class="stage-captions">
      <text
        x={Math.max(image.x + image.width / 2, caption.length * HALF_LETTER * type)}
        y={captions}
      >
        {caption}
      </text>
      {layersOf(spec).map((place, column) => (
        <text key={place.index} x={columns[column].x} y={captions}>
          {columnCaption(place, spec, columns[column].nodes.length, isNarrow)}
        </text>
      ))}
    </g>
  );
}

interface ClassesProps {
  readonly layout: Layout;
  readonly type: number;
  readonly classNames: readonly string[];
  readonly view: StageView | undefined;
}

/** The classes beside the output, each with its probability; one sigmoid has the probability of class 1. */
function Classes({ layout: { columns }, type, classNames, view }: ClassesProps) {
  const { nodes, radius, x } = columns[columns.length - 1];
  const isSingle = nodes.length === 1;
  if (!isSingle && nodes[1].y - nodes[0].y < LEAST_LABEL_PITCH * type) return null;
  return (
    <g class="stage-classes">
      {nodes.map(({ y }, node) => {
        const index = isSingle ? 1 : node;
        const probability = view?.probabilities[index];
        return (
          <text
            key={classNames[index]}
            class={!isSingle && view?.predicted === index ? 'is-strong' : undefined}
            x={x + radius + 6}
            y={y}
          >
            <title>{classNames[index]}</title>
            {shortClassName(classNames[index])}:{' '}
            {probability === undefined ? '–' : fixedNumber(probability)}
          </text>
        );
      })}
    </g>
  );
}

/** The size of an element and of its type in pixels, as long as it is there. */
function useSizeOf(ref: { readonly current: HTMLElement | null }) {
  const [size, setSize] = useState({ width: 0, height: 0, type: 13 });
  useEffect(() => {
    const element = ref.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(([{ contentRect }]) => {
      const type = Number.parseFloat(getComputedStyle(element).fontSize);
      setSize({ width: contentRect.width, height: contentRect.height, type });
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [ref]);
  return size;
}
