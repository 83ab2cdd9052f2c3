/** The dense layer as the notebook writes it. */

import type { LayerFormulas } from '../kind';
import { tex } from '../tex';

export const dense: LayerFormulas = {
  forward: [tex`Z^{[l]} = A^{[l-1]} W^{[l]\top} + b^{[l]}`, tex`A^{[l]} = f(Z^{[l]})`],
  delta: [tex`\delta^{[l]} = (\delta^{[l+1]} W^{[l+1]}) \odot f'(Z^{[l]})`],
  gradient: [
    tex`\frac{\partial \mathcal{L}}{\partial W^{[l]}} = \frac{1}{m} \delta^{[l]\top} A^{[l-1]}`,
    tex`\frac{\partial \mathcal{L}}{\partial b^{[l]}} = \frac{1}{m} \sum_{i=1}^{m} \delta^{[l]}_i`,
  ],
};
