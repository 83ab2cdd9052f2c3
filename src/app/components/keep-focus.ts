/**
 * Keeps the keyboard's place when the element that has the focus is taken away, as a row is by its own
 * Delete: the browser would send the focus back to the top of the page.
 */

const FOCUSABLE =
  'a[href], :is(button, input, select, textarea):enabled, summary, [tabindex]:not([tabindex="-1"])';

/** An element that has or had the focus, with where it stood in each element around it. */
type Trail = readonly { readonly element: Element; readonly place: number }[];

/** Watches everything in `root`, for as long as the page lives. */
export function keepFocus(root: Element): void {
  let trail: Trail = [];
  root.addEventListener('focusin', ({ target }) => {
    if (target instanceof Element) trail = trailOf(target);
  });
  new MutationObserver(() => {
    const [last] = trail;
    if (last === undefined || last.element.isConnected) return;
    const lost = trail;
    trail = [];
    // Not at once: the key that took it away would be heard by what has the focus next.
    setTimeout(() => {
      if (document.activeElement !== document.body) return;
      nearestTo(lost)?.focus({ preventScroll: true });
    });
  }).observe(root, { childList: true, subtree: true });
}

function trailOf(target: Element): Trail {
  const trail = [];
  for (let element = target; ; ) {
    const parent = element.parentElement;
    const place = parent === null ? 0 : [...parent.children].indexOf(element);
    trail.push({ element, place });
    if (parent === null) return trail;
    element = parent;
  }
}

/** What follows the place of the lost element in the nearest element that is left, or what precedes it. */
function nearestTo(trail: Trail): HTMLElement | undefined {
  for (const [index, { element }] of trail.entries()) {
    if (index === 0 || !element.isConnected) continue;
    const { place } = trail[index - 1];
    const children = [...element.children];
    const after = children.slice(place).flatMap(focusablesOf);
    const before = children.slice(0, place).flatMap(focusablesOf);
    const nearest = after[0] ?? before.at(-1);
    if (nearest !== undefined) return nearest;
  }
  return undefined;
}

function focusablesOf(element: Element): HTMLElement[] {
  return [element, ...element.querySelectorAll(FOCUSABLE)].filter(
    (candidate): candidate is HTMLElement =>
      candidate instanceof HTMLElement &&
      candidate.matches(FOCUSABLE) &&
      candidate.checkVisibility({ visibilityProperty: true }),
  );
}
