/** The activations that a layer may end in; `src/reference/activations.ts` has their formulas. */

/** Activations of hidden layers. */
export const ACTIVATIONS = ['sigmoid', 'tanh', 'relu', 'leaky_relu'] as const;
export type Activation = (typeof ACTIVATIONS)[number];

/** What a layer makes of its sums; `identity` hands them on, as the output layer does with its logits. */
export type LayerActivation = Activation | 'identity';

/** The slope of leaky_relu for negative inputs. */
export const LEAKY_RELU_SLOPE = 0.01;
