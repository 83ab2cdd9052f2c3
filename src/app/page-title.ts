/** The title of the window: what is shown first, since tabs cut the rest. */
import { effect } from '@preact/signals';
import { PANELS } from './lab/panels';
import { isEmbedded } from './views/presentation';
import { labPanel, view } from './views/view';

const NAME = 'Shaderprop';

/** Follows the view, and the panel of the lab that the address names. */
export function followTitle(): void {
  effect(() => {
    document.title = titleOf();
  });
}

function titleOf(): string {
  if (isEmbedded) return `A run in ${NAME}`;
  if (view.value === 'notebook') return `${NAME}: a neural network from scratch on WebGPU`;
  const panel = PANELS.find(({ name }) => name === labPanel.value);
  return [...(panel === undefined ? [] : [panel.title]), 'Lab', NAME].join(' · ');
}
