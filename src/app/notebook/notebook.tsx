/** The notebook view: ten parts in the notebook's order, in one column. */
import { useEffect } from 'preact/hooks';
import { datasetOf } from '../../data/registry';
import { checkConfiguration } from '../../training/configuration/check';
import { Button } from '../components/button';
import { NoticeBox } from '../components/notice-box';
import { chosenUnit } from '../stage/chosen-unit';
import { StageControls } from '../stage/controls';
import { Stage } from '../stage/stage';
import type { Store } from '../state/store';
import { useStore } from '../state/store-context';
import { showLabPanel } from '../views/view';
import { ActivationPart } from './activation-part';
import { ArchitecturePart } from './architecture-part';
import { BackpropagationPart } from './backpropagation-part';
import { DataPart } from './data-part';
import { EvaluationPart } from './evaluation-part';
import { ForwardPart } from './forward-part';
import { LossPart } from './loss-part';
import { Contents } from './part';
import { PredictionsPart } from './predictions-part';
import { TrainingPart } from './training-part';
import { UpdatePart } from './update-part';

/** Where people go who do not read first. */
const WAYS = [
  { href: '#lab/results', title: 'See the results' },
  { href: '#lab/draw', title: 'Draw' },
  { href: '#lab/race', title: 'Race GPU and CPU' },
] as const;

function Ways() {
  const store = useStore();
  return (
    <nav class="ways" aria-label="Try it">
      {WAYS.map(({ href, title }) => (
        <a key={href} class="button" href={href}>
          {title}
        </a>
      ))}
      <Button onPress={() => seeHiddenLayer(store)}>See what a hidden layer does</Button>
    </nav>
  );
}

/** Sets up the circle in the plane, and shows its boundary. */
async function seeHiddenLayer(store: Store): Promise<void> {
  const { findPreset } = await import('../../training/presets');
  const begun = store.beginWith(checkConfiguration(findPreset('plane-circle').configuration));
  chosenUnit.value = undefined;
  showLabPanel('boundary');
  await begun;
}

export function Notebook() {
  const store = useStore();
  const lesson = store.lesson.value;
  const hasParts = lesson !== undefined;
  // The browser looked for the place of the address before there was any.
  useEffect(() => {
    if (!hasParts) return;
    const place = document.getElementById(location.hash.slice(1));
    place?.scrollIntoView({ behavior: 'instant', block: 'start' });
  }, [hasParts]);
  const { source } = datasetOf(store.settings.configuration.value.dataset);
  return (
    <main class="notebook" id="main" tabIndex={-1}>
      <nav class="contents contents-margin" aria-label="Contents">
        <Contents />
      </nav>
      <div class="notebook-column">
        <NoticeBox />
        <div class="lead">
          <h1>A neural network from scratch, on your GPU</h1>
        </div>
        <Stage>
          <StageControls />
        </Stage>
        <div class="lead lead-below">
          <Ways />
          <p>
            Ten parts, from pixels to predictions. Forward pass, loss, backpropagation and updates
            run as WGSL compute kernels in this page; a plain float64 reference stands beside them,
            so that every number can be checked.
          </p>
        </div>
        <details class="disclosure contents contents-folded">
          <summary>Contents</summary>
          <nav aria-label="Contents">
            <Contents />
          </nav>
        </details>
        {lesson !== undefined && (
          <>
            <DataPart lesson={lesson} />
            <ActivationPart lesson={lesson} />
            <ArchitecturePart lesson={lesson} />
            <ForwardPart lesson={lesson} />
            <LossPart lesson={lesson} />
            <BackpropagationPart lesson={lesson} />
            <UpdatePart lesson={lesson} />
            <TrainingPart />
            <EvaluationPart lesson={lesson} />
            <PredictionsPart lesson={lesson} />
          </>
        )}
        <footer class="colophon source">
          Data: {source}. <a href="./bench.html">The benchmark page</a> measures this machine beside
          TensorFlow.js and jax-js.
        </footer>
      </div>
    </main>
  );
}
