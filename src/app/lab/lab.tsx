/** The lab: the stage in sight, settings beside it, curves in the middle, everything else in tabs. */
// Before what is imported below, whose own rules come after these.
import './panels/common/panels.css';
import './lab.css';
import { useEffect, useRef } from 'preact/hooks';
import { Lazy } from '../components/lazy';
import { NoticeBox } from '../components/notice-box';
import { FirstRunWord } from '../stage/first-run-word';
import { Stage } from '../stage/stage';
import { labPanel, showLabPanel, takePanelWanted } from '../views/view';
import { Curves } from './curves/curves';
import { HintBox } from './hints/hint-box';
import { LiveSettings } from './live/live-settings';
import { PANELS } from './panels';
import { Setup } from './setup/setup';

export function Lab() {
  return (
    <main class="lab" id="main" tabIndex={-1} aria-labelledby="lab-heading">
      <h1 class="visually-hidden" id="lab-heading">
        The lab
      </h1>
      <div class="lab-stage">
        <Stage>
          <FirstRunWord />
        </Stage>
      </div>
      <Setup />
      <div class="lab-main">
        <div class="lab-curves">
          <NoticeBox />
          <HintBox />
          <LiveSettings />
          <Curves />
        </div>
        <Panels />
      </div>
    </main>
  );
}

/** Tabs as the ARIA Authoring Practices have them: arrow keys move, and what is chosen is shown. */
function Panels() {
  const tabs = useRef<HTMLDivElement>(null);
  const index = Math.max(
    0,
    PANELS.findIndex(({ name }) => name === labPanel.value),
  );
  const shown = PANELS[index];
  // Where the tabs do not fit beside each other, the chosen one is in sight.
  useEffect(() => {
    const strip = tabs.current;
    const tab = strip?.querySelector<HTMLElement>(`#tab-${shown.name}`);
    if (!strip || !tab) return;
    strip.scrollLeft =
      tab.offsetLeft - strip.offsetLeft - (strip.clientWidth - tab.offsetWidth) / 2;
    if (!takePanelWanted()) return;
    strip.scrollIntoView({ behavior: 'instant', block: 'start' });
    // From here the next Tab is in the panel; the link that led here may be gone.
    tab.focus({ preventScroll: true });
  }, [shown.name]);
  const show = (next: number) => {
    const { name } = PANELS[(next + PANELS.length) % PANELS.length];
    showLabPanel(name);
    tabs.current?.querySelector<HTMLElement>(`#tab-${name}`)?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const next = { ArrowRight: index + 1, ArrowLeft: index - 1, Home: 0, End: -1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    show(next);
  };
  return (
    <div class="panels">
      <div ref={tabs} class="tabs" role="tablist" aria-label="Panels" onKeyDown={onKeyDown}>
        {PANELS.map(({ name, title }, position) => (
          <button
            key={name}
            type="button"
            role="tab"
            id={`tab-${name}`}
            aria-selected={position === index}
            aria-controls={`panel-${name}`}
            tabIndex={position === index ? 0 : -1}
            onClick={() => show(position)}
          >
            {title}
          </button>
        ))}
      </div>
      <section
        key={shown.name}
        class="panel"
        role="tabpanel"
        id={`panel-${shown.name}`}
        aria-labelledby={`tab-${shown.name}`}
        // A panel without a control of its own can still be reached and scrolled.
        // biome-ignore lint/a11y/noNoninteractiveTabindex: as the pattern of tabs wants it
        tabIndex={0}
      >
        <Lazy load={shown.load} title={shown.title} />
      </section>
    </div>
  );
}
