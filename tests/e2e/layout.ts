/** What is wrong with the layout of a page as it is: too wide, or one thing over another. */
import type { Page } from '@playwright/test';

/**
 * Faults that stay: a page on a busy machine may still be on its way to the size of its window.
 *
 * @param part - selects what is looked at; by default the whole page, or the dialog that is open
 */
export async function lastingFaults(page: Page, part?: string): Promise<string[]> {
  let faults = await layoutFaults(page, part);
  for (let looks = 1; faults.length > 0 && looks < 20; looks++) {
    await page.waitForTimeout(250);
    faults = await layoutFaults(page, part);
  }
  return faults;
}

/** A line for each fault; none where all is well. */
function layoutFaults(page: Page, part: string | undefined): Promise<string[]> {
  return page.evaluate((selector) => {
    /** Pixels by which boxes may touch: letters reach a little beyond their lines. */
    const TOLERANCE = 3;
    interface Item {
      readonly element: Element;
      readonly what: string;
      readonly box: DOMRect;
    }

    /** The scrolling and clipping elements around an element, all the way up, let this through: left, top, right, bottom. */
    type Opening = readonly [number, number, number, number] | undefined;
    const everything: Opening = [-Infinity, -Infinity, Infinity, Infinity];
    const openings = new Map<Element, Opening>();
    const openingOf = (element: Element | null): Opening => {
      if (element === null) return everything;
      if (openings.has(element)) return openings.get(element);
      const { overflowX, overflowY, clipPath } = getComputedStyle(element);
      const outer = element === document.body ? everything : openingOf(element.parentElement);
      let opening = outer;
      if (clipPath !== 'none') opening = undefined;
      else if (outer !== undefined && (overflowX !== 'visible' || overflowY !== 'visible')) {
        const box = element.getBoundingClientRect();
        let [x0, y0, x1, y1] = outer;
        if (overflowX !== 'visible') [x0, x1] = [Math.max(x0, box.left), Math.min(x1, box.right)];
        if (overflowY !== 'visible') [y0, y1] = [Math.max(y0, box.top), Math.min(y1, box.bottom)];
        opening = [x0, y0, x1, y1];
      }
      openings.set(element, opening);
      return opening;
    };
    /** The part of a box in `inner` that what is around it lets through. */
    const visiblePart = (inner: Element | null, { left, top, right, bottom }: DOMRect) => {
      const opening = openingOf(inner);
      if (opening === undefined) return undefined;
      const [x0, y0] = [Math.max(left, opening[0]), Math.max(top, opening[1])];
      const [x1, y1] = [Math.min(right, opening[2]), Math.min(bottom, opening[3])];
      const part = new DOMRect(x0, y0, x1 - x0, y1 - y0);
      return part.width > TOLERANCE && part.height > TOLERANCE ? part : undefined;
    };
    /** What floats over the rest may cover it: the bar, the transport, a notice, a dialog. */
    const layerOf = (element: Element) => {
      const layer = element.closest(
        'dialog, .transport, .bar, .notices, .panels-head, .setup-actions, .panel-aside',
      );
      const isFloating = layer !== null && getComputedStyle(layer).position !== 'static';
      return (isFloating ? layer : element.closest('.bar')) ?? document.body;
    };

    const items: Item[] = [];
    const add = (element: Element, what: string, box: DOMRect, inner: Element | null) => {
      // What is far from the window may not be laid out yet.
      const isThere = {
        visibilityProperty: true,
        opacityProperty: true,
        contentVisibilityAuto: true,
      };
      if (!element.checkVisibility(isThere)) return;
      if (getComputedStyle(element).clipPath !== 'none') return;
      const part = visiblePart(inner, box);
      if (part !== undefined) items.push({ element, what, box: part });
    };
    const root = document.querySelector(selector ?? 'dialog[open]') ?? document.body;
    const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const node = texts.currentNode;
      const parent = node.parentElement;
      const text = node.textContent?.trim() ?? '';
      if (parent === null || text === '' || parent.closest('option, math, svg, script') !== null)
        continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      for (const box of range.getClientRects()) add(parent, `“${text.slice(0, 40)}”`, box, parent);
    }
    for (const control of root.querySelectorAll('button, input, select, canvas, progress, img')) {
      const name = control.getAttribute('aria-label') ?? control.textContent ?? '';
      add(
        control,
        `${control.tagName.toLowerCase()} ${name.slice(0, 40)}`,
        control.getBoundingClientRect(),
        control.parentElement,
      );
    }

    const faults: string[] = [];
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth > clientWidth) faults.push(`${scrollWidth} px wide in ${clientWidth} px`);
    // What is fixed makes the page no wider.
    for (const { what, box } of items) {
      if (box.left < -TOLERANCE || box.right > clientWidth + TOLERANCE) {
        faults.push(`${what} is outside`);
      }
    }
    // From top to bottom, so that each is held against those beside it alone.
    items.sort((a, b) => a.box.top - b.box.top);
    for (const [index, a] of items.entries()) {
      for (let next = index + 1; next < items.length; next++) {
        const b = items[next];
        if (b.box.top > a.box.bottom - TOLERANCE) break;
        const width = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
        const height = Math.min(a.box.bottom, b.box.bottom) - b.box.top;
        if (width <= TOLERANCE || height <= TOLERANCE) continue;
        if (layerOf(a.element) !== layerOf(b.element)) continue;
        if (a.element.contains(b.element) || b.element.contains(a.element)) continue;
        // Radio buttons of tiles and of segments lie under their own labels.
        const label = a.element.closest('label');
        if (label !== null && label === b.element.closest('label')) continue;
        // Lines and points are drawn on what is answered in the plane.
        const plane = a.element.closest('.plane');
        if (plane !== null && plane === b.element.closest('.plane')) continue;
        faults.push(`${a.what} lies over ${b.what}`);
      }
    }
    // A button's words are never cut.
    const words = 'button, select, summary, th, label, h1, h2, h3, .progress-numbers';
    for (const control of root.querySelectorAll(words)) {
      const { overflowX } = getComputedStyle(control);
      if (!control.checkVisibility() || control.closest('.visually-hidden') !== null) continue;
      if (control.scrollWidth > control.clientWidth + 1 && control.clientWidth > 0) {
        const how = overflowX === 'visible' ? 'spill over' : 'are cut';
        faults.push(`the words of “${control.textContent?.trim().slice(0, 40)}” ${how}`);
      }
    }
    return [...new Set(faults)];
  }, part);
}
