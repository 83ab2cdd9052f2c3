/**
 * Keeps the address and the browser's memory in step with the settings, and reads them at the start. The
 * address alone says what is shown: what the last visit left is offered.
 */
import { batch, effect, signal } from '@preact/signals';
import { AddressSteps } from './address';
import { recall, remember } from './state/memory';
import type { Store } from './state/store';
import { DEFAULT_STATE, type ReadUrl, readUrl, writeUrl } from './url-state';
import {
  isEmbedded,
  isPresenting,
  isPresentingThere,
  LOOKS,
  problemsOfLooks,
  setPresenting,
} from './views/presentation';

const MEMORY = 'shaderprop.setup';

/** The last settings that somebody chose here, until they are taken or refused; none where these are in use. */
export const lastSettings = signal<ReadUrl | undefined>(undefined);

/**
 * The settings of the address: the notebook's where it names none. Those of the last visit are offered then.
 *
 * @param more - what else is wrong with the address, one sentence each
 */
export function initialState(more: readonly string[]): ReadUrl {
  const read = readUrl(location.search, LOOKS);
  const problems = [...read.problems, ...problemsOfLooks(), ...more];
  const kept = read.isLink || isEmbedded ? null : recall(MEMORY);
  // What is wrong with what the browser remembers is no news to the user.
  const last = readUrl(kept ?? '');
  if (writeUrl(last) !== writeUrl(DEFAULT_STATE)) lastSettings.value = last;
  return { ...read, problems };
}

/** Takes the settings that are offered. */
export async function takeLastSettings(store: Store): Promise<void> {
  const last = lastSettings.value;
  if (last === undefined) return;
  lastSettings.value = undefined;
  await store.take(last);
}

/**
 * Follows every change of the settings, and presenter mode. Each is a step in the browser's history, as a
 * step to another view is: so Back takes it back.
 */
export function followSettings(store: Store): void {
  const first = writeUrl(stateOf(store));
  const address = new AddressSteps();
  let before: readonly unknown[] | undefined;
  effect(() => {
    const search = writeUrl(stateOf(store));
    const { schedule, tuning } = store.planOptions.value;
    const now = [
      store.settings.steps.value,
      store.wish.value,
      schedule,
      tuning,
      isPresenting.value,
    ];
    // What is still being typed is one step, and what the data refused of it is none.
    const isStep = before !== undefined && now.some((part, i) => part !== before?.[i]);
    before = now;
    address.write(queryOf(search), isStep && !isEmbedded);
    // A setting that was typed can be undone. What a link brought, or the data refused of it, nobody chose.
    const isChosen = store.settings.past.value.length > 0 || isOtherPlace(first, store);
    // A frame in another page is no visit.
    if (isChosen && !isEmbedded) remember(MEMORY, search);
  });
  addEventListener('popstate', () => {
    if (address.arrived()) return;
    const there = readUrl(location.search, LOOKS);
    batch(() => {
      setPresenting(store, isPresentingThere());
      if (writeUrl(there) !== writeUrl(stateOf(store))) store.take(there);
    });
  });
}

function queryOf(search: string): string {
  const looks = [isEmbedded && 'embed=1', isPresenting.value && 'present=1'];
  const parts = [search !== writeUrl(DEFAULT_STATE) && search, ...looks].filter(Boolean);
  return parts.length === 0 ? '' : `?${parts.join('&')}`;
}

/** Whether another backend or plan is asked for than at first. */
function isOtherPlace(first: string, store: Store): boolean {
  const { backend, planOptions } = readUrl(first);
  return (
    store.wish.value !== backend ||
    store.planOptions.value.schedule !== planOptions.schedule ||
    store.planOptions.value.tuning !== planOptions.tuning
  );
}

/** A link that gives this run again, on any machine. */
export function linkOf(store: Store): string {
  return `${location.origin}${location.pathname}?${writeUrl(stateOf(store))}${location.hash}`;
}

/** The same run as a view for an iframe. */
export function embedLinkOf(store: Store): string {
  return `${location.origin}${location.pathname}?${writeUrl(stateOf(store))}&embed=1`;
}

/** What was asked for, whatever could be had here. */
function stateOf({ settings, wish, planOptions }: Store) {
  return {
    configuration: settings.configuration.value,
    backend: wish.value,
    planOptions: planOptions.value,
  };
}
