/** The settings as the controls have them: always a valid configuration, and what is wrong with the rest. */
import { batch, type Signal, signal } from '@preact/signals';
import { checkConfiguration } from '../../training/configuration/check';
import {
  type Configuration,
  type ConfigurationKey,
  DEFAULTS,
  FIELDS,
} from '../../training/configuration/fields';
import { configurationToJson } from '../../training/configuration/json';
import { keyOfName } from '../../training/configuration/names';
import { formatField, parseField } from '../../training/configuration/text';
import { InvalidInputError } from '../../training/errors';
import { reasonOf, sentenceOf } from './input-sentence';

type Texts = Readonly<Partial<Record<ConfigurationKey, string>>>;
type Problems = Texts;

/** Changes that can be taken back. */
const MOST_UNDONE = 50;
/** A number that changes again so soon, as under a slider's keys, is still the same change. */
const SAME_CHANGE_MILLISECONDS = 1000;

export class Settings {
  /** The last settings that were valid together. */
  readonly configuration: Signal<Configuration>;
  /** What each control shows, which may be no value at all. */
  readonly texts: Signal<Texts> = signal({});
  /** What is wrong with a control's text, and what is allowed. */
  readonly problems = signal<Problems>({});
  /** Configurations before the present one, the last one at the end. */
  readonly past: Signal<readonly Configuration[]> = signal([]);
  /** Counts changes, and those taken back; what the data refuse is neither. */
  readonly steps = signal(0);
  /** The setting whose text is being typed: all of it is one change. */
  #typed: ConfigurationKey | undefined;
  #isSettled = false;
  #changedAt = Number.NEGATIVE_INFINITY;
  readonly #now: () => number;

  /** @param now - milliseconds of a clock */
  constructor(configuration: Configuration = DEFAULTS, now = () => performance.now()) {
    this.configuration = signal(configuration);
    this.#now = now;
  }

  /** The text that a control shows. */
  textOf(key: ConfigurationKey): string {
    return this.texts.value[key] ?? formatField(this.configuration.value[key]);
  }

  /**
   * Takes a control's text. What is wrong with it goes to `problems`, and everything that is right
   * beside it applies; the configuration stays valid.
   *
   * @param companions - other settings that change with it
   */
  edit(key: ConfigurationKey, text: string, companions: Partial<Configuration> = {}): void {
    this.texts.value = { ...this.texts.value, [key]: text };
    const problems: Partial<Record<ConfigurationKey, string>> = {};
    // Every pending text is read again: a change here may have made another one valid.
    const values: Record<string, unknown> = {};
    for (const [name, pending] of Object.entries(this.texts.value)) {
      const field = name as ConfigurationKey;
      try {
        values[field] = parseField(field, pending);
      } catch (error) {
        problems[field] = problemOf(error);
      }
    }
    if (key in values) {
      const check = (changed: Readonly<Record<string, unknown>>) =>
        checkConfiguration({ ...this.configuration.value, ...companions, ...changed });
      try {
        this.#set(check(values), key);
      } catch (error) {
        // What does not go with the others waits for them; this one may go alone.
        for (const other of Object.keys(values) as ConfigurationKey[]) {
          problems[other] = this.problems.value[other] ?? problemOf(error, other);
        }
        delete problems[key];
        try {
          this.#set(check({ [key]: values[key] }), key);
        } catch (own) {
          problems[key] = problemOf(own, key);
        }
      }
    }
    this.problems.value = problems;
    this.texts.value = only(this.texts.value, problems);
  }

  /**
   * Takes a setting back that went with the others, and was refused by the data or the device: its text
   * stays in its field, with what is wrong with it.
   *
   * @param before - settings that were good; by default the notebook's
   * @returns false where `error` is about no setting, or nothing else could be had in its place
   */
  refuse(error: unknown, before: Configuration = DEFAULTS): boolean {
    const key = error instanceof InvalidInputError ? keyOfName(error.field) : undefined;
    if (key === undefined) return false;
    const refused = this.configuration.value;
    const text = formatField(refused[key]);
    const place = [before, DEFAULTS].find((one) => formatField(one[key]) !== text);
    if (place === undefined) return false;
    this.texts.value = { ...this.texts.value, [key]: text };
    this.problems.value = { ...this.problems.value, [key]: problemOf(error) };
    this.#typed = undefined;
    batch(() => {
      try {
        this.configuration.value = checkConfiguration({ ...refused, [key]: place[key] });
      } catch {
        this.configuration.value = before;
      }
      // Nothing has changed, so nothing can be taken back.
      const last = this.past.value.at(-1);
      if (last !== undefined && isSameConfiguration(last, this.configuration.value)) {
        this.past.value = this.past.value.slice(0, -1);
      }
    });
    return true;
  }

  /** Replaces everything, for instance by a preset. */
  replace(configuration: Configuration): void {
    this.texts.value = {};
    this.problems.value = {};
    this.#set(configuration);
  }

  /** Takes back the last change, or what is wrong with a control. */
  undo(): void {
    const isPending = Object.keys(this.texts.value).length > 0;
    this.texts.value = {};
    this.problems.value = {};
    this.#typed = undefined;
    const last = this.past.value.at(-1);
    if (isPending || last === undefined) return;
    batch(() => {
      this.steps.value += 1;
      this.past.value = this.past.value.slice(0, -1);
      this.configuration.value = last;
    });
  }

  /** What was typed so far is one change; what follows is another, but for a number that changes on. */
  settle(): void {
    this.#isSettled = true;
  }

  #set(configuration: Configuration, typed?: ConfigurationKey): void {
    const before = this.configuration.value;
    if (isSameConfiguration(before, configuration)) return;
    batch(() => {
      if (typed === undefined || !this.#goesOn(typed)) {
        this.past.value = [...this.past.value.slice(1 - MOST_UNDONE), before];
        this.steps.value += 1;
      }
      this.#typed = typed;
      this.#isSettled = false;
      this.#changedAt = this.#now();
      this.configuration.value = configuration;
    });
  }

  /** Whether a change of a setting belongs to the change before. */
  #goesOn(key: ConfigurationKey): boolean {
    if (key !== this.#typed) return false;
    if (!this.#isSettled) return true;
    const { kind } = FIELDS[key];
    const isNumber = kind === 'integer' || kind === 'number';
    return isNumber && this.#now() - this.#changedAt < SAME_CHANGE_MILLISECONDS;
  }
}

/** The texts of those settings that have a problem. */
function only(texts: Texts, problems: Problems): Texts {
  return Object.fromEntries(Object.entries(texts).filter(([key]) => key in problems));
}

/** True where two configurations give the same run. */
export function isSameConfiguration(a: Configuration, b: Configuration): boolean {
  return JSON.stringify(configurationToJson(a)) === JSON.stringify(configurationToJson(b));
}

/** @param key - the control that the message stands at, where another field may be at fault */
function problemOf(error: unknown, key?: ConfigurationKey): string {
  if (!(error instanceof InvalidInputError)) throw error;
  const fault = keyOfName(error.field);
  const isOwn = key === undefined || fault === undefined || fault === key;
  return isOwn ? reasonOf(error) : sentenceOf(error);
}
