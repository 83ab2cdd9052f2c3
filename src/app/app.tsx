/** The page: the bar, the view, and the one live region. */
import { Bar } from './components/bar';
import { Notebook } from './notebook/notebook';
import type { Store } from './state/store';
import { StoreContext, useStore } from './state/store-context';

export function App({ store }: { readonly store: Store }) {
  return (
    <StoreContext.Provider value={store}>
      <a class="skip-link" href="#main">
        Skip to the content
      </a>
      <Bar />
      <Notebook />
      <LiveRegion />
    </StoreContext.Provider>
  );
}

function LiveRegion() {
  return (
    <output class="visually-hidden" aria-live="polite">
      {useStore().announcement.value}
    </output>
  );
}
