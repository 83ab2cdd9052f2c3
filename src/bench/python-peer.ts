/**
 * NumPy and PyTorch beside this project's contenders, each in a process of its own.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Contender, Training } from '../comparison/contender';
import { RefusedError } from '../comparison/refusal';
import { float32Features } from '../data/samples';
import { convShape } from '../layers/conv2d/layer';
import type { PlacedLayer } from '../layers/layer';
import { inputsOf, layersOf, outputsOf } from '../model/network-spec';
import type { Problem } from '../training/backend';
import { InvalidInputError, messageOf } from '../training/errors';
import { StepSequence } from '../training/steps';
import {
  checkDense,
  checkPeerProblem,
  type LayerValues,
  layerValues,
  peerActivation,
  targetsOf,
} from './layers';

/** What each is, in the order of the tables. */
const PYTHON_PEERS = {
  numpy: 'NumPy in float32, a step by hand; test set evaluated, losses where asked for',
  torch: 'PyTorch in float32, eager, on all cores of the CPU; test set evaluated',
  'torch-1-thread': 'the same on one core',
  'torch-cuda': 'the same on a CUDA card, without TF32',
  'torch-cuda-graph': 'the same, a step captured as a CUDA graph and replayed',
} as const;
export type PythonPeer = keyof typeof PYTHON_PEERS;
export const PYTHON_PEER_NAMES = Object.keys(PYTHON_PEERS) as readonly PythonPeer[];

/** The program of all of them. */
export const PYTHON_PEERS_FILE = fileURLToPath(new URL('./python-peers.py', import.meta.url));

/** The program's answer to one question. */
interface Answer {
  readonly refused?: string;
  readonly note?: string;
  readonly losses?: readonly number[];
}

/**
 * A contender in Python. It is refused in words where there is no Python, no library or no card.
 *
 * @param program - Python 3
 * @param file - python-peers.py, where it does not lie where it was written
 */
export function pythonPeer(
  name: PythonPeer,
  program = 'python3',
  file = PYTHON_PEERS_FILE,
): Contender {
  return {
    name,
    async prepare(problem) {
      if (name === 'numpy') checkDense(problem);
      const question = questionOf(problem);
      const python = new Python(program, [file, name]);
      try {
        const { note } = await python.ask({ open: question });
        return trainingOf(python, note);
      } catch (error) {
        python.end();
        throw error;
      }
    },
  };
}

function trainingOf(python: Python, note: string | undefined): Training {
  return {
    async train(epochs) {
      await python.ask({ train: epochs });
    },
    losses: async (epochs) => (await python.ask({ losses: epochs })).losses ?? [],
    ...(note !== undefined && { note }),
    dispose: () => python.end(),
  };
}

/**
 * The problem as python-peers.py reads it.
 *
 * @throws InvalidInputError for what it does not do
 */
function questionOf(problem: Problem) {
  const { spec, hyperparameters, train, test } = problem;
  checkPeerProblem(problem);
  const { optimizer, learningRate, seed, schedule } = hyperparameters;
  if (schedule !== 'constant') {
    throw new InvalidInputError('schedule', schedule, 'the peers in Python keep one learning rate');
  }
  const values = new Map(layerValues(problem).map((own) => [own.place.index, own]));
  return {
    input: spec.input,
    inputs: inputsOf(spec),
    outputs: outputsOf(spec),
    layers: layersOf(spec).map((place) => layerQuestion(place, values.get(place.index))),
    activation: peerActivation(spec),
    optimizer,
    learning_rate: learningRate,
    seed,
    samples: train.count,
    batch_rows: new StepSequence(hyperparameters, train.count).batchRows,
    features: encoded(float32Features(train)),
    targets: encoded(targetsOf(train, outputsOf(spec))),
    test_features: encoded(float32Features(test)),
  };
}

function layerQuestion({ layer, input }: PlacedLayer, values: LayerValues | undefined) {
  if (layer.kind === 'max_pool' || values === undefined) return layer;
  const { shape, weights, biases } = values;
  const own = { kind: layer.kind, shape, weights: encoded(weights), biases: encoded(biases) };
  if (layer.kind === 'dense') return own;
  const { paddingY, paddingX } = convShape(layer, input);
  return { ...own, padding: [paddingY, paddingX] };
}

function encoded(values: Float32Array): string {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64');
}

/** A Python process that answers one question after the other. */
class Python {
  readonly #child: ChildProcess;
  readonly #answers: AsyncIterator<string>;
  #failure: string | undefined;

  constructor(program: string, args: readonly string[]) {
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'ignore'] });
    child.once('error', (error) => {
      this.#failure = `${program} cannot be started (${messageOf(error)})`;
    });
    // Who asks is told; a pipe that broke has nothing to add.
    child.stdin?.on('error', () => undefined);
    this.#child = child;
    // Both are pipes, as asked for above.
    this.#answers = createInterface({ input: child.stdout as NodeJS.ReadableStream })[
      Symbol.asyncIterator
    ]();
  }

  /** @throws RefusedError with the reason where it cannot */
  async ask(question: Readonly<Record<string, unknown>>): Promise<Answer> {
    this.#child.stdin?.write(`${JSON.stringify(question)}\n`);
    const { value, done } = await this.#answers.next();
    if (done) throw new RefusedError(`unavailable: ${this.#failure ?? 'Python has ended'}`);
    const answer: Answer = JSON.parse(value);
    if (answer.refused !== undefined) throw new RefusedError(`unavailable: ${answer.refused}`);
    return answer;
  }

  end(): void {
    this.#child.kill();
  }
}
