/** The formulas of a network's layers. Those of dense layers are here; where it has others, all come later. */
import { useEffect, useState } from 'preact/hooks';
import { dense } from '../../layers/dense/formula';
import type { LayerFormulas } from '../../layers/kind';
import type { Layer } from '../../layers/layer';
import type { MathMl } from '../../layers/tex';

type FormulasIn = (layers: readonly Layer[], part: keyof LayerFormulas) => readonly MathMl[];

function denseIn(layers: readonly Layer[], part: keyof LayerFormulas): readonly MathMl[] {
  return layers.some(({ kind }) => kind === 'dense') ? dense[part] : [];
}

/** What gives one part of the formulas of each kind that is among a network's `layers`. */
export function useFormulasIn(layers: readonly Layer[]): FormulasIn {
  const [all, setAll] = useState<FormulasIn>();
  const isMissing = all === undefined && layers.some(({ kind }) => kind !== 'dense');
  useEffect(() => {
    if (!isMissing) return;
    // One that does not come is asked for again with the next network.
    import('../../layers/formula').then(
      ({ formulasIn }) => setAll(() => formulasIn),
      () => {},
    );
  }, [isMissing]);
  return all ?? denseIn;
}
