/** The layered plan with a variant of its own for each matrix product, and the names that it goes by. */
import { type GemmVariant, variantName } from '../../../shaders/parts/gemm-variant';
import { planOf } from '../../layers/plan';
import { layersOf } from '../../model/network-spec';
import { trainedPart } from '../../model/trained-part';
import { StepSequence } from '../../training/steps';
import {
  allVariants,
  defaultVariant,
  productOf,
  suits,
  type VariantChooser,
} from '../plan/choose-variant';
import type { GemmProduct } from '../plan/layer-plan';
import { planLayered } from '../plan/layered';
import type { ProblemShape } from '../plan/plan';
import { type Candidate, candidateOf } from './candidates';

/** The products of a step, in a fixed order; of frozen layers those forward. */
export function productsOf({
  spec,
  hyperparameters,
  trainSamples,
}: ProblemShape): readonly GemmProduct[] {
  const { batchRows } = new StepSequence(hyperparameters, trainSamples);
  const { layersBefore } = trainedPart(spec, hyperparameters.freeze);
  return layersOf(spec)
    .flatMap((place) => planOf(place.layer).products(place, batchRows))
    .filter(({ form, layer }) => form === 'forward' || layer > layersBefore);
}

/**
 * The variants chosen for the products of a step; for other numbers of samples each is taken where it may
 * win there, too.
 */
export function chooserOf(
  problem: ProblemShape,
  variants: readonly (readonly [GemmProduct, GemmVariant])[],
): VariantChooser {
  return (form, shape) => {
    const chosen = variants.findLast(
      ([{ form: own, shape: size }]) =>
        own === form && size.inputs === shape.inputs && size.outputs === shape.outputs,
    );
    if (chosen === undefined) return defaultVariant(form, shape, problem);
    const [product, variant] = chosen;
    const isFit = product.shape.rows === shape.rows || suits(variant, form, productOf(form, shape));
    return isFit ? variant : defaultVariant(form, shape, problem);
  };
}

/** The name of a layered plan with these variants' names, in the order of `productsOf`. */
export function tunedName(names: readonly string[]): string {
  return ['layered', ...names].join(' ');
}

/** The layered plan of a `tunedName`; undefined where the name is not one of this network's. */
export function tunedLayered(shape: ProblemShape, name: string): Candidate | undefined {
  const [schedule, ...names] = name.split(' ');
  const products = productsOf(shape);
  if (schedule !== 'layered' || names.length !== products.length) return undefined;
  const variants = products.flatMap((product, i) =>
    allVariants(product.form, productOf(product.form, product.shape).n)
      .filter((variant) => variantName(variant) === names[i])
      .map((variant) => [product, variant] as const),
  );
  if (variants.length !== products.length) return undefined;
  return candidateOf(name, 'layered', () => ({
    ...planLayered(shape, chooserOf(shape, variants)),
    title: name,
  }));
}

/** The candidate, or the layered plan with tuned products, that a name stands for, if it is one of this network's. */
export function candidateNamed(
  name: string,
  candidates: readonly Candidate[],
  shape: ProblemShape,
): Candidate | undefined {
  return candidates.find((candidate) => candidate.name === name) ?? tunedLayered(shape, name);
}
