/**
 * All runs that the charts show: the present one of each backend, and those before them, which stay
 * until others take their place, or for good where they are pinned.
 */
import { computed, effect, signal, untracked } from '@preact/signals';
import { BACKEND_NAMES } from '../../../training/backend';
import { checkConfiguration } from '../../../training/configuration/check';
import type { Configuration } from '../../../training/configuration/fields';
import { configurationToJson } from '../../../training/configuration/json';
import { NAMED_PRESETS } from '../../../training/presets';
import type { Announcer } from '../../state/announcer';
import { differencesOf } from '../../state/differences';
import { canRemember, NOTHING_KEPT } from '../../state/memory';
import { backendTitle } from '../../state/names';
import type { Run } from '../../state/run';
import type { Store } from '../../state/store';
import { MOST_PINNED, newKey, onPinnedElsewhere, readPinned, writePinned } from './pinned-runs';
import { COLORS, type RunEntry } from './run-entry';

/** Runs that are kept without a pin. */
const MOST_KEPT = 6;

export class RunBook {
  /** What became of runs without anybody's doing, in a sentence. */
  readonly word = signal<string | undefined>(undefined);
  readonly #announcer: Announcer;
  readonly #live = signal<readonly RunEntry[]>([]);
  readonly #kept = signal<readonly RunEntry[]>([]);
  #lastId = 0;
  /** Keys of the runs that the browser's memory and this tab have had in common. */
  readonly #known = new Set<string>();
  /** The selected run first, then the other backends', then those before, the latest first. */
  readonly entries;
  /** Those of them that are in the charts. */
  readonly shown = computed(() => this.entries.value.filter(({ isHidden }) => !isHidden.value));

  constructor(store: Store) {
    this.#announcer = store.announcer;
    this.#readPinned();
    onPinnedElsewhere(() => this.#readPinned());
    effect(() => {
      const runs = BACKEND_NAMES.flatMap((name) => store.runs.value[name] ?? []);
      for (const { configuration: _ } of runs); // it may change on the way
      untracked(() => this.#follow(runs));
    });
    this.entries = computed(() => {
      const selected = store.run.value;
      const live = [...this.#live.value].sort(
        (a, b) => Number(b.run === selected) - Number(a.run === selected),
      );
      return [...live, ...this.#kept.value];
    });
    // The pinned runs are written down when one is pinned, renamed or deleted, or stops.
    effect(() => {
      const pinned = this.entries.value.filter(({ isPinned }) => isPinned.value);
      const isGrowing = pinned.some(({ run }) => run?.isBusy);
      const names = pinned.map(({ name }) => name.value);
      if (isGrowing) return;
      untracked(() => this.#writePinned(pinned.map((entry, i) => ({ ...entry, name: names[i] }))));
    });
  }

  /** Pins a run, or lets it go; says so where the browser cannot keep it for the next visit. */
  togglePin({ isPinned }: RunEntry): void {
    isPinned.value = !isPinned.value;
    if (!isPinned.value) return;
    const pinned = this.entries.value.filter((entry) => entry.isPinned.value);
    if (!canRemember())
      this.#say(`${NOTHING_KEPT} The pinned run is gone when the page is closed.`);
    else if (pinned.length > MOST_PINNED)
      this.#say(`${MOST_PINNED} pinned runs are kept for the next visit, and this is one more.`);
  }

  /** Forgets a run that is over. */
  delete(entry: RunEntry): void {
    this.#kept.value = this.#kept.value.filter((kept) => kept !== entry);
  }

  /** Takes a run in again that was deleted. */
  restore(entry: RunEntry): void {
    this.#kept.value = [entry, ...this.#kept.value];
  }

  /** Takes new runs in, and keeps those that have been replaced if they have come to anything. */
  #follow(runs: readonly Run[]): void {
    const before = this.#live.value;
    const gone = before.filter(({ run }) => run !== undefined && !runs.includes(run));
    // Nothing changes their history any more.
    const kept = gone
      .filter(({ history }) => history.length > 0)
      .map((entry) => ({ ...entry, run: undefined, saved: entry.run?.saved }));
    if (kept.length > 0) this.#keep([...kept, ...this.#kept.value]);
    this.#live.value = runs.map((run) => {
      const { configuration, info, history } = run;
      const known = before.find((entry) => entry.run === run);
      if (known?.configuration === configuration) return known;
      if (known !== undefined) return { ...known, configuration };
      const back = this.#kept.value.find((entry) => entry.history === run.inPlaceOf);
      if (back !== undefined) {
        this.delete(back);
        return { ...back, configuration, info, history, run, saved: undefined };
      }
      return this.#entry({ configuration, info, history, run });
    });
  }

  /** All pinned runs, and the latest of the others; says which one makes room. */
  #keep(entries: readonly RunEntry[]): void {
    let count = 0;
    const kept = entries.filter(({ isPinned }) => isPinned.value || ++count <= MOST_KEPT);
    this.#kept.value = kept;
    const dropped = entries.filter((entry) => !kept.includes(entry)).map(nameOf);
    if (dropped.length === 0) return;
    this.#say(
      `“${dropped.join('”, “')}” made room for the new run: the last ${MOST_KEPT} earlier runs stay, and those that are pinned.`,
    );
  }

  #say(word: string): void {
    this.word.value = word;
    this.#announcer.say(word);
  }

  /** Takes in what is pinned at the start, and what another tab has changed of it since. */
  #readPinned(): void {
    const pinned = readPinned();
    const keys = new Set(pinned.map(({ key }) => key));
    const here = [...this.#live.value, ...this.#kept.value];
    // What another tab has deleted goes here, too; what only found no room there does not.
    const isFull = pinned.length === MOST_PINNED;
    const isGone = ({ key }: RunEntry) => !isFull && this.#known.has(key) && !keys.has(key);
    for (const entry of here.filter(isGone)) entry.isPinned.value = false;
    const added = pinned
      .filter(({ key }) => !here.some((entry) => entry.key === key))
      .map(({ name, ...rest }) =>
        this.#entry({ ...rest, run: undefined, name: signal(name), isPinned: signal(true) }),
      );
    for (const { key, name } of pinned) {
      const known = here.find((entry) => entry.key === key);
      if (known !== undefined) known.name.value = name;
      this.#known.add(key);
    }
    this.#kept.value = [...this.#kept.value.filter((entry) => !isGone(entry)), ...added];
  }

  #writePinned(pinned: Parameters<typeof writePinned>[0]): void {
    writePinned(pinned, this.#known);
    for (const { key } of pinned) this.#known.add(key);
  }

  #entry(
    parts: Pick<RunEntry, 'configuration' | 'info' | 'run' | 'history'> & Partial<RunEntry>,
  ): RunEntry {
    const used = [...this.#live.value, ...this.#kept.value].map(({ color }) => color);
    const id = ++this.#lastId;
    const color = COLORS.find((candidate) => !used.includes(candidate)) ?? COLORS[id % 6];
    return {
      name: signal(''),
      isPinned: signal(false),
      isHidden: signal(false),
      key: newKey(),
      ...parts,
      id,
      color,
    };
  }
}

/** The name of a run: the user's, that of its challenge, or what differs from the notebook's settings, and who computed. */
export function nameOf({ name, configuration, info }: RunEntry): string {
  if (name.value !== '') return name.value;
  return `${titleOf(configuration)} · ${backendTitle(info.name)}`;
}

/** Challenges by their settings as text; the first preset is the notebook's, which is none. */
const CHALLENGES: ReadonlyMap<string, string> = new Map(
  NAMED_PRESETS.slice(1).map(({ challenge, configuration }) => [
    textOf(checkConfiguration(configuration)),
    challenge,
  ]),
);

function titleOf(configuration: Configuration): string {
  return CHALLENGES.get(textOf(configuration)) ?? differencesOf(configuration);
}

function textOf(configuration: Configuration): string {
  return JSON.stringify(configurationToJson(configuration));
}

const books = new WeakMap<Store, RunBook>();

/** The one book of a store; from its first use on it follows every run. */
export function runBookOf(store: Store): RunBook {
  const book = books.get(store) ?? new RunBook(store);
  books.set(store, book);
  return book;
}
