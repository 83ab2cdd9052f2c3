/**
 * How the page is shown beside what it shows: presenter mode for a room that looks on, and the view for
 * an iframe. Both are parameters of the address.
 */
import { effect, signal } from '@preact/signals';
import { repaint } from '../components/theme';
import type { Store } from '../state/store';
import { quote } from '../url-state';

/** Parameters of the address that say how the page looks, not what it trains; each is 0 or 1. */
export const LOOKS = ['embed', 'present'] as const;

const parameters = new URLSearchParams(location.search);

/** True where the page is to be part of another one. */
export const isEmbedded = parameters.get('embed') === '1';

/** Whether the address, as it is now, asks for presenter mode. */
export function isPresentingThere(): boolean {
  return !isEmbedded && new URLSearchParams(location.search).get('present') === '1';
}

/** Large type, controls folded, slow motion. */
export const isPresenting = signal(isPresentingThere());

/** Epochs a second: slow enough to be followed, and the notebook's 1,000 are over in ten seconds. */
const PRESENTER_PACE = 100;

/** What is wrong with the parameters, one sentence each. */
export function problemsOfLooks(): readonly string[] {
  return LOOKS.flatMap((name) => {
    const text = parameters.get(name);
    if (text === null || text === '0' || text === '1') return [];
    return [`${name}: ${quote(text)} is not allowed; use 0 or 1.`];
  });
}

/** Follows presenter mode: the style sheet through the root element, and the pace. */
export function followPresentation(store: Store): void {
  if (isEmbedded) document.documentElement.dataset.embed = '';
  effect(() => {
    const { dataset } = document.documentElement;
    if (isPresenting.value) dataset.present = '';
    else delete dataset.present;
    repaint();
  });
  let isFirst = true;
  effect(() => {
    const presents = isPresenting.value;
    // Who chose a pace keeps it.
    if (presents && store.pace.peek() === undefined) store.setPace(PRESENTER_PACE);
    else if (!presents && !isFirst && store.pace.peek() === PRESENTER_PACE)
      store.setPace(undefined);
    isFirst = false;
  });
}

/** Switches presenter mode. */
export function togglePresenter(store: Store): void {
  setPresenting(store, !isPresenting.value);
}

/** Turns presenter mode on or off, and says so where it was not. */
export function setPresenting(store: Store, isOn: boolean): void {
  if (isPresenting.value === isOn) return;
  isPresenting.value = isOn;
  store.announcer.say(`Presenter mode is ${isPresenting.value ? 'on' : 'off'}.`);
}

/** True where the browser lets a page fill the screen. */
export const canFillScreen = document.fullscreenEnabled === true;

export const isFullScreen = signal(false);

document.addEventListener('fullscreenchange', () => {
  isFullScreen.value = document.fullscreenElement !== null;
});

/** Fills the screen with the page, or gives it back. */
export async function toggleFullScreen(store: Store): Promise<void> {
  try {
    if (document.fullscreenElement === null) await document.documentElement.requestFullscreen();
    else await document.exitFullscreen();
  } catch {
    store.announcer.say('The browser did not allow full screen.');
  }
}
