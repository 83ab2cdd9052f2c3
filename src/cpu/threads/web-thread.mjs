// A thread in a browser: a worker of the worker that trains.
import { serve } from './kernel-thread.mjs';

addEventListener('message', ({ data }) => serve(data, () => postMessage('ready')));
