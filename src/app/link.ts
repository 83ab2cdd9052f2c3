/** Keeps the address and the browser's memory in step with the settings, and reads them at the start. */
import { effect } from '@preact/signals';
import { recall, remember } from './state/memory';
import type { Store } from './state/store';
import { DEFAULT_STATE, type ReadUrl, readUrl, writeUrl } from './url-state';
import { isEmbedded, isPresenting, LOOKS, problemsOfLooks } from './views/presentation';

const MEMORY = 'shaderprop.setup';

/**
 * The settings of the address; where it names none, those of the last visit.
 *
 * @param more - what else is wrong with the address, one sentence each
 */
export function initialState(more: readonly string[]): ReadUrl {
  const read = readUrl(location.search, LOOKS);
  const problems = [...read.problems, ...problemsOfLooks(), ...more];
  const link = { ...read, problems };
  if (link.isLink) return link;
  // What the browser remembers is read like a link; what is wrong with it is no news to the user.
  return { ...readUrl(recall(MEMORY) ?? ''), problems: link.problems };
}

/** Follows every change of the settings, and presenter mode. */
export function followSettings(store: Store): void {
  effect(() => {
    const search = writeUrl(stateOf(store));
    const looks = [isEmbedded && 'embed=1', isPresenting.value && 'present=1'];
    const settings = search !== writeUrl(DEFAULT_STATE) && search;
    const parts = [settings, ...looks].filter(Boolean);
    const query = parts.length === 0 ? '' : `?${parts.join('&')}`;
    history.replaceState(history.state, '', `${location.pathname}${query}${location.hash}`);
    // A frame in another page is no visit.
    if (!isEmbedded) remember(MEMORY, search);
  });
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
