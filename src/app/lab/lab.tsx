/** The lab as a workbench: the stage stays in sight, and beside it one panel at a time, chosen by its tab. */
// Before what is imported below, whose own rules come after these.
import './panels/common/panels.css';
import './lab.css';
import { useEffect, useRef } from 'preact/hooks';
import { datasetOf } from '../../data/registry';
import { Button } from '../components/button';
import { Lazy } from '../components/lazy';
import { NoticeBox } from '../components/notice-box';
import { FirstRunWord } from '../stage/first-run-word';
import { Stage } from '../stage/stage';
import { useStore } from '../state/store-context';
import { labPanel, showLabPanel, takePanelWanted } from '../views/view';
import { HintBox } from './hints/hint-box';
import { LiveSettings } from './live/live-settings';
import { PANELS } from './panels';
import { Setup } from './setup/setup';
import { runBookOf } from './state/run-book';

export function Lab() {
  // From now on it writes down which runs there were, whether their curves are shown or not.
  runBookOf(useStore());
  return (
    <main class="lab" id="main" tabIndex={-1} aria-labelledby="lab-heading">
      <h1 class="visually-hidden" id="lab-heading">
        The lab
      </h1>
      <NoticeBox />
      <div class="lab-stage">
        <Stage>
          <FirstRunWord />
        </Stage>
        <LiveSettings />
      </div>
      <Panels />
    </main>
  );
}

/** Tabs as the ARIA Authoring Practices have them: arrow keys move, and what is chosen is shown. */
function Panels() {
  const { faultyField, settings } = useStore();
  const dataset = datasetOf(settings.configuration.value.dataset);
  // What the address names is shown, and says itself what it is not about.
  const isForData = ({ isFor }: (typeof PANELS)[number]) => isFor?.(dataset) ?? true;
  const shownPanels = PANELS.filter((each) => each.name === labPanel.value || isForData(each));
  const panels = useRef<HTMLDivElement>(null);
  const tabs = useRef<HTMLDivElement>(null);
  const chosen = Math.max(
    0,
    shownPanels.findIndex(({ name }) => name === labPanel.value),
  );
  // A field that is asked for is in the settings, the first panel, which then give it the focus.
  const isSought = faultyField.value !== undefined;
  const index = isSought ? 0 : chosen;
  const shown = shownPanels[index];
  useEffect(() => {
    if (isSought && chosen > 0) showLabPanel(shown.name);
  }, [isSought, chosen, shown.name]);
  // Where the tabs do not fit beside each other, the chosen one is in sight, however wide the window gets.
  useEffect(() => {
    const strip = tabs.current;
    const tab = strip?.querySelector<HTMLElement>(`#tab-${shown.name}`);
    if (!strip || !tab) return undefined;
    const observer = new ResizeObserver(() => {
      strip.scrollLeft =
        tab.offsetLeft - strip.offsetLeft - (strip.clientWidth - tab.offsetWidth) / 2;
    });
    observer.observe(strip);
    if (takePanelWanted()) {
      panels.current?.scrollIntoView({ behavior: 'instant', block: 'start' });
      // From here the next Tab is in the panel; the link that led here may be gone.
      tab.focus({ preventScroll: true });
    }
    return () => observer.disconnect();
  }, [shown.name]);
  const show = (next: number) => {
    const { name } = shownPanels[(next + shownPanels.length) % shownPanels.length];
    // Another panel is read from its beginning.
    const head = panels.current?.firstElementChild?.getBoundingClientRect();
    const begin = panels.current?.getBoundingClientRect();
    if (head && begin && begin.top < head.top - 1)
      panels.current?.scrollIntoView({ behavior: 'instant', block: 'start' });
    if (name !== shown.name) showLabPanel(name);
    tabs.current?.querySelector<HTMLElement>(`#tab-${name}`)?.focus({ preventScroll: true });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const next = { ArrowRight: index + 1, ArrowLeft: index - 1, Home: 0, End: -1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    show(next);
  };
  const isSettings = shown.load === undefined;
  return (
    <div class="panels" ref={panels}>
      <div class="panels-head">
        <Button class="to-stage" title="Back to the network at work" onPress={toStage}>
          ↑ Stage
        </Button>
        <div ref={tabs} class="tabs" role="tablist" aria-label="Panels" onKeyDown={onKeyDown}>
          {shownPanels.map(({ name, title }, position) => (
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
      </div>
      <HintBox before={isForData(shown) ? shown.before : undefined} />
      {/* It is kept while others are shown: what is unfolded stays so. */}
      <section class="panel" {...attributesOf('settings')} hidden={!isSettings}>
        <Setup />
      </section>
      {shown.load !== undefined && (
        <section key={shown.name} class="panel" {...attributesOf(shown.name)}>
          <Lazy load={shown.load} title={shown.title} />
        </section>
      )}
    </div>
  );
}

/** Of a panel: without a control of its own it can still be reached and scrolled. */
function attributesOf(name: string) {
  return {
    role: 'tabpanel',
    id: `panel-${name}`,
    'aria-labelledby': `tab-${name}`,
    tabIndex: 0,
  } as const;
}

/** Where the panels are below the stage, back up to it. */
function toStage(): void {
  const stage = document.querySelector<HTMLElement>('.stage-picture');
  scrollTo({ top: 0 });
  stage?.focus({ preventScroll: true });
}
