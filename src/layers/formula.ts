/** The formulas of each layer kind. */
import { conv } from './conv2d/formula';
import { dense } from './dense/formula';
import type { LayerFormulas } from './kind';
import type { Layer, LayerFormulaName, LayerKindName } from './layer';
import { maxPool } from './max-pool2d/formula';
import type { MathMl } from './tex';

const FORMULAS = {
  dense,
  conv,
  max_pool: maxPool,
} satisfies { readonly [K in LayerKindName]: LayerFormulas };

/** Every kind's formulas by the names that kernels have for them. */
export const LAYER_FORMULAS = Object.fromEntries(
  Object.entries<LayerFormulas>(FORMULAS).flatMap(([kind, formulas]) =>
    Object.entries(formulas).map(([part, formula]) => [`${kind}-${part}`, formula]),
  ),
) as Readonly<Record<LayerFormulaName, readonly MathMl[]>>;

/** One part of the formulas of each kind that is among `layers`. */
export function formulasIn(layers: readonly Layer[], part: keyof LayerFormulas): readonly MathMl[] {
  return [...new Set(layers.map(({ kind }) => kind))].flatMap((kind) => FORMULAS[kind][part]);
}
