/**
 * The passes of the network on the CPU: each layer's, one after the other, on which addresses. The
 * kernels themselves, and the layouts called panels, blocks and groups, are in src/cpu/assembly.
 */
import { cpuOf } from '../layers/cpu';
import type { PlacedLayer } from '../layers/layer';
import { LEAST_LOSS, MOST_LOSS } from '../model/loss';
import { layersOf, type Output, outputOf } from '../model/network-spec';
import { trainedPart } from '../model/trained-part';
import type { Problem } from '../training/backend';
import { dropoutThreshold } from '../training/dropout';
import type { LossSums } from '../training/host-backend';
import type { Kernels } from './kernels';
import type { CpuLayer, CpuPasses, LayerOutput, Panels } from './layer-cpu';
import { BLOCK, PANEL, roundUp } from './panels';
import type { Part } from './sample-store';
import type { Workspace } from './workspace';

/** Which kernels make of the logits a loss, and probabilities. */
const KERNELS_OF_OUTPUT = {
  sigmoid: { loss: 'binaryCrossEntropy', probabilities: 'sigmoidProbabilities' },
  softmax: { loss: 'softmaxCrossEntropy', probabilities: 'softmaxProbabilities' },
} as const satisfies Record<Output, Record<'loss' | 'probabilities', keyof Kernels>>;

/** A layer at work, and what it leaves behind it. */
interface Layer {
  readonly passes: CpuPasses;
  readonly output: LayerOutput;
  readonly gradientsFrom: CpuLayer['gradientsFrom'];
  /** The layer's input in panels of eight units over the samples; 0 where it needs none, or has the samples'. */
  readonly groups: number;
}

export class WasmNetwork {
  readonly #workspace: Workspace;
  readonly #kernels: Kernels;
  readonly #layers: readonly Layer[];
  /** Layers that nothing is propagated back to. */
  readonly #layersBefore: number;
  readonly #seed: number;
  readonly #output: (typeof KERNELS_OF_OUTPUT)[Output];

  constructor({ spec, hyperparameters }: Problem, workspace: Workspace) {
    this.#workspace = workspace;
    this.#kernels = workspace.kernels;
    this.#layersBefore = trainedPart(spec, hyperparameters.freeze).layersBefore;
    this.#seed = hyperparameters.seed;
    this.#output = KERNELS_OF_OUTPUT[outputOf(spec)];
    this.#layers = layersOf(spec).map((place) => openLayer(place, workspace));
  }

  /** Packs W for `forward`, but for the first `packed` layers; due after every change of the parameters. */
  packForForward(packed: number): void {
    for (const { passes } of this.#layers.slice(packed)) passes.packForForward();
  }

  /** Packs W for `backward`. */
  packForBackward(): void {
    for (const { passes } of this.#layers) passes.packForBackward();
  }

  /**
   * Draws dropout's masks for a part.
   *
   * @param step - batches done before this one; `firstRow` the part's place in its batch
   */
  drawMasks(count: number, step: number, firstRow: number): void {
    for (const { output } of this.#layers) {
      const { index, mask, stride, outputs, threshold, scale } = output;
      if (mask === 0) continue;
      this.#kernels.maskPanels(
        mask,
        stride,
        Math.ceil(count / PANEL),
        outputs,
        firstRow,
        step,
        index,
        this.#seed,
        threshold,
        scale,
      );
    }
  }

  /** Leaves the activations of the hidden layers and the logits; `trains` puts dropout in. */
  forward(part: Part, trains: boolean): void {
    const panels = Math.ceil(part.count / PANEL);
    let input: Panels = { address: part.panels, stride: part.panelStride };
    for (const { passes, output } of this.#layers) {
      passes.forward(input, panels, trains);
      input = { address: output.values, stride: output.stride };
    }
  }

  /** Sums over a part from its logits, whose place the output layer's delta takes if it `trains`. */
  loss({ count, labels }: Part, trains: boolean): LossSums {
    const { values, stride, outputs } = this.#logits();
    this.#kernels[this.#output.loss](
      values,
      stride,
      outputs,
      count,
      labels,
      LEAST_LOSS,
      MOST_LOSS,
      trains,
      this.#workspace.address('sums'),
    );
    return this.#workspace.lossSums();
  }

  /** Puts probabilities in the logits' place and copies them to `to`, (count × outputs). */
  probabilities(count: number, to: Float64Array): void {
    const { values, stride, outputs } = this.#logits();
    this.#kernels[this.#output.probabilities](values, stride, outputs, count);
    for (let row = 0; row < count; row++) {
      const from = (values + Math.floor(row / PANEL) * stride) / 4 + (row % PANEL);
      for (let k = 0; k < outputs; k++) {
        to[row * outputs + k] = this.#workspace.floats[from + PANEL * k];
      }
    }
  }

  /**
   * Gradients of the mean loss, from the output's delta back to the first layer that is trained.
   *
   * @param scale - 1 / (samples of the whole batch)
   * @param adds - to the gradients of the parts before
   */
  backward(part: Part, scale: number, adds: boolean): void {
    const panels = Math.ceil(part.count / PANEL);
    for (let position = this.#layers.length - 1; position >= this.#layersBefore; position--) {
      const layer = this.#layers[position];
      const before = this.#layers[position - 1]?.output;
      const input =
        before === undefined ? samplesOf(layer, part) : this.#inputOf(layer, before, panels);
      layer.passes.gradients(input, panels, scale, adds);
      if (before !== undefined && position > this.#layersBefore)
        layer.passes.backward(before, panels);
    }
  }

  /** What the layer before has left, as the layer's gradients read it. */
  #inputOf({ gradientsFrom, groups }: Layer, before: LayerOutput, panels: number): Panels {
    const { values, outputs } = before;
    if (gradientsFrom === 'panels') return { address: values, stride: before.stride };
    const stride = 4 * PANEL * this.#workspace.plan.rows;
    this.#kernels.transposePanels(values, before.stride, outputs, panels, groups, stride, PANEL);
    return { address: groups, stride };
  }

  #logits(): LayerOutput {
    return this.#layers[this.#layers.length - 1].output;
  }
}

/** The samples, as the first layer's gradients read them. */
function samplesOf({ gradientsFrom }: Layer, part: Part): Panels {
  return gradientsFrom === 'groups'
    ? { address: part.groups, stride: part.groupStride }
    : { address: part.panels, stride: part.panelStride };
}

function openLayer(place: PlacedLayer, workspace: Workspace): Layer {
  const { index, layer, outputs, isOutput } = place;
  const values = workspace.address(`activations-${index}`);
  const threshold = dropoutThreshold(layer.dropout);
  const output: LayerOutput = {
    index,
    outputs,
    activation: layer.activation,
    values,
    delta: isOutput ? values : workspace.addressOrZero(`deltas-${index}`),
    stride: 4 * PANEL * roundUp(outputs, BLOCK),
    threshold,
    mask: workspace.addressOrZero(`mask-${index}`),
    scale: 2 ** 32 / (2 ** 32 - threshold),
  };
  const groups = workspace.addressOrZero(`groups-${index}`);
  const cpu = cpuOf(layer);
  const { gradientsFrom } = cpu;
  return { passes: cpu.open(place, output, workspace), output, gradientsFrom, groups };
}
