/** What did not work, as the page says it above the reason: one title for each thing that may fail. */
export const FAILURES = {
  load: 'The run could not be prepared',
  evaluate: 'The run could not be evaluated on the test set',
  bringBack: 'The run could not be brought back',
  forget: 'The last run could not be forgotten',
  cancelTuning: 'Measuring could not be cancelled',
  settings: 'The settings could not be applied',
  select: 'The backend could not be opened',
  pace: 'The speed could not be changed',
  rewrite: 'The run could not be changed',
  pause: 'The run could not be paused',
  reset: 'The run could not be reset',
  train: 'Training could not go on',
  runAll: 'The challenges could not all be trained',
  stopRunAll: 'The challenges could not be stopped',
} as const;

export type Failure = keyof typeof FAILURES;
