/** Starts the page. */
import { render } from 'preact';
import { App } from './app';
import { Store } from './state/store';
import './styles/index.css';
import { findObstacle } from './worker/find-obstacle';
import { connectWorker } from './worker/worker-client';

const root = document.getElementById('app');
if (root === null) throw new Error('The page has no element with the id "app".');

const service = connectWorker();
const store = new Store(service, findObstacle);
service.listen({
  onProgress: (progress) => store.onProgress(progress),
  onLost: (session, obstacle) => store.onLost(session, obstacle),
});
render(<App store={store} />, root);
store.load();
