/** Which view is shown, as the address says after its `#`: the notebook, or a panel of the lab. */
import { computed, signal } from '@preact/signals';
import { SEEN, writeEntry } from '../address';

export const VIEWS = [
  { name: 'notebook', title: 'Notebook' },
  { name: 'lab', title: 'Lab' },
] as const;

type ViewName = (typeof VIEWS)[number]['name'];

/** The part after `#`; anchors of the notebook are its own. */
const fragment = signal(location.hash.slice(1));
writeEntry('replace', location.href);

// Steps back and forth in the browser's history change more than the fragment: no `hashchange` tells then.
for (const event of ['hashchange', 'popstate']) addEventListener(event, follow);

function follow(): void {
  const { hash } = location;
  const wasSeen = history.state === SEEN;
  if (!wasSeen) writeEntry('replace', location.href);
  // The way past the bar leads into whichever view is shown.
  if (hash === '#main' || hash.slice(1) === fragment.peek()) return;
  const before = view.peek();
  // Read when the lab comes up, so it is set before. Where somebody has been, the browser knows how far
  // the window was down.
  isPanelWanted = !wasSeen && /^#lab\/./.test(hash);
  fragment.value = hash.slice(1);
  // Within a view, anchors decide where the window stands.
  if (!wasSeen && view.peek() !== before) scrollTo({ top: 0, behavior: 'instant' });
}

/** True where a link led to a panel of the lab, which has not been brought into sight yet. */
let isPanelWanted = /^#lab\/./.test(location.hash);

/** Whether the panel is to be brought into sight; once for each link that led to one. */
export function takePanelWanted(): boolean {
  const wasWanted = isPanelWanted;
  isPanelWanted = false;
  return wasWanted;
}

export const view = computed<ViewName>(() =>
  /^lab(\/|$)/.test(fragment.value) ? 'lab' : 'notebook',
);

/** The lab's panel that the address names: `#lab/race`. */
export const labPanel = computed(() => /^lab\/([a-z]+)$/.exec(fragment.value)?.[1]);

/** Shows a panel of the lab, which is a step in the browser's history as a link to it would be. */
export function showLabPanel(name: string): void {
  if (fragment.value === `lab/${name}`) return;
  // Who comes from elsewhere came for the panel.
  if (view.peek() !== 'lab') isPanelWanted = true;
  fragment.value = `lab/${name}`;
  writeEntry('push', `#${fragment.value}`);
}
