/** How far the backends of a race are from the reference, at equal epochs. */
import type { BackendName, EpochMetrics } from '../../training/backend';

/** Largest absolute differences from the reference so far. */
export interface LargestDrift {
  /** Of a loss, train or test, over `epochs` epochs; nothing before the first. */
  readonly loss?: number;
  readonly epochs: number;
  /** Of a parameter, at the marks that both have passed; nothing before the first. */
  readonly parameters?: number;
}

interface Trace {
  readonly losses: [loss: number, valLoss: number][];
  readonly marks: Map<number, Float64Array>;
  /** What has been compared so far. */
  compared: number;
  loss: number;
  parameters: number | undefined;
}

const JUDGE: BackendName = 'reference';

export class Drift {
  readonly #traces: ReadonlyMap<BackendName, Trace>;

  constructor(names: readonly BackendName[]) {
    this.#traces = new Map(
      names.map((name) => [
        name,
        { losses: [], marks: new Map(), compared: 0, loss: 0, parameters: undefined },
      ]),
    );
  }

  /** Takes the metrics of the next epochs of `name`. */
  metrics(name: BackendName, epochs: readonly EpochMetrics[]): void {
    const trace = this.#traces.get(name);
    for (const { loss, valLoss } of epochs) trace?.losses.push([loss, valLoss]);
    this.#compare();
  }

  /** Takes the parameters of `name` at a mark: after so many epochs, or steps. */
  parameters(name: BackendName, mark: number, parameters: Float64Array): void {
    this.#traces.get(name)?.marks.set(mark, parameters);
    this.#compare();
  }

  /** Nothing for the reference, and before there is something to compare. */
  of(name: BackendName): LargestDrift | undefined {
    const trace = this.#traces.get(name);
    if (name === JUDGE || trace === undefined) return undefined;
    const { loss, compared, parameters } = trace;
    if (compared === 0 && parameters === undefined) return undefined;
    return {
      epochs: compared,
      ...(compared > 0 && { loss }),
      ...(parameters !== undefined && { parameters }),
    };
  }

  #compare(): void {
    const judge = this.#traces.get(JUDGE);
    if (judge === undefined) return;
    for (const trace of this.#traces.values()) {
      if (trace === judge) continue;
      const common = Math.min(trace.losses.length, judge.losses.length);
      for (; trace.compared < common; trace.compared++) {
        const [loss, valLoss] = trace.losses[trace.compared];
        const [expected, expectedVal] = judge.losses[trace.compared];
        const apart = Math.max(Math.abs(loss - expected), Math.abs(valLoss - expectedVal));
        trace.loss = Math.max(trace.loss, apart);
      }
      for (const [mark, parameters] of trace.marks) {
        const expected = judge.marks.get(mark);
        if (expected === undefined) continue;
        const apart = parameters.reduce(
          (most, value, i) => Math.max(most, Math.abs(value - expected[i])),
          0,
        );
        trace.parameters = Math.max(trace.parameters ?? 0, apart);
        trace.marks.delete(mark);
      }
    }
  }
}
