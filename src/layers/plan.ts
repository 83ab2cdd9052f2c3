/** Each layer kind's steps in the layered schedule. What only some networks have is loaded for them. */
import type { LayerPlan } from '../gpu/plan/layer-plan';
import { dense } from './dense/plan';
import type { Layer, LayerKindName, LayerOf } from './layer';

const PLANS = {
  dense: async () => dense,
  conv: async () => (await import('./conv2d/plan')).conv,
  max_pool: async () => (await import('./max-pool2d/plan')).maxPool,
} satisfies { readonly [K in LayerKindName]: () => Promise<LayerPlan<LayerOf<K>>> };

const loaded = new Map<LayerKindName, LayerPlan>([['dense', dense]]);

/** Loads what `planOf` needs for these layers. */
export async function loadPlans(layers: readonly Pick<Layer, 'kind'>[]): Promise<void> {
  const missing = new Set(layers.map(({ kind }) => kind).filter((kind) => !loaded.has(kind)));
  await Promise.all([...missing].map(async (kind) => loaded.set(kind, await PLANS[kind]())));
}

/** Loads what `planOf` needs for any layer. */
export function loadAllPlans(): Promise<void> {
  return loadPlans((Object.keys(PLANS) as LayerKindName[]).map((kind) => ({ kind })));
}

/** @throws RangeError for a layer of a kind that has not been loaded */
export function planOf({ kind }: Layer): LayerPlan {
  const plan = loaded.get(kind);
  if (plan === undefined) throw new RangeError(`the plans of ${kind} are not loaded`);
  return plan;
}
