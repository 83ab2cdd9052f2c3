// A thread in Node.
import { parentPort } from 'node:worker_threads';
import { serve } from './kernel-thread.mjs';

parentPort?.on('message', (orders) => serve(orders, () => parentPort?.postMessage('ready')));
