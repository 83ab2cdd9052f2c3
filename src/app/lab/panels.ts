/** The lab's panels in the order of their tabs; each is loaded when it is first shown. */
import type { ComponentType } from 'preact';

interface Panel {
  /** As the address has it. */
  readonly name: string;
  readonly title: string;
  readonly load: () => Promise<ComponentType>;
}

const loadChallenges = () => import('./panels/challenges/challenges-panel');
const loadResults = () => import('./panels/results/results-panel');
const loadNetwork = () => import('./panels/network/network-panel');
const loadDraw = () => import('./panels/draw/draw-panel');
const loadRace = () => import('./panels/race/race-panel');
const loadKernels = () => import('./panels/kernels/kernels-panel');
const loadExport = () => import('./panels/export/export-panel');

export const PANELS: readonly Panel[] = [
  panel('Challenges', async () => (await loadChallenges()).ChallengesPanel),
  panel('Results', async () => (await loadResults()).ResultsPanel),
  panel('Network', async () => (await loadNetwork()).NetworkPanel),
  panel('Draw', async () => (await loadDraw()).DrawPanel),
  panel('Race', async () => (await loadRace()).RacePanel),
  panel('Kernels', async () => (await loadKernels()).KernelsPanel),
  panel('Export', async () => (await loadExport()).ExportPanel),
];

function panel(title: string, load: Panel['load']): Panel {
  return { name: title.toLowerCase(), title, load };
}
