/** Feature maps: what each layer of a convolutional network makes of a sample, live, and what a place of it sees. */
import { computed, signal } from '@preact/signals';
import { useMemo, useRef } from 'preact/hooks';
import { classPhrase } from '../../../../data/dataset';
import { datasetOf } from '../../../../data/registry';
import { formatLayers } from '../../../../layers/layer';
import { layersOf, outputOf, outputsOf } from '../../../../model/network-spec';
import { hasMaps, hasPlace, patchesOf } from '../../../../model/receptive-field';
import { checkConfiguration } from '../../../../training/configuration/check';
import type { Configuration } from '../../../../training/configuration/fields';
import { hiddenLayers, networkOf, sampleShape } from '../../../../training/network-of';
import { Button } from '../../../components/button';
import { ShapeStrip } from '../../../components/shape-strip';
import { Staged } from '../../../components/staged';
import { useLook } from '../../../stage/use-look';
import { imageAt } from '../../../state/images';
import type { Run } from '../../../state/run';
import type { Store } from '../../../state/store';
import { useStore } from '../../../state/store-context';
import type { FeatureMaps } from '../../../worker/feature-maps';
import { NoSubject, Source, type Subject, useSubject } from '../common/subject';
import '../network/network.css';
import { LayerMaps } from './layer-maps';
import { lookedAtPlace } from './looked-at-place';
import './maps.css';
import { SampleSource } from './sample-source';
import { Seen } from './seen';

/** While a run trains at full speed, the panel takes at most this share of its time. */
const MOST_SHARE = 0.08;

/** Two convolutions that train in seconds. */
const SMALL = {
  dataset: 'digits',
  classes: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
  layers: 'conv 8 3x3 same relu; max_pool 2; conv 16 3x3 same relu; max_pool 2',
  init: 'he_normal',
  optimizer: 'adam',
  learningRate: 0.003,
  batchSize: 64,
  epochs: 30,
} as const;

/** The layers, from 1, of which all maps are shown. */
const unfolded = signal<readonly number[]>([]);

/** A sample's maps, and the pixels of the drawing where that is what flows through. */
interface Read {
  readonly view: FeatureMaps;
  readonly own: Uint8Array | undefined;
}

export function MapsPanel() {
  const store = useStore();
  const [ref, readback] = useLook({ ask, watch, mostShare: MOST_SHARE });
  const subject = useSubject();
  const { maps: view } = readback?.value?.look ?? {};
  const own = readback?.value?.own;
  const kept = useRef<Shown | undefined>(undefined);
  const isBetween = store.isOpening.value || (subject !== undefined && readback === undefined);
  const before = isBetween && hasNetworkOf(kept.current, store) ? kept.current : undefined;
  // While a run of the same network is opened, the last one's maps stay: without them all below would jump.
  kept.current = subject && view ? { subject, seen: { view, own } } : before;
  return (
    <div ref={ref} class="panel-content maps">
      {kept.current === undefined ? <Without subject={subject} /> : <Maps {...kept.current} />}
      {readback?.problem !== undefined && (
        <p class="source">The maps could not be read: {readback.problem}</p>
      )}
    </div>
  );
}

/** Nothing of a network without maps. */
function ask({ configuration }: Run) {
  if (!layersOf(networkOf(configuration)).some(hasMaps)) return undefined;
  return { maps: { unfolded: unfolded.peek(), place: lookedAtPlace.peek() } };
}

/** What another answer is needed for. */
function watch(): void {
  lookedAtPlace.value;
  unfolded.value;
}

interface Shown {
  readonly subject: Subject;
  readonly seen: Read;
}

/** Whether what is shown is of the network that is set now. */
function hasNetworkOf(shown: Shown | undefined, { settings }: Store): boolean {
  const textOf = (configuration: Configuration) =>
    JSON.stringify([configuration.dataset, networkOf(configuration)]);
  return (
    shown !== undefined &&
    textOf(shown.subject.run.configuration) === textOf(settings.configuration.value)
  );
}

/** In the place of maps: why there are none. */
function Without({ subject }: { readonly subject: Subject | undefined }) {
  const store = useStore();
  const configuration = subject?.run.configuration ?? store.settings.configuration.value;
  if (!layersOf(networkOf(configuration)).some(hasMaps)) {
    return (
      <div class="panel-offer">
        <p>
          Choose conv layers to see feature maps: images, and layers such as{' '}
          <code>conv 8 3x3 same relu</code> in the settings.
        </p>
        <Button onPress={() => store.beginWith(checkConfiguration(SMALL))}>
          Set a small convolutional network
        </Button>
      </div>
    );
  }
  return <NoSubject subject={subject} doing="Reading the maps…" />;
}

function Maps({ subject, seen: { view, own } }: Shown) {
  const { run, lesson } = subject;
  const { configuration } = run;
  const spec = useMemo(() => networkOf(configuration), [configuration]);
  const places = useMemo(() => layersOf(spec), [spec]);
  const patches = useMemo(
    () =>
      computed(() => {
        const at = lookedAtPlace.value;
        return at !== undefined && hasPlace(places, at) ? patchesOf(places, at) : undefined;
      }),
    [places],
  );
  const dataset = datasetOf(configuration.dataset);
  const { sample } = view;
  const title =
    sample === undefined
      ? 'Your drawing'
      : `Test sample ${sample}, ${classPhrase(dataset, lesson.testImages.names[sample])},`;
  const pixels = useMemo(
    () => own ?? imageAt(lesson.testImages, sample ?? 0),
    [own, lesson, sample],
  );
  const answer = lesson.classNames[view.predicted];
  const share = (100 * view.probabilities[view.predicted]).toFixed(0);
  return (
    <>
      <Source run={run} epoch={view.epoch} batch={view.batch} />
      <ShapeStrip
        input={sampleShape(dataset)}
        layers={hiddenLayers(configuration).map((layer) => formatLayers([layer]))}
        outputs={outputsOf(spec)}
        output={outputOf(spec)}
      />
      <SampleSource subject={subject} />
      <p class="maps-says">
        {title} is taken for <strong>{answer}</strong> with {share} %
      </p>
      <div class="panel-columns">
        <div class="panel-main">
          <Staged>
            {view.layers.map((maps) => (
              <LayerMaps
                key={maps.layer}
                {...{ maps, places, patches }}
                place={places[maps.layer - 1]}
                filters={maps.layer === 1 ? view.filters : undefined}
                isUnfolded={unfolded.value.includes(maps.layer)}
                onFold={() => fold(maps.layer)}
              />
            ))}
          </Staged>
        </div>
        <Seen
          {...{ pixels, places, view, patches }}
          dataset={configuration.dataset}
          label={title.replace(/,$/, '')}
        />
      </div>
      <p id="maps-help" class="source">
        In a map the arrow keys move, Home goes to its strongest place, Page Up and Page Down to the
        map before and behind it.
      </p>
      <p class="source">
        Blue is positive, orange negative. Activations by the reference’s forward pass in float64
        with the parameters as read back.
      </p>
    </>
  );
}

/** Folds a layer's maps, or unfolds them. */
function fold(layer: number): void {
  const before = unfolded.peek();
  unfolded.value = before.includes(layer)
    ? before.filter((other) => other !== layer)
    : [...before, layer];
}
