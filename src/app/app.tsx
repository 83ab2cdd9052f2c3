/** The page: the bar, the view, and the one live region. */
import { Bar } from './components/bar';
import { Lazy } from './components/lazy';
import { Notebook } from './notebook/notebook';
import type { Store } from './state/store';
import { StoreContext, useStore } from './state/store-context';
import { isEmbedded } from './views/presentation';
import { view } from './views/view';

export function App({ store }: { readonly store: Store }) {
  return (
    <StoreContext.Provider value={store}>
      {isEmbedded ? (
        <Lazy load={loadEmbed} title="The run" />
      ) : (
        <>
          <a class="skip-link" href="#main">
            Skip to the content
          </a>
          <Bar />
          <View />
        </>
      )}
      <LiveRegion />
    </StoreContext.Provider>
  );
}

const loadEmbed = async () => (await import('./embed/embed')).Embed;
const loadLab = async () => (await import('./lab/lab')).Lab;

function View() {
  return view.value === 'lab' ? <Lazy load={loadLab} title="The lab" /> : <Notebook />;
}

function LiveRegion() {
  return (
    <output class="visually-hidden" aria-live="polite">
      {useStore().announcer.spoken.value}
    </output>
  );
}
