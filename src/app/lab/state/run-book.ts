/**
 * All runs that the charts show: the present one of each backend, and those before them, which stay
 * until others take their place, or for good where they are pinned.
 */
import { computed, effect, signal, untracked } from '@preact/signals';
import { datasetOf } from '../../../data/registry';
import { BACKEND_NAMES } from '../../../training/backend';
import {
  CONFIGURATION_KEYS,
  type Configuration,
  DEFAULTS,
  FIELDS,
} from '../../../training/configuration/fields';
import { formatField } from '../../../training/configuration/text';
import { backendTitle } from '../../state/names';
import type { Run } from '../../state/run';
import type { Store } from '../../state/store';
import { readPinned, writePinned } from './pinned-runs';
import { COLORS, type RunEntry } from './run-entry';

/** Runs that are kept without a pin. */
const MOST_KEPT = 6;

export class RunBook {
  readonly #live = signal<readonly RunEntry[]>([]);
  readonly #kept = signal<readonly RunEntry[]>([]);
  #lastId = 0;
  /** The selected run first, then the other backends', then those before, the latest first. */
  readonly entries;
  /** Those of them that are in the charts. */
  readonly shown = computed(() => this.entries.value.filter(({ isHidden }) => !isHidden.value));

  constructor(store: Store) {
    this.#kept.value = readPinned().map(({ name, ...rest }) =>
      this.#entry({ ...rest, run: undefined, name: signal(name), isPinned: signal(true) }),
    );
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
      untracked(() => writePinned(pinned.map((entry, i) => ({ ...entry, name: names[i] }))));
    });
  }

  /** Forgets a run that is over. */
  delete(entry: RunEntry): void {
    this.#kept.value = this.#kept.value.filter((kept) => kept !== entry);
  }

  /** Takes new runs in, and keeps those that have been replaced if they have come to anything. */
  #follow(runs: readonly Run[]): void {
    const before = this.#live.value;
    const gone = before.filter(({ run }) => run !== undefined && !runs.includes(run));
    // Nothing changes their history any more.
    const kept = gone
      .filter(({ history }) => history.length > 0)
      .map((entry) => ({ ...entry, run: undefined }));
    if (kept.length > 0) this.#kept.value = withoutOldest([...kept, ...this.#kept.value]);
    this.#live.value = runs.map((run) => {
      const { configuration, info, history } = run;
      const known = before.find((entry) => entry.run === run);
      if (known?.configuration === configuration) return known;
      if (known !== undefined) return { ...known, configuration };
      return this.#entry({ configuration, info, history, run });
    });
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
      ...parts,
      id,
      color,
    };
  }
}

/** All pinned runs, and the latest of the others. */
function withoutOldest(entries: readonly RunEntry[]): RunEntry[] {
  let kept = 0;
  return entries.filter(({ isPinned }) => isPinned.value || ++kept <= MOST_KEPT);
}

/** The name of a run: the user's, or what differs from the notebook's settings, and who computed. */
export function nameOf({ name, configuration, info }: RunEntry): string {
  if (name.value !== '') return name.value;
  return `${differencesOf(configuration)} · ${backendTitle(info.name)}`;
}

function differencesOf(configuration: Configuration): string {
  const changed = CONFIGURATION_KEYS.filter(
    (key) => formatField(configuration[key]) !== formatField(DEFAULTS[key]),
  );
  if (changed.length === 0) return 'Notebook';
  return changed.map((key) => `${FIELDS[key].label} ${settingText(configuration, key)}`).join(', ');
}

function settingText(configuration: Configuration, key: keyof Configuration): string {
  const { classes } = configuration;
  const { classNames } = datasetOf(configuration.dataset);
  const [first, last] = [classes[0], classes[classes.length - 1]];
  // Classes in a row by their ends: ten of them are too long for a name.
  if (key === 'classes' && classes.length > 2 && last - first === classes.length - 1)
    return `${classNames[first]}–${classNames[last]}`;
  if (key === 'classes') return classes.map((index) => classNames[index]).join(',');
  return formatField(configuration[key]) || 'none';
}

const books = new WeakMap<Store, RunBook>();

/** The one book of a store; from its first use on it follows every run. */
export function runBookOf(store: Store): RunBook {
  const book = books.get(store) ?? new RunBook(store);
  books.set(store, book);
  return book;
}
