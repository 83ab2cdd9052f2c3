/** The lab's panels in the order of their tabs; all but the settings are loaded when they are first shown. */
import type { ComponentType } from 'preact';
import { type Dataset, hasImages, isPlane } from '../../data/dataset';

interface Panel {
  /** As the address has it. */
  readonly name: string;
  readonly title: string;
  /** What will be seen in it once a run trains, in a sentence; none where it waits for no run. */
  readonly before?: string;
  /** The data that it is about; all where it is left out. */
  readonly isFor?: (dataset: Dataset) => boolean;
  /** None of the settings, which the lab brings along. */
  readonly load: (() => Promise<ComponentType>) | undefined;
}

const loadCurves = () => import('./curves/curves');
const loadChallenges = () => import('./panels/challenges/challenges-panel');
const loadResults = () => import('./panels/results/results-panel');
const loadNetwork = () => import('./panels/network/network-panel');
const loadMaps = () => import('./panels/maps/maps-panel');
const loadBoundary = () => import('./panels/boundary/boundary-panel');
const loadDraw = () => import('./panels/draw/draw-panel');
const loadRace = () => import('./panels/race/race-panel');
const loadKernels = async () => {
  // It shows plans while settings change.
  await (await import('../../gpu/plan/late-steps')).loadAllSteps();
  return import('./panels/kernels/kernels-panel');
};
const loadExport = () => import('./panels/export/export-panel');

export const PANELS: readonly Panel[] = [
  panel('Settings', undefined),
  panel(
    'Curves',
    async () => (await loadCurves()).Curves,
    'Loss and accuracy grow here epoch by epoch, one run over the other.',
  ),
  panel('Challenges', async () => (await loadChallenges()).ChallengesPanel),
  panel(
    'Results',
    async () => (await loadResults()).ResultsPanel,
    'What the network gets right and wrong: it guesses until it is trained.',
  ),
  panel(
    'Network',
    async () => (await loadNetwork()).NetworkPanel,
    'What each unit looks for: random weights until it is trained.',
  ),
  {
    ...panel(
      'Maps',
      async () => (await loadMaps()).MapsPanel,
      'What each filter of a convolution finds in a sample: random patterns until it is trained.',
    ),
    isFor: hasImages,
  },
  {
    ...panel(
      'Boundary',
      async () => (await loadBoundary()).BoundaryPanel,
      'What the network answers all over the plane: almost the same everywhere until it is trained.',
    ),
    isFor: isPlane,
  },
  {
    ...panel(
      'Draw',
      async () => (await loadDraw()).DrawPanel,
      'Draw, and the network says what it sees: it guesses until it is trained.',
    ),
    isFor: ({ drawing }) => drawing !== undefined,
  },
  panel('Race', async () => (await loadRace()).RacePanel),
  panel('Kernels', async () => (await loadKernels()).KernelsPanel),
  panel(
    'Export',
    async () => (await loadExport()).ExportPanel,
    'Files to take away: the history fills with the first epoch.',
  ),
];

function panel(title: string, load: Panel['load'], before?: string): Panel {
  return { name: title.toLowerCase(), title, load, ...(before !== undefined && { before }) };
}
