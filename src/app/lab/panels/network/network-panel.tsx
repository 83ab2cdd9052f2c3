/** Inside the network: every unit's weights, and what a test sample becomes layer by layer. */
import { useCallback, useState } from 'preact/hooks';
import { classNoun, classPhrase, pictureShape } from '../../../../data/dataset';
import { datasetOf } from '../../../../data/registry';
import { scaleRows } from '../../../../data/scaler';
import { layersOf, type NetworkSpec, widthsOf } from '../../../../model/network-spec';
import { forward } from '../../../../reference/network';
import { networkOf } from '../../../../training/network-of';
import { SampleImage } from '../../../components/sample-image';
import { Staged } from '../../../components/staged';
import { imageAt } from '../../../state/images';
import type { Run } from '../../../state/run';
import { useStore } from '../../../state/store-context';
import './network.css';
import type { Snapshot } from '../../../worker/training-service';
import { Bars } from '../common/bars';
import { chosenSampleOf, SampleChoice } from '../common/sample-choice';
import { NoSubject, Source, type Subject, useSubject } from '../common/subject';
import { useReadback } from '../common/use-readback';
import { GradientNorms } from './gradient-norms';
import { Histograms } from './histograms';
import { LayerView } from './layer-view';
import { UnitDetail, type UnitName } from './unit-detail';

/** Twice a second: on a software adapter, drawing takes its time from the training, too. */
const READ_MILLISECONDS = 500;

export function NetworkPanel() {
  const store = useStore();
  const read = useCallback((run: Run) => store.service.snapshot(run.id), [store]);
  const [ref, readback] = useReadback({ read, milliseconds: READ_MILLISECONDS });
  const subject = useSubject();
  return (
    <div ref={ref} class="panel-content">
      {subject !== undefined && readback?.value !== undefined ? (
        <Network subject={subject} snapshot={readback.value} />
      ) : (
        <NoSubject subject={subject} doing="Reading the parameters…" />
      )}
      {readback?.problem !== undefined && (
        <p class="source">The parameters could not be read: {readback.problem}</p>
      )}
    </div>
  );
}

interface NetworkProps {
  readonly subject: Subject;
  readonly snapshot: Snapshot;
}

function Network({
  subject: { run, lesson },
  snapshot: { epoch, batch, parameters },
}: NetworkProps) {
  const [unit, setUnit] = useState<UnitName>({ layer: 1, unit: 0 });
  const spec = networkOf(run.configuration);
  const dataset = datasetOf(run.configuration.dataset);
  const noun = classNoun(dataset);
  const shape = pictureShape(dataset);
  const layers = layersOf(spec);
  const samples = lesson.testImages.names.length;
  const sample = chosenSampleOf(samples);
  const pixels = imageAt(lesson.testImages, sample);
  const features = scaleRows(lesson.scaler, pixels);
  // One sample in plain float64: what a reader of the reference would compute with these parameters.
  const activations = forward(spec, parameters, features, 1);
  const outputs = activations[activations.length - 1];
  const chosen = clampUnit(unit, spec);
  return (
    <>
      <Source run={run} epoch={epoch} batch={batch} />
      <section class="panel-section" aria-labelledby="network-sample">
        <h2 id="network-sample">A sample on its way</h2>
        <div class="network-sample">
          <SampleImage
            dataset={run.configuration.dataset}
            pixels={pixels}
            label={`Test sample ${sample}, ${classPhrase(dataset, lesson.testImages.names[sample])}`}
          />
          <SampleChoice count={samples} />
          <Bars
            label={`Probability of each ${noun}`}
            rows={lesson.classNames.map((name, index) => ({
              label: name,
              share: probabilityOf(outputs, index),
              note: name === lesson.testImages.names[sample] ? 'true' : undefined,
            }))}
          />
        </div>
        <p class="source">
          Activations by the reference’s forward pass in float64 with the parameters as read back.
        </p>
      </section>
      <div class="panel-columns">
        <div class="panel-main">
          <Staged after={1}>
            {layers.map((layer) => (
              <LayerView
                key={layer.index}
                layer={layer}
                spec={spec}
                imageWidth={shape.width}
                parameters={parameters}
                activations={activations[layer.index - 1]}
                chosen={chosen}
                onChoose={setUnit}
              />
            ))}
            <Histograms spec={spec} parameters={parameters} />
            <GradientNorms run={run} />
          </Staged>
        </div>
        <Staged after={2}>
          <UnitDetail
            name={chosen}
            spec={spec}
            imageWidth={shape.width}
            featureNames={dataset.featureNames}
            parameters={parameters}
            input={chosen.layer === 1 ? features : activations[chosen.layer - 2]}
            activation={activations[chosen.layer - 1][chosen.unit]}
          />
        </Staged>
      </div>
    </>
  );
}

/** With one sigmoid output, that is the probability of class 1. */
function probabilityOf(outputs: Float64Array, index: number): number {
  if (outputs.length > 1) return outputs[index];
  return index === 1 ? outputs[0] : 1 - outputs[0];
}

/** The unit, or one that there is where the network has changed. */
function clampUnit({ layer, unit }: UnitName, spec: NetworkSpec): UnitName {
  const widths = widthsOf(spec);
  const nearest = Math.min(layer, widths.length - 1);
  return { layer: nearest, unit: Math.min(unit, widths[nearest] - 1) };
}
