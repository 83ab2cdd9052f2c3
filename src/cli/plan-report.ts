/** What `npm run train -- --plan` prints, as text or as JSON: each schedule's plan of a network, made without a GPU. */
import type { AugmentationShape } from '../data/augmentation';
import { countOf, hasImages, type Rows } from '../data/dataset';
import { datasetOf } from '../data/registry';
import { staysBytes } from '../data/samples';
import type { Scaling } from '../data/scaler';
import { bytesBoundPerEpoch, describePlan, formatPlan } from '../gpu/describe';
import { SCHEDULE_KINDS, type ScheduleKind } from '../gpu/plan/choices';
import { dispatchesPerEpoch, type Plan, type ProblemShape, planBytes } from '../gpu/plan/plan';
import { planBy } from '../gpu/tuning/fixed-choice';
import { formatLayers } from '../layers/layer';
import {
  commonActivation,
  hiddenLayersOf,
  type NetworkSpec,
  outputOf,
  widthsOf,
} from '../model/network-spec';
import { parameterLayout } from '../model/parameter-layout';
import { trainedPart } from '../model/trained-part';
import { snakeCased } from '../session/snake-case';
import type { Configuration } from '../training/configuration/fields';
import { selectSamples } from '../training/prepare';
import { StepSequence } from '../training/steps';
import { textTable } from './text-table';

/**
 * The plans of a configuration as text, ending without a line break.
 *
 * @param schedule - `auto` for all schedules
 * @throws InvalidInputError as `selectSamples` does
 */
export function planReport(
  configuration: Configuration,
  schedule: ScheduleKind | 'auto' = 'auto',
  rows: Rows,
): string {
  const shape = shapeFor(configuration, rows);
  const kinds = schedule === 'auto' ? SCHEDULE_KINDS : [schedule];
  return [
    networkLines(shape),
    ...(schedule === 'auto' ? [scheduleTable(shape)] : []),
    ...kinds.map((kind) => scheduleReport(kind, shape)),
    ...(schedule === 'auto' ? [`Used without tuning: ${usedSchedule(shape)}`] : []),
  ].join('\n\n');
}

/**
 * The plans of a configuration in plain data: bytes, dispatches, and every dispatch but its WGSL.
 *
 * @param schedule - `auto` for all schedules
 * @throws InvalidInputError as `selectSamples` does
 */
export function planDocument(
  configuration: Configuration,
  schedule: ScheduleKind | 'auto',
  rows: Rows,
): object {
  const shape = shapeFor(configuration, rows);
  const { spec, trainSamples, testSamples } = shape;
  const kinds = schedule === 'auto' ? SCHEDULE_KINDS : [schedule];
  const schedules = kinds.map((kind) => {
    const plan = planBy(kind, shape);
    if ('declined' in plan) return { schedule: kind, declined: plan.declined };
    const { choice: _, ...description } = describePlan(plan);
    return {
      ...description,
      dispatchesPerEpoch: dispatchesPerEpoch(plan, shape),
      bytesBoundPerEpoch: bytesBoundPerEpoch(plan, shape),
    };
  });
  const document = {
    network: {
      widths: widthsOf(spec),
      parameters: parameterLayout(spec).length,
      trainSamples,
      testSamples,
    },
    schedules,
    ...(schedule === 'auto' && { used: usedSchedule(shape) }),
  };
  return JSON.parse(
    JSON.stringify(snakeCased(document), (key, value) => (key === 'wgsl' ? undefined : value)),
  );
}

/** The shape without its initial parameters, which a plan does not need and a wide network has many of. */
function shapeFor(unchecked: Configuration, rows: Rows): ProblemShape {
  const { spec, configuration, split, points } = selectSamples(unchecked, rows);
  const { train, test } = split;
  const trainSamples = train.length + points.length;
  const augmentation = augmentationOf(configuration);
  const isAugmented = augmentation !== undefined;
  return {
    spec,
    hyperparameters: configuration,
    trainSamples,
    testSamples: test.length,
    // Where points are added, nothing stays bytes.
    byteTables:
      points.length > 0
        ? 0
        : tablesFor(configuration.scaling, rows, trainSamples + test.length, isAugmented),
    ...(isAugmented && { augmentation }),
  };
}

/** As `prepare` has it, before anything is scaled. */
function augmentationOf({ dataset, shift, noise }: Configuration): AugmentationShape | undefined {
  const data = datasetOf(dataset);
  if (!hasImages(data) || (shift === 0 && noise === 0)) return undefined;
  return { image: data.input, shift, hasNoise: noise > 0 };
}

/** As `byteTables` has it, before anything is scaled. */
function tablesFor(
  scaling: Scaling,
  { values, features }: Rows,
  samples: number,
  isAugmented: boolean,
): number {
  if (!isAugmented && !staysBytes(values, samples * features)) return 0;
  return scaling === 'standard' ? features : 1;
}

function networkLines({ spec, hyperparameters, trainSamples, testSamples }: ProblemShape): string {
  const steps = new StepSequence(hyperparameters, trainSamples);
  const batch = steps.isFullBatch ? '' : `up to ${format(steps.batchRows)} of `;
  const { start, length } = trainedPart(spec, hyperparameters.freeze);
  const trained = start === 0 ? '' : `, ${format(length)} of them trained`;
  const parameters = format(start + length);
  return [
    `Network: ${widthsOf(spec).join(' → ')}, hidden ${hiddenText(spec)}, output ${outputOf(spec)}; ${parameters} parameters${trained}`,
    `Epoch:   ${countOf(steps.batchesPerEpoch, 'step')} of ${batch}${format(trainSamples)} samples; ${format(testSamples)} test samples`,
  ].join('\n');
}

/** The activation of the hidden layers, or the layers themselves where they have several. */
function hiddenText(spec: NetworkSpec): string {
  return commonActivation(spec) ?? formatLayers(hiddenLayersOf(spec));
}

/** All schedules beside each other: what an epoch costs and what it needs, or why it declines. */
function scheduleTable(shape: ProblemShape): string {
  const rows = SCHEDULE_KINDS.map((kind) => {
    const plan = planBy(kind, shape);
    if ('declined' in plan) return [kind, '–', '–', '–', `declines: ${plan.declined}`];
    // A dispatch of many steps may serve several epochs.
    const atMost = plan.stepsAtOnce > 1 ? '≤ ' : '';
    return [
      kind,
      `${atMost}${format(dispatchesPerEpoch(plan, shape))}`,
      `${atMost}${format(bytesBoundPerEpoch(plan, shape))}`,
      format(planBytes(plan)),
      'takes it',
    ];
  });
  const heading = ['schedule', 'dispatches an epoch', 'bytes bound an epoch', 'bytes of buffers'];
  return [
    textTable([[...heading, 'this network'], ...rows]),
    'Bytes bound: each dispatch counts all of every buffer that it reads or writes.',
  ].join('\n');
}

function usedSchedule(shape: ProblemShape): string {
  const plan = planBy('auto', shape);
  return 'declined' in plan ? plan.declined : plan.schedule;
}

function scheduleReport(kind: ScheduleKind, shape: ProblemShape): string {
  const plan = planBy(kind, shape);
  if ('declined' in plan) return `Schedule: ${kind}\nDeclines this network: ${plan.declined}`;
  return [formatPlan(plan), ...epochLines(plan, shape)].join('\n');
}

function epochLines(plan: Plan, shape: ProblemShape): string[] {
  const { batchesPerEpoch } = new StepSequence(shape.hyperparameters, shape.trainSamples);
  const dispatches = format(dispatchesPerEpoch(plan, shape));
  const parts = `${countOf(batchesPerEpoch, 'step')} × ${plan.step.length}, and ${plan.epoch.length} after them`;
  return [
    `Dispatches an epoch: ${dispatches} (${parts})`,
    `Bytes bound an epoch, summed over its dispatches: ${format(bytesBoundPerEpoch(plan, shape))}`,
    ...(plan.stepsAtOnce > 1
      ? [`Both at most: a dispatch takes up to ${plan.stepsAtOnce} steps, over several epochs.`]
      : []),
    ...(plan.evaluation === 'next-step'
      ? [
          'The step after an epoch evaluates its test set; a submit ends with one step more for that.',
        ]
      : []),
  ];
}

function format(number: number): string {
  return number.toLocaleString('en');
}
