/** What goes through the maps: a sample of the test set, or what one draws here. */
import { computed, signal } from '@preact/signals';
import { imageOfDrawing, sheetOf } from '../../../../data/bitmap';
import { datasetOf } from '../../../../data/registry';
import { Segments } from '../../../components/segments';
import { FlowsThrough } from '../../../stage/own-sample';
import { SampleChoice } from '../common/sample-choice';
import type { Subject } from '../common/subject';
import '../draw/draw.css';
import { Pad } from '../draw/pad';
import { PadTools } from '../draw/pad-tools';
import { bitmapOf, drawing } from '../draw/pen';

const SOURCES = { sample: 'Test sample', drawing: 'Drawing' } as const;
type Source = keyof typeof SOURCES;
const NAMES = Object.keys(SOURCES) as readonly Source[];

const source = signal<Source>('sample');

/** The drawing as a sample of its data set; none where it is not asked for, or nothing is drawn. */
export const drawnSample = computed(() => {
  const drawn = drawing.value;
  if (source.value !== 'drawing' || drawn === undefined) return undefined;
  const sheet = sheetOf(datasetOf(drawn.dataset));
  const pixels = sheet && imageOfDrawing(sheet, drawn.bitmap);
  return pixels && { dataset: drawn.dataset, pixels };
});

export function SampleSource({ subject: { run, lesson } }: { readonly subject: Subject }) {
  const { dataset } = run.configuration;
  const sheet = sheetOf(datasetOf(dataset));
  const isDrawing = sheet !== undefined && source.value === 'drawing';
  const bitmap = sheet && bitmapOf(drawing.value, dataset, sheet);
  const draw = (drawn: Uint8Array) => {
    drawing.value = { dataset, bitmap: drawn };
  };
  const drawn = drawnSample.value;
  return (
    <div class="maps-source">
      {sheet !== undefined && (
        <fieldset class="segments" aria-label="What goes through the maps">
          <Segments
            name="maps-source"
            choices={NAMES}
            titleOf={(name) => SOURCES[name]}
            chosen={source.value}
            onChoose={(name) => {
              source.value = name;
            }}
          />
        </fieldset>
      )}
      {isDrawing && bitmap !== undefined ? (
        <>
          <FlowsThrough {...(drawn?.dataset === dataset ? drawn : {})} />
          <Pad sheet={sheet} bitmap={bitmap} ink={1} onDraw={draw} />
          <PadTools dataset={dataset} sheet={sheet} isEmpty={drawn === undefined} />
        </>
      ) : (
        <SampleChoice count={lesson.testImages.names.length} first={lesson.stage.sample} />
      )}
    </div>
  );
}
