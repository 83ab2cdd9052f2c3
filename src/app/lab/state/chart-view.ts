/** How the charts are looked at: the same for loss and accuracy, and for every visit of the lab. */
import { signal } from '@preact/signals';
import type { XAxis } from './x-axis';

export const xAxis = signal<XAxis>('epoch');
export const isLogLoss = signal(false);
/** Accuracy from its least value on, instead of from 0. */
export const isAccuracyFit = signal(false);
/** Weight of the past in an exponential moving average; 0 shows the values as they are. */
export const smoothing = signal(0);
/** Where people point at, in units of the x axis. */
export const crosshair = signal<number | undefined>(undefined);
