/** The lab's panels in the order of their tabs; each is loaded when it is first shown. */
import type { ComponentType } from 'preact';

interface Panel {
  readonly name: string;
  readonly title: string;
  readonly load: () => Promise<ComponentType>;
}

export const PANELS: readonly Panel[] = [
  {
    name: 'challenges',
    title: 'Challenges',
    load: async () => (await import('./panels/challenges/challenges-panel')).ChallengesPanel,
  },
  {
    name: 'results',
    title: 'Results',
    load: async () => (await import('./panels/results/results-panel')).ResultsPanel,
  },
  {
    name: 'network',
    title: 'Network',
    load: async () => (await import('./panels/network/network-panel')).NetworkPanel,
  },
  {
    name: 'draw',
    title: 'Draw',
    load: async () => (await import('./panels/draw/draw-panel')).DrawPanel,
  },
  {
    name: 'race',
    title: 'Race',
    load: async () => (await import('./panels/race/race-panel')).RacePanel,
  },
  {
    name: 'kernels',
    title: 'Kernels',
    load: async () => (await import('./panels/kernels/kernels-panel')).KernelsPanel,
  },
  {
    name: 'export',
    title: 'Export',
    load: async () => (await import('./panels/export/export-panel')).ExportPanel,
  },
];
