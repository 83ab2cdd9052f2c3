/** Max pooling: k is the size of a window, and only the first largest of a window hears of the loss. */

import type { LayerFormulas } from '../kind';
import { tex } from '../tex';

export const maxPool: LayerFormulas = {
  forward: [tex`A^{[l]}_{c,i,j} = \max_{0 \le u,v \lt k} A^{[l-1]}_{c,\, ik+u,\, jk+v}`],
  delta: [
    tex`\delta^{[l]}_{c,y,x} = f'(Z^{[l]}_{c,y,x}) \cdot \begin{cases} \delta^{[l+1]}_{c,i,j} & \text{first largest of window } (i,j) \\ 0 & \text{else} \end{cases}`,
  ],
  gradient: [],
};
