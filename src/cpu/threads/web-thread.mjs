// A thread in a browser: a worker of the worker that trains.
import { serve } from './kernel-thread.mjs';

// Who waits for it hears of errors only, and a promise that is rejected is none.
addEventListener('message', ({ data }) => {
  serve(data, () => postMessage('ready')).catch(reportError);
});
