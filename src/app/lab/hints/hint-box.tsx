/** The hints of the selected run: what was seen, why it is so, and one click that tries a remedy. */
import { useCallback, useEffect, useState } from 'preact/hooks';
import { Button } from '../../components/button';
import type { Run } from '../../state/run';
import { useStore } from '../../state/store-context';
import { BeforeTraining } from '../before-training';
import './hints.css';
import { useReadback } from '../panels/common/use-readback';
import { findDeadRelus, hasRelu } from './dead-relu';
import { findDivergence } from './divergence';
import { findSettled, findStoppedOnPlateau } from './early-stopping';
import type { Hint, Remedy } from './hint';
import { findOverfitting } from './overfitting';
import { findPlateau } from './plateau';

/** A look at the run this often at most: hints should not flicker. */
const LOOK_MILLISECONDS = 1000;

interface Props {
  /** What the panel below it will show of a run that trains; none where it waits for none. */
  readonly before: string | undefined;
}

/** Keeps its place while there is nothing to say, so that nothing moves when there is. */
export function HintBox({ before }: Props) {
  const store = useStore();
  /** Hints that the user does not want to see, by their run and kind. */
  const [hidden, setHidden] = useState<readonly string[]>([]);
  const look = useCallback(
    async (run: Run): Promise<readonly Hint[]> => {
      const { configuration } = run;
      const dead = hasRelu(configuration) ? await store.service.deadUnits(run.id) : undefined;
      const overfitting = findOverfitting(run);
      const hints = [
        findDivergence(run, run.hasDiverged.peek()),
        findStoppedOnPlateau(run, run.status.peek() === 'stopped') ?? findPlateau(run),
        // Learning by heart is why a test loss no longer falls, where it is seen.
        overfitting ?? findSettled(run),
        dead === undefined ? undefined : findDeadRelus(run, dead),
      ];
      return hints.filter((hint) => hint !== undefined);
    },
    [store],
  );
  const [ref, seen] = useReadback({ read: look, milliseconds: LOOK_MILLISECONDS });
  const run = store.run.value;
  const hints = seen?.value ?? [];
  const title = hints[0]?.title;
  useEffect(() => {
    if (title !== undefined) store.announcer.say(`Hint: ${title}.`);
  }, [store, title]);
  const keyOf = ({ kind }: Hint) => `${run?.id} ${kind}`;
  const shown = hints.filter((hint) => !hidden.includes(keyOf(hint)));
  const isBefore = !store.isStarting.value && !run?.isBusy && (run?.done ?? 0) === 0;
  if (isBefore && before !== undefined && shown.length === 0) {
    return (
      <div ref={ref}>
        <BeforeTraining text={before} />
      </div>
    );
  }
  return (
    <div ref={ref}>
      <section class="hints" aria-label="Hints">
        {shown.length === 0 && (
          <p class="hint-none">
            {(run?.history.length ?? 0) === 0
              ? 'Hints: what is unusual about a run is said here while it trains.'
              : 'Nothing unusual in this run so far.'}
          </p>
        )}
        {run !== undefined &&
          shown.map((hint) => (
            <HintView
              key={hint.kind}
              hint={hint}
              run={run}
              onHide={() => setHidden([...hidden, keyOf(hint)])}
            />
          ))}
      </section>
    </div>
  );
}

interface HintViewProps {
  readonly hint: Hint;
  readonly run: Run;
  readonly onHide: () => void;
}

function HintView({ hint: { title, evidence, why, remedy }, run, onHide }: HintViewProps) {
  const store = useStore();
  const tryRemedy = ({ changes }: Remedy) => {
    store.settings.replace({ ...run.configuration, ...changes });
    store.applyAndRestart();
  };
  return (
    <div class="hint">
      <details>
        <summary>{title}</summary>
        <p>{evidence}</p>
        <p class="hint-why">{why}</p>
      </details>
      {remedy !== undefined && (
        <Button onPress={() => tryRemedy(remedy)}>Try {remedy.label}</Button>
      )}
      <Button onPress={onHide}>
        Hide<span class="visually-hidden"> this hint: {title}</span>
      </Button>
    </div>
  );
}
