/**
 * What the page's main thread does while it is watched, from a trace of the browser: its tasks, and
 * those among them that draw a chart.
 */

/**
 * @typedef {object} TraceEvent
 * @property {string} name
 * @property {string} ph
 * @property {number} pid
 * @property {number} tid
 * @property {number} ts µs
 * @property {number} [dur] µs by the clock
 * @property {number} [tdur] µs of the thread's own: what other programs take of the processor is left out
 * @property {{ name?: string }} args
 */

/**
 * @typedef {object} MainThread
 * @property {number[]} tasks milliseconds of the thread's own time, of each task
 * @property {number[]} drawings the same of those tasks that draw a chart, where `markDrawings` was used
 * @property {number} seconds from the first task's beginning to the last one's
 */

/** Makes every drawing of a chart a mark in traces: Chart.js clears its canvas once for each. */
export const MARK_DRAWINGS = `(() => {
  const { clearRect } = CanvasRenderingContext2D.prototype;
  const counts = new Map();
  CanvasRenderingContext2D.prototype.clearRect = function (...box) {
    if (this.canvas.closest('.chart') !== null) {
      performance.mark('chart-drawn');
      counts.set(this.canvas, (counts.get(this.canvas) ?? 0) + 1);
    }
    return clearRect.apply(this, box);
  };
  globalThis.mostDrawings = () => Math.max(0, ...counts.values());
})()`;

/**
 * Watches the main thread while `action` goes on.
 *
 * @param {import('playwright').Browser} browser
 * @param {import('playwright').Page} page
 * @param {() => Promise<unknown>} action
 * @returns {Promise<MainThread>}
 */
export async function watchMainThread(browser, page, action) {
  await browser.startTracing(page, {
    categories: ['toplevel', 'blink.user_timing', 'disabled-by-default-devtools.timeline'],
  });
  await action();
  return mainThreadOf(JSON.parse((await browser.stopTracing()).toString()).traceEvents);
}

/**
 * @param {readonly TraceEvent[]} events
 * @returns {MainThread}
 */
function mainThreadOf(events) {
  /** @param {TraceEvent} event */
  const threadOf = ({ pid, tid }) => `${pid}:${tid}`;
  const marks = events.filter(({ name }) => name === 'chart-drawn');
  const named = events
    .filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain')
    .map(threadOf);
  const tasks = events.filter(
    (event) => event.name.endsWith('RunTask') && named.includes(threadOf(event)),
  );
  /** @param {TraceEvent} task */
  const ownTime = ({ tdur, dur }) => (tdur ?? dur ?? 0) / 1000;
  const drawings = tasks.filter((task) =>
    marks.some(
      (mark) =>
        threadOf(mark) === threadOf(task) &&
        mark.ts >= task.ts &&
        mark.ts <= task.ts + (task.dur ?? 0),
    ),
  );
  const starts = tasks.map(({ ts }) => ts);
  return {
    tasks: tasks.map(ownTime),
    drawings: drawings.map(ownTime),
    seconds: starts.length === 0 ? 0 : (Math.max(...starts) - Math.min(...starts)) / 1e6,
  };
}

/**
 * @typedef {object} Answer
 * @property {number} handled milliseconds from the press to the end of what the page does about it
 * @property {number} shown milliseconds until the effect is on the screen, in steps of 8
 */

/**
 * Has the page note how long each click takes, by the Event Timing API, which leaves out what is on the
 * screen within 16 ms.
 *
 * @param {import('playwright').Page} page
 */
export async function noteClicks(page) {
  await page.evaluate(() => {
    /** @type {Answer[]} */
    const answers = [];
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        if (entry.name !== 'click') continue;
        const { startTime, processingEnd, duration } = /** @type {PerformanceEventTiming} */ (
          entry
        );
        answers.push({ handled: processingEnd - startTime, shown: duration });
      }
    }).observe(/** @type {PerformanceObserverInit} */ ({ type: 'event', durationThreshold: 16 }));
    Object.assign(globalThis, { clickAnswers: answers });
  });
}

/**
 * Each click since `noteClicks` that took over 16 ms.
 *
 * @param {import('playwright').Page} page
 * @returns {Promise<Answer[]>}
 */
export async function clickAnswers(page) {
  return /** @type {Promise<Answer[]>} */ (page.evaluate('clickAnswers'));
}
