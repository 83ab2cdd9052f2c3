/** The state behind every view: settings, one run for each backend, and what the user can do with them. */
import { batch, computed, type Signal, signal } from '@preact/signals';
import { bringFile } from '../../data/registry';
import type { PlanOptions } from '../../gpu/plan/choices';
import type { Finding } from '../../session/self-test/spot-check';
import type { BackendName } from '../../training/backend';
import type { ChangeableValues } from '../../training/configuration/changes';
import {
  type Configuration,
  type ConfigurationKey,
  FIELDS,
} from '../../training/configuration/fields';
import { InvalidInputError } from '../../training/errors';
import type { StopReason } from '../../training/trainer';
import { type ReadUrl, readUrl, type UrlState } from '../url-state';
import { WorkerFailedError } from '../worker/connection';
import type { Lesson } from '../worker/lesson';
import type {
  Moved,
  Obstacle,
  Progress,
  Stopped,
  TrainingService,
  TuningProgress,
} from '../worker/training-service';
import { Announcer } from './announcer';
import { EarlierRuns } from './earlier-runs';
import { FAILURES, type Failure } from './failures';
import { FirstRun } from './first-run';
import { integer } from './format';
import { sentenceOf } from './input-sentence';
import { backendTitle } from './names';
import { Run, type RunStatus } from './run';
import { isSameConfiguration, Settings } from './settings';

export class Store {
  readonly announcer: Announcer;
  readonly settings: Settings;
  readonly lesson = signal<Lesson | undefined>(undefined);
  /** The backend that the transport acts on. */
  readonly backend: Signal<BackendName>;
  /** The backend that was asked for; it may be that it could not be had. */
  readonly wish: Signal<BackendName>;
  readonly runs = signal<Readonly<Partial<Record<BackendName, Run>>>>({});
  readonly run = computed(() => this.runs.value[this.backend.value]);
  /** True while a backend is being opened. */
  readonly isOpening = signal(false);
  /** True from the order to train until the run does; `pause` takes the order back. */
  readonly isStarting = signal(false);
  readonly planOptions: Signal<PlanOptions>;
  /** Where measuring the plans stands, while it lasts. */
  readonly tuningProgress = signal<TuningProgress | undefined>(undefined);
  /** The share of the data set that has been read, while a large one is on its way. */
  readonly loadingShare = signal<number | undefined>(undefined);
  /** Slow motion in epochs a second; `undefined` is as fast as it goes. */
  readonly pace = signal<number | undefined>(undefined);
  /** True where the settings differ from those of a run that has begun. */
  readonly isChanged = computed(() => {
    const run = this.run.value;
    if (run === undefined || (run.done === 0 && !run.isBusy)) return false;
    return !this.#isCurrent(run);
  });

  /** What brings runs back that stood somewhere before. */
  readonly earlier = new EarlierRuns(this);
  /** The field that keeps a run from starting, until it has the focus. */
  readonly faultyField = signal<ConfigurationKey | undefined>(undefined);
  /** Whether the page shows what it knows of adapter and kernels. */
  readonly isDiagnosing = signal(false);

  #isToldNotKept = false;
  /** Of runs that nobody sees before they are adopted, by their ids. */
  readonly #movedUnseen = new Map<number, Moved>();
  #opening: Promise<Run | undefined> = Promise.resolve(undefined);

  /** @param service - what the worker does; panels ask it for more than training */
  constructor(
    readonly service: TrainingService,
    { configuration, backend, planOptions, unread, problems }: ReadUrl = readUrl(''),
    /** The first run of a visitor, which is slowed down; by default this is none's. */
    readonly firstRun = new FirstRun(),
  ) {
    this.announcer = new Announcer(problems);
    this.settings = new Settings(configuration);
    for (const [key, text] of Object.entries(unread)) {
      this.settings.edit(key as ConfigurationKey, text);
    }
    this.backend = signal(backend);
    this.wish = signal(backend);
    this.planOptions = signal(planOptions);
  }

  /** Takes over a run that was opened elsewhere, in the place of the selected backend's. */
  async adopt(run: Run): Promise<void> {
    const lesson = await this.#lessonOf(run.configuration);
    await this.pause();
    const previous = this.runs.value[run.info.name];
    // One change for whoever follows.
    batch(() => {
      if (previous !== undefined) this.#forget(previous);
      this.settings.replace(run.configuration);
      this.lesson.value = lesson;
      this.runs.value = { ...this.runs.value, [run.info.name]: run };
      this.backend.value = run.info.name;
      if (run.fallback === undefined) this.wish.value = run.info.name;
    });
    const moved = this.#movedUnseen.get(run.id);
    this.#movedUnseen.delete(run.id);
    if (moved !== undefined) this.onMoved(moved);
    await this.attempt(() => this.#evaluate(run), 'evaluate');
  }

  /** Loads the lesson and opens the first backend. */
  load(): Promise<void> {
    return this.attempt(async () => {
      await this.#loadLesson();
      await this.#ready();
    }, 'load');
  }

  /** Data of one's own are lost with this visit. */
  onDataNotKept(message: string): void {
    this.announcer.report({
      title: 'Your data are here for this visit only',
      text: `The browser keeps nothing for this page (${message}), so after a reload it asks for the file again. They train all the same.`,
    });
  }

  /** Runs are lost with this visit; said once. */
  onNotKept(message: string): void {
    if (this.#isToldNotKept) return;
    this.#isToldNotKept = true;
    this.announcer.report({
      title: 'Runs are not kept here',
      text: `The browser keeps nothing for this page (${message}), so a reload loses the run. It trains all the same.`,
    });
  }

  /** What the worker says of a configuration; from then on the page knows what is in its file, too. */
  async #lessonOf(configuration: Configuration): Promise<Lesson> {
    const lesson = await this.service.lesson(configuration);
    if (lesson.file !== undefined) bringFile(lesson.file);
    return lesson;
  }

  /** The lesson about the settings as they are now, but for those that the data do not allow. */
  async #loadLesson(): Promise<void> {
    const before = this.lesson.value?.configuration;
    this.lesson.value = await this.#allowed(before, (wanted) => this.#lessonOf(wanted));
  }

  /** What `use` makes of the settings; of those that it refuses, each goes back to what it was `before`. */
  async #allowed<T>(
    before: Configuration | undefined,
    use: (configuration: Configuration) => Promise<T>,
  ): Promise<T> {
    while (true) {
      const wanted = this.settings.configuration.value;
      try {
        return await use(wanted);
      } catch (error) {
        // Somebody else may have asked meanwhile, and been refused as well.
        const isDealtWith =
          error instanceof InvalidInputError && this.settings.configuration.value !== wanted;
        if (!isDealtWith && !this.settings.refuse(error, before)) throw error;
      }
    }
  }

  onProgress(progress: Progress): void {
    const run = this.#runOf(progress.id);
    if (run === undefined) return;
    run.report(progress);
    if (run !== this.run.value) return;
    this.announcer.goesOn(run);
    if (!run.isBusy || !this.firstRun.goesOn(run, performance.now())) return;
    this.attempt(() => this.service.setPace(run.id, this.firstRun.pace.value), 'pace');
  }

  /** The run goes on elsewhere, and says so once. */
  onMoved(moved: Moved): void {
    const run = this.#runOf(moved.id);
    if (run === undefined) {
      this.#movedUnseen.set(moved.id, moved);
      return;
    }
    const before = run.info.name;
    const { name } = moved.info;
    // Whoever looks sees it where it was or where it is.
    batch(() => {
      run.moved(moved);
      if (name === before) return;
      const there = this.runs.value[name];
      if (there !== undefined) this.#forget(there);
      const { [before]: _, ...others } = this.runs.value;
      this.runs.value = { ...others, [name]: run };
      if (this.backend.value === before) this.backend.value = name;
    });
    this.announcer.moves(run, moved);
  }

  /** Its numbers are not to be believed any more; said once. */
  onFinding(id: number, finding: Finding): void {
    const run = this.#runOf(id);
    if (run === undefined || run.finding.value !== undefined) return;
    run.finding.value = finding;
    this.announcer.doubts(run, finding, async () => {
      this.isDiagnosing.value = true;
    });
  }

  /** Nothing is left that the run could go on with. */
  onLost(id: number, obstacle: Obstacle): void {
    const run = this.#runOf(id);
    if (run === undefined) return;
    run.status.value = 'stopped';
    this.#forget(run);
    this.announcer.report({
      title: 'The run cannot go on',
      text: `${obstacle.message} Try again, take another backend, or reload the page.`,
      action: { title: 'Retry', act: () => this.load() },
    });
  }

  onLoading(share: number): void {
    this.loadingShare.value = share < 1 ? share : undefined;
  }

  onTuning(progress: TuningProgress): void {
    this.tuningProgress.value = progress.share < 1 ? progress : undefined;
  }

  /** Ends measuring; the run goes on with the plan of the fixed table. */
  async cancelTuning(): Promise<void> {
    await this.attempt(() => this.service.cancelTuning(), 'cancelTuning');
    this.announcer.say('Measuring is cancelled. The run takes the plan of the fixed table.');
  }

  /** Takes the settings over where no epoch is at stake; else the user is asked to restart. */
  async settingsChanged(): Promise<void> {
    this.settings.settle();
    if (this.isChanged.value) return;
    await this.attempt(async () => {
      await this.#loadLesson();
      if (this.run.value?.isBusy !== true) await this.#ready();
    }, 'settings');
  }

  /** Takes other settings over and opens a run of them; one that has begun can be had back. */
  async beginWith(configuration: Configuration): Promise<void> {
    this.settings.replace(configuration);
    await (this.isChanged.value ? this.reset() : this.settingsChanged());
  }

  /** Takes back the last change of a setting. */
  async undo(): Promise<void> {
    this.settings.undo();
    await this.settingsChanged();
  }

  /** Sets how WebGPU lays networks out. */
  async setPlanOptions(planOptions: PlanOptions): Promise<void> {
    this.planOptions.value = planOptions;
    await this.settingsChanged();
  }

  async select(backend: BackendName): Promise<void> {
    this.wish.value = backend;
    if (backend === this.backend.value) return;
    await this.pause();
    this.backend.value = backend;
    await this.attempt(() => this.#ready(), 'select');
  }

  /** Takes the settings, the backend and its plan from elsewhere, as one change. */
  async take({ configuration, backend, planOptions }: UrlState): Promise<void> {
    batch(() => {
      this.settings.replace(configuration);
      this.planOptions.value = planOptions;
      this.wish.value = backend;
    });
    if (backend === this.backend.value) return this.settingsChanged();
    await this.pause();
    this.backend.value = backend;
    await this.load();
  }

  /**
   * Trains to the last epoch; a run that is over starts again.
   *
   * @param what - is trained, where somebody chose it by a name
   */
  start(what?: string): Promise<void> {
    return this.#train((run) => {
      this.announcer.begins(run, what);
      const pace = this.pace.value ?? this.firstRun.begins(run, performance.now());
      return this.service.run(run.id, pace);
    });
  }

  step(): Promise<void> {
    return this.#train((run) => this.service.step(run.id, 1));
  }

  stepBatch(): Promise<void> {
    return this.#train((run) => this.service.stepBatch(run.id));
  }

  /** Sets the pace, of a run under way as well. */
  async setPace(pace: number | undefined): Promise<void> {
    this.pace.value = pace;
    this.firstRun.leave();
    const run = this.run.value;
    if (run?.isBusy) await this.attempt(() => this.service.setPace(run.id, pace), 'pace');
  }

  /** Trains the run with other settings from its next epoch on, whether it trains now or not. */
  change(values: Partial<ChangeableValues>): Promise<void> {
    return this.#rewrite(async (run) => {
      const changed = await this.service.change(run.id, values);
      return () => {
        run.changed(changed);
        this.announcer.changes(changed);
      };
    });
  }

  /** Trains a run that is over on, to so many epochs altogether. */
  async trainOn(epochs: number): Promise<void> {
    const run = this.run.value;
    if (run?.isOver !== true) return;
    const { patience } = run.configuration;
    await this.#rewrite(async () => {
      const changed = await this.service.lengthen(run.id, epochs);
      return () => run.lengthened(changed);
    });
    if (run.isOver) return;
    if (run.configuration.patience !== patience) {
      this.announcer.report({
        title: 'Early stopping is off for this run',
        text: 'It would stop the run at the same epoch again.',
      });
    }
    await this.start();
  }

  /** Has the run's own settings become others; the controls follow where they were the run's. */
  async #rewrite(ask: (run: Run) => Promise<() => void>): Promise<void> {
    const run = this.run.value;
    if (run === undefined) return;
    await this.attempt(async () => {
      const take = await ask(run);
      batch(() => {
        const before = run.configuration;
        take();
        const { configuration } = run;
        if (isSameConfiguration(before, this.settings.configuration.value)) {
          this.settings.replace(configuration);
        }
        const lesson = this.lesson.value;
        if (lesson !== undefined && isSameConfiguration(before, lesson.configuration)) {
          this.lesson.value = { ...lesson, configuration };
        }
      });
    }, 'rewrite');
  }

  /** Stops training, and a start that is still under way. */
  async pause(): Promise<void> {
    this.isStarting.value = false;
    const run = this.run.value;
    if (run?.status.value !== 'running') return;
    run.status.value = 'pausing';
    await this.attempt(() => this.service.pause(run.id), 'pause');
  }

  /** Another seed, and with it other initial parameters; a run under way starts again with it. */
  async newSeed(): Promise<void> {
    const wasBusy = this.run.value?.isBusy === true;
    const [seed] = crypto.getRandomValues(new Uint16Array(1));
    this.settings.edit('seed', String(seed));
    await (wasBusy ? this.applyAndRestart() : this.reset());
  }

  /** Back to the initial parameters of the settings as they are now, which can be undone. */
  async reset(): Promise<void> {
    const before = this.run.value;
    await this.#startAnew();
    if (before?.saved === undefined || this.run.value === before) return;
    const { configuration, history, info } = before;
    this.announcer.offerUndo(
      'Reset to the initial parameters',
      `The run had come to epoch ${integer(history.length)}.`,
      () => this.earlier.bringBack({ configuration, history, info, saved: before.saved }),
    );
  }

  async #startAnew(): Promise<void> {
    await this.attempt(async () => {
      await this.#loadLesson();
      await this.#inTurn(() => this.#reopen());
      this.announcer.say('Reset to the initial parameters.');
    }, 'reset');
  }

  async applyAndRestart(what?: string): Promise<void> {
    await this.#startAnew();
    await this.start(what);
  }

  /** Whether the settings that a run would begin with are those that somebody typed; says so where not. */
  #areSettingsRead(): boolean {
    const run = this.run.value;
    const hasBegun = run !== undefined && run.done > 0 && !run.isOver;
    const problems = Object.entries(this.settings.problems.value);
    if (hasBegun || problems.length === 0) return true;
    const sentences = problems.map(
      ([key, problem]) => `${FIELDS[key as ConfigurationKey].label}: ${problem}`,
    );
    this.faultyField.value = problems[0][0] as ConfigurationKey;
    this.announcer.report({
      title: 'A setting cannot be read',
      text: sentences.join(' '),
      action: {
        title: 'Train without it',
        act: async () => {
          this.announcer.notice.value = undefined;
          this.settings.undo();
          await this.start();
        },
      },
    });
    return false;
  }

  async #train(train: (run: Run) => Promise<Stopped>): Promise<void> {
    if (!this.#areSettingsRead()) return;
    await this.attempt(async () => {
      const run = await this.#runToTrain();
      // Data and device have had their say by now.
      if (run === undefined || !this.#areSettingsRead()) return;
      // The order to train leaves in this task, so that one to pause cannot overtake it.
      run.status.value = 'running';
      this.earlier.offered.value = undefined;
      this.announcer.follows(run);
      try {
        await this.#stopped(run, await train(run));
      } catch (error) {
        // Nobody waits for a run that has been replaced in the meantime.
        if (this.#runOf(run.id) === undefined) return;
        run.status.value = 'stopped';
        throw error;
      }
    }, 'train');
  }

  /** The selected run as soon as it stands ready; nothing where it trains already, or was paused by then. */
  async #runToTrain(): Promise<Run | undefined> {
    if (this.isStarting.value || this.run.value?.isBusy) return undefined;
    this.isStarting.value = true;
    try {
      if (this.run.value?.isOver) await this.#startAnew();
      const run = await this.#ready();
      return this.isStarting.value && run?.isBusy === false ? run : undefined;
    } finally {
      this.isStarting.value = false;
    }
  }

  async #stopped(run: Run, stopped: Stopped): Promise<void> {
    // Whoever closed the run goes on from there; a lost device is onLost's business.
    if (stopped.reason === 'closed' || stopped.reason === 'lost') return;
    // Nor does anybody wait for one that was put aside.
    if (this.#runOf(run.id) === undefined) return;
    run.trainMilliseconds.value = stopped.trainMilliseconds;
    const isFinished = run.history.length >= run.configuration.epochs;
    run.restoredEpoch.value = stopped.restoredEpoch;
    run.hasDiverged.value = stopped.reason === 'diverged';
    run.status.value = isFinished ? 'finished' : STATUS_AFTER[stopped.reason];
    if (run.isOver) this.firstRun.ends();
    await this.#evaluate(run);
    const { message } = stopped;
    const title = `${isFinished ? 'Finished' : 'Stopped'} after epoch ${run.history.length}`;
    if (message === undefined) this.announcer.stops(run);
    else this.announcer.report({ title, text: message });
  }

  async #evaluate(run: Run): Promise<void> {
    const { moment } = run;
    const report = await this.service.report(run.id);
    run.evaluation.value = { report, ...moment };
  }

  /** The selected backend's run, opened where there is none yet or its settings are out of date. */
  #ready(): Promise<Run | undefined> {
    return this.#inTurn(async () => {
      const before = this.run.value;
      const isCurrent =
        before !== undefined && (before.isBusy || before.done > 0 || this.#isCurrent(before));
      const run = isCurrent ? before : await this.#reopen();
      if (run !== undefined) await this.#follow(run);
      return run;
    });
  }

  /** The lesson is about the run that is shown: another backend's may have had other settings. */
  async #follow({ configuration }: Run): Promise<void> {
    const lesson = this.lesson.value;
    if (lesson !== undefined && isSameConfiguration(lesson.configuration, configuration)) return;
    this.lesson.value = await this.#lessonOf(configuration);
  }

  /** Whether the settings are still those that the run was opened with. */
  #isCurrent(run: Run): boolean {
    const { schedule, tuning } = this.planOptions.value;
    const hasSamePlan = run.planOptions.schedule === schedule && run.planOptions.tuning === tuning;
    return (
      (hasSamePlan || run.info.name !== 'webgpu') &&
      isSameConfiguration(run.configuration, this.settings.configuration.value)
    );
  }

  /** Replaces the selected backend's run by a new one. */
  async #reopen(): Promise<Run> {
    const before = this.run.value;
    if (before !== undefined) this.#forget(before);
    this.isOpening.value = true;
    try {
      const wanted = this.backend.value;
      const run = await this.#allowed(before?.configuration, (configuration) =>
        this.openBeside(configuration),
      );
      await this.#follow(run);
      this.#explain(wanted, run);
      const { name } = run.info;
      this.runs.value = { ...this.runs.value, [name]: run };
      if (this.backend.value === wanted) this.backend.value = name;
      await this.#evaluate(run);
      return run;
    } finally {
      this.tuningProgress.value = undefined;
      this.isOpening.value = false;
    }
  }

  /** One at a time: a run that is opened twice would train unseen behind the other. */
  #inTurn(open: () => Promise<Run | undefined>): Promise<Run | undefined> {
    this.#opening = this.#opening.catch(() => undefined).then(open);
    return this.#opening;
  }

  /** Opens a run on the selected backend, which nobody sees before it is adopted. */
  async openBeside(configuration: Configuration, wanted = this.backend.value): Promise<Run> {
    const planOptions = this.planOptions.value;
    const opened = await this.service.open(configuration, wanted, planOptions);
    return new Run(configuration, opened, planOptions);
  }

  #explain(wanted: BackendName, { fallback, info }: Run): void {
    if (fallback !== undefined) {
      const title = `${backendTitle(wanted)} is not available`;
      const text = `${fallback.message} This page goes on with ${backendTitle(info.name)}, ${info.adapter}, in ${info.precision}.`;
      this.announcer.report({ title, text });
    } else if (
      wanted === info.name &&
      wanted !== 'reference' &&
      // What is wrong with a field stays said.
      Object.keys(this.settings.problems.value).length === 0
    ) {
      this.announcer.notice.value = undefined;
    }
  }

  /** Takes a run away, and holds on to where it stood. */
  #forget(run: Run): void {
    const hasBegun = run.history.length > 0;
    // A run that is already gone needs no closing.
    if (hasBegun) run.saved = this.service.putAside(run.id).catch(() => undefined);
    else this.service.close(run.id).catch(() => undefined);
    const others = { ...this.runs.value };
    delete others[run.info.name];
    this.runs.value = others;
  }

  #runOf(id: number): Run | undefined {
    return Object.values(this.runs.value).find((run) => run.id === id);
  }

  /** Does something that may fail; the user hears of it then, under the title of `what`. */
  async attempt(action: () => Promise<unknown>, what: Failure): Promise<void> {
    try {
      await action();
    } catch (error) {
      const notice = { title: FAILURES[what], text: sentenceOf(error) };
      if (!(error instanceof WorkerFailedError)) this.announcer.report(notice);
      else {
        const action = { title: 'Retry', act: () => this.#reload() };
        this.announcer.report({ ...notice, action });
      }
    }
  }

  /** Begins anew after the worker broke, and with it whatever it held; what was kept of its run is offered. */
  async #reload(): Promise<void> {
    this.announcer.notice.value = undefined;
    this.runs.value = {};
    await this.load();
    await this.earlier.find();
  }
}

const STATUS_AFTER = {
  finished: 'finished',
  paused: 'paused',
  'early-stopping': 'stopped',
  diverged: 'stopped',
} as const satisfies Record<StopReason, RunStatus>;
