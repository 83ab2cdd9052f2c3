/**
 * Looks at the selected run for the stage and for panels beside it: one question at a time for all that are
 * in sight, so that they show the same step; ten times a second at most, and less often where that would slow
 * training down.
 */
import { computed, type ReadonlySignal, signal } from '@preact/signals';
import { scaleRows } from '../../data/scaler';
import { followRun, type Readback } from '../lab/panels/common/follow-run';
import { chosenSample } from '../lab/panels/common/sample-choice';
import type { Run } from '../state/run';
import type { Store } from '../state/store';
import type { Look, LookQuestions } from '../worker/look';
import { lookCost } from './draw-cost';
import { ownSample } from './own-sample';

/** Ten times a second. */
const READ_MILLISECONDS = 100;

/** A look, and the pixels of the user's own sample where that is what flows through. */
export interface Seen {
  readonly look: Look;
  readonly own: Uint8Array | undefined;
}

/** One of those who look. */
export interface Looker {
  readonly isSeen: ReadonlySignal<boolean>;
  /** What it asks of a run; nothing where there is nothing for it to show. */
  ask(run: Run): Partial<LookQuestions> | undefined;
  /** Reads the signals that make another look necessary. */
  readonly watch?: (() => void) | undefined;
  /** While a run trains at full speed, it may take this share of the time. */
  readonly mostShare: number;
  /** What its last drawings took of the page's thread, in milliseconds. */
  readonly drawing: { readonly current: number };
  onSeen(readback: Readback<Seen | undefined>): void;
}

const lookers = signal<readonly Looker[]>([]);
const inSight = computed(() => lookers.value.filter(({ isSeen }) => isSeen.value));
const isAnySeen = computed(() => inSight.value.length > 0);
let stop: (() => void) | undefined;

/** @returns what ends it */
export function lookTogether(store: Store, looker: Looker): () => void {
  lookers.value = [...lookers.peek(), looker];
  stop ??= lookOn(store);
  return () => {
    lookers.value = lookers.peek().filter((other) => other !== looker);
    if (lookers.peek().length > 0) return;
    stop?.();
    stop = undefined;
  };
}

function lookOn(store: Store): () => void {
  /** Whoever was in sight when the last look began, and whoever of them has asked. */
  let looking: readonly Looker[] = [];
  let asking: readonly Looker[] = [];
  const read = async (run: Run): Promise<Seen | undefined> => {
    looking = inSight.peek();
    const asked = looking.map((looker) => ({ looker, questions: looker.ask(run) }));
    const all = asked.filter(({ questions }) => questions !== undefined);
    asking = all.map(({ looker }) => looker);
    if (asking.length === 0) return undefined;
    const lesson = store.lesson.peek();
    const own = ownSample.peek();
    const isOwn = lesson !== undefined && own?.dataset === run.configuration.dataset;
    const sample = isOwn ? scaleRows(lesson.scaler, own.pixels) : chosenSample.peek();
    const question = Object.assign({ sample }, ...all.map(({ questions }) => questions));
    const look = await store.service.look(run.id, question);
    return { look, own: isOwn ? own.pixels : undefined };
  };
  const pauseAfter = (seen: Seen | undefined) => {
    // Who has nothing to show yet does not wait for the others' turn.
    if (inSight.peek().some((looker) => !looking.includes(looker))) return 0;
    const sumOf = (value: (looker: Looker) => number) =>
      asking.reduce((sum, looker) => sum + value(looker), 0);
    const cost = lookCost({
      computing: seen?.look.milliseconds ?? 0,
      drawing: sumOf(({ drawing }) => drawing.current),
      cores: navigator.hardwareConcurrency,
      isSlowMotion: (store.pace.peek() ?? store.firstRun.pace.peek()) !== undefined,
    });
    return cost / sumOf(({ mostShare }) => mostShare);
  };
  const watch = () => {
    ownSample.value;
    chosenSample.value;
    for (const looker of inSight.value) looker.watch?.();
  };
  return followRun(
    store.run,
    isAnySeen,
    { read, milliseconds: READ_MILLISECONDS, watch, pauseAfter },
    (readback) => {
      for (const looker of asking) looker.onSeen(readback);
    },
  );
}
