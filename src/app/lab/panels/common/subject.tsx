/** What a panel is about: the selected run with the data that it was trained on. */
import { Button } from '../../../components/button';
import { integer } from '../../../state/format';
import { type Moment, momentWords } from '../../../state/moment';
import { backendTitle } from '../../../state/names';
import type { Run } from '../../../state/run';
import { isSameConfiguration } from '../../../state/settings';
import { useStore } from '../../../state/store-context';
import type { Lesson } from '../../../worker/lesson';

export interface Subject {
  readonly run: Run;
  readonly lesson: Lesson;
}

/** The selected run, once there is one and the lesson is about its settings. */
export function useSubject(): Subject | undefined {
  const store = useStore();
  const run = store.run.value;
  const lesson = store.lesson.value;
  if (run === undefined || lesson === undefined) return undefined;
  return isSameConfiguration(run.configuration, lesson.configuration) ? { run, lesson } : undefined;
}

interface NoSubjectProps {
  readonly subject?: Subject | undefined;
  /** What is under way where there is a subject. */
  readonly doing?: string;
}

/** What is shown in place of a panel that has no subject, or nothing to say of it yet. */
export function NoSubject({ subject, doing }: NoSubjectProps) {
  const store = useStore();
  const { run, lesson, isOpening } = store;
  const isWaiting = isOpening.value || run.value === undefined || lesson.value === undefined;
  if (subject !== undefined || isWaiting) {
    return <p class="source">{subject === undefined ? 'Opening the backend…' : doing}</p>;
  }
  return <OtherSettings />;
}

/** Where a panel would be about the settings, and the run has others. */
export function OtherSettings() {
  const store = useStore();
  return (
    <div class="before-training">
      <p>The settings differ from those of this run.</p>
      <Button onPress={() => store.applyAndRestart()}>Apply and restart</Button>
    </div>
  );
}

/** `Before training`, `After 30 epochs`, to begin with. */
export function afterEpochs(moment: Moment): string {
  const words = momentWords(moment);
  return `${words[0].toUpperCase()}${words.slice(1)}`;
}

interface SourceProps extends Moment {
  readonly run: Run;
  /** True where training may have gone on between the epoch and the numbers. */
  readonly isNear?: boolean;
}

/** Which epoch and which backend the numbers below come from. */
export function Source({ run, epoch, batch, isNear = false }: SourceProps) {
  const { name, adapter, precision } = run.info;
  return (
    <p class="source">
      {isNear ? `Near epoch ${integer(epoch)}, while it trains` : afterEpochs({ epoch, batch })} ·{' '}
      {backendTitle(name)}, {adapter}, {precision}
    </p>
  );
}
