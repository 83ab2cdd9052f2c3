/** What a trained network does with the test set: the notebook's Parts 9 and 10. */
import { classTitle } from '../data/dataset';
import { scaledFeatures, widthOf } from '../data/samples';
import {
  type ClassificationReport,
  classificationReport,
  formatClassificationReport,
} from '../evaluation/classification-report';
import { confusionMatrix } from '../evaluation/confusion-matrix';
import {
  accuracyOf,
  classProbabilities,
  meanLoss,
  predictedClasses,
} from '../evaluation/predictions';
import { outputOf, outputsOf } from '../model/network-spec';
import type { Backend, Samples } from '../training/backend';
import type { Prepared } from '../training/prepare';

/** The report as it leaves the program, with the names that NumPy's and scikit-learn's users know. */
export interface FinalDocument {
  /** Of the test set. */
  readonly loss: number;
  /** Of the test set. */
  readonly accuracy: number;
  /** Rows are true classes, columns predicted ones. */
  readonly confusion_matrix: readonly (readonly number[])[];
  /** The text that scikit-learn prints. */
  readonly classification_report: string;
  /** Probabilities (outputs × samples), as the notebook has them. */
  readonly test_outputs: readonly (readonly number[])[];
  /** Class of each test sample: its position among the chosen ones. */
  readonly predictions: readonly number[];
  /** Indices into the test set of the samples that Part 10 shows. */
  readonly sample_indices: readonly number[];
}

/** The report, and what the page shows beside it. */
export interface FinalReport {
  readonly document: FinalDocument;
  /** The classification report in numbers. */
  readonly report: ClassificationReport;
  /** Class index of each test sample. */
  readonly labels: readonly number[];
  /** Probability of each class: (samples × classes), row-major. */
  readonly probabilities: Float64Array;
}

/** Predicts the test set with `backend` and evaluates it in float64. */
export async function finalReport(backend: Backend, prepared: Prepared): Promise<FinalReport> {
  const { dataset, classes, problem, sampleIndices } = prepared;
  const { labels, count } = problem.test;
  const output = outputOf(problem.spec);
  const outputs = await predictSamples(backend, problem.test, outputsOf(problem.spec));
  const predictions = predictedClasses(outputs, count);
  const matrix = confusionMatrix(labels, predictions, classes.length);
  const names = classes.map((index) => classTitle(dataset, index));
  const report = classificationReport(matrix, names);
  return {
    document: {
      loss: meanLoss(outputs, labels, count),
      accuracy: accuracyOf(predictions, labels),
      confusion_matrix: matrix,
      classification_report: formatClassificationReport(report),
      test_outputs: transpose(outputs, count),
      predictions: Array.from(predictions),
      sample_indices: Array.from(sampleIndices),
    },
    report,
    labels: Array.from(labels),
    probabilities: classProbabilities(outputs, output),
  };
}

/** Samples whose features are on the way to the backend at a time. */
const PREDICTED_AT_ONCE = 256;

/** Output probabilities (samples × outputs), row-major, of all samples. */
async function predictSamples(
  backend: Backend,
  samples: Samples,
  outputs: number,
): Promise<Float64Array> {
  const all = new Float64Array(samples.count * outputs);
  const width = widthOf(samples);
  // One array for all parts: new ones would pile up until they are collected.
  const room = new Float64Array(Math.min(PREDICTED_AT_ONCE, samples.count) * width);
  for (let first = 0; first < samples.count; first += PREDICTED_AT_ONCE) {
    const count = Math.min(PREDICTED_AT_ONCE, samples.count - first);
    const features = room.subarray(0, count * width);
    const part = await backend.predict(scaledFeatures(samples, first, count, features), count);
    all.set(part, first * outputs);
  }
  return all;
}

/** (count × columns), row-major, as nested arrays (columns × count). */
function transpose(values: Float64Array, count: number): number[][] {
  const columns = values.length / count;
  return Array.from({ length: columns }, (_, column) =>
    Array.from({ length: count }, (_, row) => values[row * columns + column]),
  );
}
