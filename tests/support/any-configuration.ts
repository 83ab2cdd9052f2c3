/** Configurations at random: any value that a field allows, and what the rules between them ask. */
import fc from 'fast-check';
import { mostShift } from '../../src/data/augmentation';
import { hasImages, noiseMoves } from '../../src/data/dataset';
import { fileDatasetName } from '../../src/data/file-dataset';
import { datasetOf } from '../../src/data/registry';
import { parseLayers } from '../../src/layers/layer';
import {
  CONFIGURATION_KEYS,
  type Configuration,
  type ConfigurationKey,
  FIELDS,
  type Field,
} from '../../src/training/configuration/fields';
import { formatStart } from '../../src/training/files/start-reference';

/** A file that is not here, of so many classes. */
const fileName = (classes: number) =>
  fileDatasetName({
    ...{ file: 'größe; 100 %.csv', bytes: 4551, sha256: '3f'.repeat(32), classes },
    ...{ input: { channels: 1, height: 1, width: 4 }, areImages: false },
  });

/** Any value that a field allows. */
function arbitraryValue(field: Field): fc.Arbitrary<unknown> {
  switch (field.kind) {
    case 'boolean':
      return fc.boolean();
    case 'choice':
      return fc.constantFrom(...field.choices);
    case 'dataset':
      return fc.constantFrom(...field.choices, fileName(3), fileName(100));
    case 'integers': {
      const integer = fc.integer({ min: field.minimum, max: field.maximum });
      const lengths = { minLength: field.leastCount, maxLength: field.mostCount };
      return field.distinct ? fc.uniqueArray(integer, lengths) : fc.array(integer, lengths);
    }
    case 'integer':
      return fc.integer({ min: field.minimum, max: field.maximum });
    case 'number':
      return fc.double({
        min: field.minimum,
        max: field.maximum,
        minExcluded: field.aboveMinimum ?? false,
        maxExcluded: field.belowMaximum ?? false,
        noNaN: true,
      });
    case 'layers':
      return fc.constantFrom(
        '',
        'dense 16 sigmoid; dense 8 tanh',
        'dense 3 relu; dense 2 tanh',
        'conv 4 3x3 same stride 2 relu; max_pool 2; dense 3 tanh',
      );
    case 'points':
      return fc.constantFrom('', '1.5 -2 0; 3e-7 2 1');
    case 'start':
      return fc.constantFrom(
        '',
        'preset:transfer-source',
        formatStart({ file: 'größe; 100 %.json', bytes: 4551, sha256: '3f'.repeat(32) }),
      );
    case 'changes':
      return fc.constantFrom('', '2 learning_rate 0.25', '3 weight_decay 0.5; 7 dropout 0.125');
    default:
      return field satisfies never;
  }
}

/** Any configuration that is allowed. */
export const anyConfiguration = fc
  .record(
    Object.fromEntries(
      CONFIGURATION_KEYS.map((key) => [key, arbitraryValue(FIELDS[key])]),
    ) as Record<ConfigurationKey, fc.Arbitrary<unknown>>,
  )
  .map((values): Configuration => {
    const drawn = values as unknown as Configuration;
    const momentum = drawn.optimizer === 'sgd' ? drawn.momentum : 0;
    const decays = drawn.schedule === 'step' || drawn.schedule === 'exponential';
    const dataset = datasetOf(drawn.dataset);
    const { classNames } = dataset;
    const classes = [...new Set(drawn.classes.map((index) => index % classNames.length))];
    const moves = noiseMoves(dataset);
    // Rows of features are no images.
    const layers = hasImages(dataset) ? drawn.layers : '';
    const hidden = parseLayers(layers)?.length || drawn.hidden.length;
    return {
      ...drawn,
      layers,
      freeze: Math.min(drawn.freeze, hidden),
      shift: hasImages(dataset) ? drawn.shift % (mostShift(dataset.input) + 1) : 0,
      noise: moves === undefined ? 0 : moves === 'pixels' ? drawn.noise / 100 : drawn.noise,
      fromLayers: drawn.from === '' ? 0 : 1 + (drawn.fromLayers % (hidden + 1)),
      classes: classes.length < 2 ? [0, 1] : classes,
      momentum,
      nesterov: drawn.nesterov && momentum > 0,
      decayRate: decays ? Math.min(1, Math.max(drawn.decayRate, 1e-6)) : drawn.decayRate,
      minLearningRate: Math.min(drawn.minLearningRate, drawn.learningRate),
      warmupEpochs: Math.min(drawn.warmupEpochs, drawn.epochs),
      changes: drawn.epochs < 7 || drawn.minLearningRate > 0.25 ? '' : drawn.changes,
    };
  });
