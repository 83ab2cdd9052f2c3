/** Images that stand in for MNIST's where only the time of training counts: nothing is fetched for them. */
import { ENDLESS } from '../comparison/synthetic-problem';
import { drawParameters } from '../model/initializers';
import { inputsOf, outputsOf } from '../model/network-spec';
import { RandomState } from '../numpy/random-state';
import type { Problem, Samples } from '../training/backend';
import { checkConfiguration } from '../training/configuration/check';
import type { Configuration } from '../training/configuration/fields';
import { networkOf } from '../training/network-of';

/** Share of the pixels that have ink: MNIST's have it at 150 of 784. */
const INKED = 0.19;

/**
 * A problem of images of bytes, scaled to 1: those of a class have their ink at the same pixels, each of a
 * shade of its own. The test set has one image, since a backend evaluates after every epoch, and the peers
 * need not. The same arguments give the same problem.
 *
 * @param settings - of the network and its training
 * @param count - images to train on
 */
export function syntheticImages(settings: Partial<Configuration>, count: number): Problem {
  const configuration = checkConfiguration({ ...settings, epochs: ENDLESS });
  const { seed, init, initScale } = configuration;
  const spec = networkOf(configuration);
  const random = new RandomState(seed);
  const parameters = drawParameters(spec, init, initScale, random);
  const pixels = inputsOf(spec);
  const ink = Math.round(INKED * pixels);
  const inked = Array.from({ length: outputsOf(spec) }, () =>
    random.permutation(pixels).subarray(0, ink),
  );
  const scaler = { mean: new Float64Array(pixels), scale: new Float64Array(pixels).fill(255) };
  const samples = (length: number): Samples => {
    const values = new Uint8Array(length * pixels);
    const labels = new Uint8Array(length);
    for (let row = 0; row < length; row++) {
      labels[row] = random.boundedInteger(inked.length - 1);
      for (const pixel of inked[labels[row]]) {
        values[row * pixels + pixel] = random.boundedInteger(255);
      }
    }
    return { values, scaler, labels, count: length };
  };
  const [train, test] = [samples(count), samples(1)];
  return { spec, hyperparameters: configuration, parameters, train, test };
}
