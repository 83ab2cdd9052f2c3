/**
 * Malformed inputs, over all that people, links, files and storage bring: each gives a typed error, or a
 * value that passes the schema; none takes seconds, none takes memory past a bound. Every input follows
 * from the seed. `SHADERPROP_FUZZ` is the number of inputs; what fails is shrunk before it is shown.
 */
import { afterAll, expect, test } from 'vitest';
import { UsageError } from '../../src/cli/arguments';
import { DataFormatError } from '../../src/data/dataset';
import { InvalidInputError } from '../../src/training/errors';
import { DamagedRecordError } from '../../src/training/keeping/sealed-record';
import { withinBytes } from './allocations';
import { Mutator, shrink } from './mutate';
import { WAYS_IN, type WayIn } from './ways-in';

const SEED = Number(process.env.SHADERPROP_SEED ?? 1);
const INPUTS = Number(process.env.SHADERPROP_FUZZ ?? 10_000);
/** No input of a few kilobytes may take more of the processor, whatever else runs beside. */
const MOST_MS = 2000;
/** No input of a few kilobytes may take more at once. */
const MOST_BYTES = 16 * 1024 * 1024;

interface Outcome {
  readonly name: string;
  readonly inputs: number;
  readonly refused: number;
  readonly slowestMs: number;
  readonly slowest: string;
}
const outcomes: Outcome[] = [];

/** Why an input is a fault: an error that people should not see, or too long, or too much. */
async function faultOf(
  { read }: WayIn,
  text: string,
): Promise<{ fault?: string; isRefused: boolean; ms: number }> {
  const started = process.cpuUsage();
  let isRefused = false;
  let fault: string | undefined;
  try {
    await withinBytes(MOST_BYTES, () => read(text));
  } catch (error) {
    isRefused =
      error instanceof InvalidInputError ||
      error instanceof DataFormatError ||
      error instanceof DamagedRecordError ||
      error instanceof UsageError;
    if (!isRefused) fault = String(error);
  }
  const { user, system } = process.cpuUsage(started);
  const ms = (user + system) / 1000;
  if (ms > MOST_MS) fault ??= `took ${ms} ms`;
  return { ...(fault !== undefined && { fault }), isRefused, ms };
}

test.each(WAYS_IN)(
  'malformed $name are refused in words, or read',
  async (way) => {
    const { name, corpus, words, isQuiet = false } = way;
    const mutator = new Mutator(SEED, corpus, words);
    // What everything begins with is fine.
    for (const text of corpus) expect((await faultOf(way, text)).fault).toBeUndefined();
    const inputs = Math.ceil(INPUTS / WAYS_IN.length);
    let [refused, slowestMs, slowest] = [0, 0, ''];
    for (let i = 0; i < inputs; i++) {
      const text = mutator.next();
      const { fault, isRefused, ms } = await faultOf(way, text);
      if (fault !== undefined) {
        const isFault = async (shorter: string) =>
          (await faultOf(way, shorter)).fault !== undefined;
        const shrunk = await shrink(text, isFault);
        const { fault: why } = await faultOf(way, shrunk);
        expect.fail(`seed ${SEED}, input ${i}: ${JSON.stringify(shrunk)}: ${why}`);
      }
      refused += Number(isRefused);
      if (ms > slowestMs) [slowestMs, slowest] = [ms, text];
    }
    outcomes.push({ name, inputs, refused, slowestMs, slowest });
    if (!isQuiet) expect(refused, 'a mutator that hurts nothing').toBeGreaterThan(inputs / 10);
  },
  600_000,
);

test('an allocation past the bound is found', async () => {
  const large = withinBytes(1000, () => new Float64Array(126));
  await expect(large).rejects.toThrow('Float64Array of 1008 bytes');
  const long = withinBytes(1000, async () => Array.from({ length: 126 }));
  await expect(long).rejects.toThrow('a list of 1008 bytes');
  expect(await withinBytes(1000, () => new Float64Array(125))).toBeInstanceOf(Float64Array);
});

afterAll(() => {
  const total = outcomes.reduce((sum, { inputs }) => sum + inputs, 0);
  console.log(`${total} inputs, seed ${SEED}`);
  for (const { name, inputs, refused, slowestMs, slowest } of outcomes) {
    const input = JSON.stringify(slowest.slice(0, 60));
    console.log(
      `${name}: ${inputs}, ${refused} refused, slowest ${slowestMs.toFixed(1)} ms: ${input}`,
    );
  }
});
