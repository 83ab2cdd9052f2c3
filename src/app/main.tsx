/** Starts the page. */
import { render } from 'preact';
import { App } from './app';
import { keepFocus } from './components/keep-focus';
import { followSettings, initialState } from './link';
import { followVersions } from './new-version';
import { followFiles } from './own-files';
import { followTitle } from './page-title';
import { problemsOfPlace } from './places';
import { FirstRun } from './state/first-run';
import { Store } from './state/store';
import './styles/index.css';
import { followPresentation, isEmbedded } from './views/presentation';
import { followWakeLock } from './wake-lock';
import { connectWorker } from './worker/worker-client';

const root = document.getElementById('app');
if (root === null) throw new Error('The page has no element with the id “app”.');

const service = connectWorker();
// Whoever follows a link wants what it says.
const firstRun = new FirstRun(location.search === '' && !isEmbedded);
const store = new Store(service, initialState(problemsOfPlace()), firstRun);
service.listen({
  onProgress: (progress) => store.onProgress(progress),
  onTuning: (progress) => store.onTuning(progress),
  onLoading: (share) => store.onLoading(share),
  onMoved: (moved) => store.onMoved(moved),
  onLost: (id, obstacle) => store.onLost(id, obstacle),
  onFinding: (id, finding) => store.onFinding(id, finding),
  onNotKept: (message) => {
    // Nobody expects a frame in another page to keep anything.
    if (!isEmbedded) store.onNotKept(message);
  },
});
render(<App store={store} />, root);
keepFocus(root);
followSettings(store);
followPresentation(store);
followTitle();
followVersions();
followWakeLock(store);
followFiles(store);
store.load();
if (!isEmbedded) store.earlier.find();
