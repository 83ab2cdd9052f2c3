/** Loss and accuracy as small curves that grow with the run: train solid, test dashed. Out of sight they stand still. */
import type { ReadonlySignal } from '@preact/signals';
import type { VNode } from 'preact';
import { useRef } from 'preact/hooks';
import { type Point, pointsOf } from '../components/growing-line';
import { ACCURACY, LOSS, type Measure } from '../components/history-chart';
import { integer, printedNumber } from '../state/format';
import type { Run } from '../state/run';
import { useStore } from '../state/store-context';
import { SPARK, sparkPath, sparkTop } from './spark-path';

export function Sparks({ isSeen }: { readonly isSeen: ReadonlySignal<boolean> }) {
  const store = useStore();
  const made = useRef<VNode | undefined>(undefined);
  // Nothing else is read out of sight, so nothing makes them anew there.
  if (!isSeen.value && made.current !== undefined) return made.current;
  const run = store.run.value;
  const { epochs } = run?.configuration ?? store.settings.configuration.value;
  made.current = (
    <div class="stage-curves">
      {sparkOf(run, epochs, LOSS)}
      {sparkOf(run, epochs, ACCURACY)}
    </div>
  );
  return made.current;
}

/** The epoch under way; nothing of it is known of the test set. */
function trailOf(run: Run, key: Measure['train' | 'test']): readonly Point[] {
  if (key !== 'loss' && key !== 'accuracy') return [];
  return run.trail.value.map(({ done, ...means }) => ({ x: done, y: means[key] }));
}

/** Not a component: what it reads belongs to the one that makes it. */
function sparkOf(run: Run | undefined, epochs: number, measure: Measure) {
  const { title, axis, train, test } = measure;
  // The length is read for its signal: the columns themselves are plain lists.
  const columns = run !== undefined && run.history.length > 0 ? run.history.columns : undefined;
  const lines = [train, test].map((key) => [
    ...(columns === undefined ? [] : pointsOf(columns[key])),
    ...(run === undefined ? [] : trailOf(run, key)),
  ]);
  const most = axis.maximum ?? sparkTop(lines.flat(), axis.suggested?.[1] ?? 1);
  const last = run?.history.at(-1);
  const text = (key: typeof train | typeof test) =>
    last === undefined ? '–' : printedNumber(last[key]);
  const where =
    run === undefined || last === undefined
      ? 'no epoch yet.'
      : `epoch ${integer(run.history.length)}: train ${text(train)}, test ${text(test)}.`;
  return (
    <figure class="spark">
      <figcaption>
        <strong>{title}</strong>
        <span class="spark-train">train {text(train)}</span>
        <span class="spark-test">test {text(test)}</span>
      </figcaption>
      <div class="spark-plot">
        <p class="spark-scale" aria-hidden="true">
          <span>{Number(most.toPrecision(2))}</span>
          <span>0</span>
        </p>
        <svg
          viewBox={`0 0 ${SPARK.width} ${SPARK.height}`}
          preserveAspectRatio="none"
          role="img"
          aria-label={`${title}, a small curve; ${where}`}
        >
          <path class="spark-line is-train" d={sparkPath(lines[0], epochs, most)} />
          <path class="spark-line is-test" d={sparkPath(lines[1], epochs, most)} />
        </svg>
        <p class="spark-epochs" aria-hidden="true">
          <span>epoch 0</span>
          <span>{integer(epochs)}</span>
        </p>
      </div>
    </figure>
  );
}
