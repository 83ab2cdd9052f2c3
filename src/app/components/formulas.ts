/**
 * The notebook's formulas; those of a layer kind are in its folder. Superscript [l] counts layers; rows of A and δ are samples; θ stands for all
 * parameters, g for their gradient.
 */
import type { Activation } from '../../layers/activation';
import { type MathMl, tex } from '../../layers/tex';
import type { Configuration } from '../../training/configuration/fields';

export const BINARY_CROSS_ENTROPY = [
  tex`\mathcal{L} = -\frac{1}{m} \sum_{i=1}^{m} [y_i \ln p_i + (1 - y_i) \ln(1 - p_i)]`,
];

/** Of several classes: the surprise at the probability of the true one. */
export const CROSS_ENTROPY = [tex`\mathcal{L} = -\frac{1}{m} \sum_{i=1}^{m} \ln p_{i, y_i}`];

export const OUTPUT_DELTA = [tex`\delta^{[L]} = A^{[L]} - Y`];

export const SCALING = [tex`x = \frac{v - \mu}{\sigma}`];

/** The image moves by d rows and e columns, each drawn anew; n is normal noise, of deviation s before it is scaled. */
export const AUGMENTATION = [
  tex`x_{ij} = \frac{v_{i-d,\,j-e} - \mu_{ij} + s\,n_{ij}}{\sigma_{ij}}`,
];

export const NORM = [tex`\lVert x \rVert = \sqrt{\sum_i x_i^2}`];

export const TRANSPOSE = [tex`P = W^\top`];

const SGD = [
  tex`W^{[l]} \leftarrow W^{[l]} - \alpha \frac{\partial \mathcal{L}}{\partial W^{[l]}}`,
  tex`b^{[l]} \leftarrow b^{[l]} - \alpha \frac{\partial \mathcal{L}}{\partial b^{[l]}}`,
];

const VELOCITY = tex`v \leftarrow \mu v + g`;
const MOMENTUM = [VELOCITY, tex`\theta \leftarrow \theta - \alpha v`];
const NESTEROV = [VELOCITY, tex`\theta \leftarrow \theta - \alpha (g + \mu v)`];

const RMSPROP = [
  tex`v \leftarrow \rho v + (1 - \rho) g^2`,
  tex`\theta \leftarrow \theta - \alpha \frac{g}{\sqrt{v} + \varepsilon}`,
];

const ADAM = [
  tex`m \leftarrow \beta_1 m + (1 - \beta_1) g`,
  tex`v \leftarrow \beta_2 v + (1 - \beta_2) g^2`,
  tex`\theta \leftarrow \theta - \alpha \frac{\hat{m}}{\sqrt{\hat{v}} + \varepsilon}`,
];

/** Into the gradient, as L2 does; AdamW shrinks the weights themselves. */
const DECAYED_GRADIENT = tex`g \leftarrow g + \lambda W`;
const DECAYED_WEIGHTS = tex`W \leftarrow W - \alpha \lambda W`;

/** The update rule that a configuration has, line by line in the order of its steps. */
export function updateFormulas({
  optimizer,
  momentum,
  nesterov,
  weightDecay,
}: Pick<Configuration, 'optimizer' | 'momentum' | 'nesterov' | 'weightDecay'>): readonly MathMl[] {
  const descent = momentum === 0 ? SGD : nesterov ? NESTEROV : MOMENTUM;
  const rule = { sgd: descent, rmsprop: RMSPROP, adam: ADAM, adamw: ADAM }[optimizer];
  if (weightDecay === 0) return rule;
  return [optimizer === 'adamw' ? DECAYED_WEIGHTS : DECAYED_GRADIENT, ...rule];
}

/** Each activation, and after it its derivative. */
export const ACTIVATIONS = {
  sigmoid: [tex`\sigma(z) = \frac{1}{1 + e^{-z}}`, tex`\sigma'(z) = \sigma(z)\,(1 - \sigma(z))`],
  tanh: [tex`f(z) = \tanh z`, tex`f'(z) = 1 - \tanh^2 z`],
  relu: [
    tex`f(z) = \begin{cases} z & z > 0 \\ 0 & \text{otherwise} \end{cases}`,
    tex`f'(z) = \begin{cases} 1 & z > 0 \\ 0 & \text{otherwise} \end{cases}`,
  ],
  leaky_relu: [
    tex`f(z) = \begin{cases} z & z > 0 \\ 0.01\,z & \text{otherwise} \end{cases}`,
    tex`f'(z) = \begin{cases} 1 & z > 0 \\ 0.01 & \text{otherwise} \end{cases}`,
  ],
} as const satisfies Record<Activation, readonly MathMl[]>;
