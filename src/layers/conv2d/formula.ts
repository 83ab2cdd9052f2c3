/** The convolution as textbooks write it: s is the stride, p the padding, c counts channels and f filters. */

import type { LayerFormulas } from '../kind';
import { tex } from '../tex';

export const conv: LayerFormulas = {
  forward: [
    tex`Z^{[l]}_{f,i,j} = b^{[l]}_f + \sum_{c,u,v} W^{[l]}_{f,c,u,v} \, A^{[l-1]}_{c,\, is+u-p,\, js+v-p}`,
    tex`A^{[l]} = f(Z^{[l]})`,
  ],
  delta: [
    tex`\delta^{[l]}_{c,y,x} = f'(Z^{[l]}_{c,y,x}) \sum_{f,i,j} \delta^{[l+1]}_{f,i,j} \, W^{[l+1]}_{f,c,\, y-is+p,\, x-js+p}`,
  ],
  gradient: [
    tex`\frac{\partial \mathcal{L}}{\partial W^{[l]}_{f,c,u,v}} = \frac{1}{m} \sum_{n=1}^{m} \sum_{i,j} \delta^{[l]}_{n,f,i,j} \, A^{[l-1]}_{n,c,\, is+u-p,\, js+v-p}`,
    tex`\frac{\partial \mathcal{L}}{\partial b^{[l]}_f} = \frac{1}{m} \sum_{n=1}^{m} \sum_{i,j} \delta^{[l]}_{n,f,i,j}`,
  ],
};
