/**
 * Malformed inputs, over all that people, links, files and storage bring: each gives a typed error, or a
 * value that passes the schema; none takes seconds, none takes memory past a bound. Every input follows
 * from the seed. `SHADERPROP_FUZZ` is the number of inputs; what fails is shrunk before it is shown.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { parseDrawings, serializeDrawings } from '../../src/app/lab/panels/draw/drawings';
import { readFile, runFile } from '../../src/app/lab/panels/export/files';
import { readUrl, writeUrl } from '../../src/app/url-state';
import { UsageError } from '../../src/cli/arguments';
import { readTrainArguments } from '../../src/cli/train-arguments';
import { DataFormatError } from '../../src/data/dataset';
import { parseDigits } from '../../src/data/digits';
import { tuningRecordOf } from '../../src/gpu/tuning/tuning-store';
import { formatLayers, parseLayers } from '../../src/layers/layer';
import { checkConfiguration } from '../../src/training/configuration/check';
import { CONFIGURATION_KEYS } from '../../src/training/configuration/fields';
import { configurationFromJson } from '../../src/training/configuration/json';
import { toSnakeCase } from '../../src/training/configuration/names';
import { InvalidInputError } from '../../src/training/errors';
import { jsonOfText, textOfFile } from '../../src/training/files/text-file';
import { PRESETS } from '../../src/training/presets';
import { plainMetrics } from '../support/scripted-backend';
import { withinBytes } from './allocations';
import { Mutator, shrink } from './mutate';

const SEED = Number(process.env.SHADERPROP_SEED ?? 1);
const INPUTS = Number(process.env.SHADERPROP_FUZZ ?? 20_000);
/** No input of a few kilobytes may take longer, on any machine. */
const MOST_MS = 2000;
/** No input of a few kilobytes may take more at once. */
const MOST_BYTES = 16 * 1024 * 1024;

interface Target {
  readonly name: string;
  readonly corpus: readonly string[];
  readonly words?: readonly string[];
  /** Reads an input, and looks at what came of it; throws what people would be told. */
  readonly read: (text: string) => void;
}

const NAMES = CONFIGURATION_KEYS.map(toSnakeCase);
const csv = readFileSync(fileURLToPath(new URL('../../data/digits.csv', import.meta.url)), 'utf8');

/** Whatever passes the schema passes it again as it is. */
function expectValid(configuration: ReturnType<typeof checkConfiguration>): void {
  expect(checkConfiguration(configuration)).toEqual(configuration);
}

function savedRun(): string {
  const configuration = checkConfiguration({ hidden: [2], epochs: 9 });
  const parameters = Float64Array.from({ length: 133 }, (_, i) => i / 7);
  const state = { epoch: 2, batch: 0, parameters, optimizer: [], running: { loss: 0, correct: 0 } };
  return runFile(configuration, {
    state,
    history: [plainMetrics(0), plainMetrics(1)],
    best: state,
  });
}

const TARGETS: readonly Target[] = [
  {
    name: 'links',
    corpus: [
      ...PRESETS.map(({ configuration }) => {
        const state = { ...readUrl(''), configuration: checkConfiguration(configuration) };
        return writeUrl(state);
      }),
      'v=1&digits=3,8&hidden=16,8&seed=7&tune=off&backend=cpu',
      'v=2&layers=dense+16+sigmoid%3B+dense+8+tanh&schedule_kind=layered',
    ],
    words: NAMES,
    read: (text) => {
      const { configuration, backend, planOptions } = readUrl(text);
      expectValid(configuration);
      const again = readUrl(writeUrl({ configuration, backend, planOptions }));
      expect(again).toMatchObject({ configuration, backend, planOptions, problems: [] });
    },
  },
  {
    name: 'configurations',
    corpus: PRESETS.map(({ configuration }) =>
      JSON.stringify(
        Object.fromEntries(
          Object.entries(configuration).map(([key, value]) => [toSnakeCase(key), value]),
        ),
      ),
    ),
    words: NAMES,
    read: (text) => expectValid(configurationFromJson(jsonOfText('a.json', text))),
  },
  {
    name: 'layers',
    corpus: ['dense 16 sigmoid; dense 8 tanh', 'dense 4 relu', 'dense 1 identity;dense 65536 elu'],
    read: (text) => {
      const layers = parseLayers(text);
      if (layers !== undefined) expect(parseLayers(formatLayers(layers))).toEqual(layers);
    },
  },
  {
    name: 'run files',
    corpus: [savedRun()],
    words: ['format', 'version', 'state', 'history', 'best', 'parameters', 'optimizer'],
    read: (text) => {
      const loaded = readFile('a.json', text);
      if (loaded.kind !== 'parameters') expectValid(loaded.configuration);
    },
  },
  {
    name: 'bytes of files',
    corpus: ['\ufeff{"epochs":3}', 'epoch,loss\n1,2\n', '\x1f\x8b\b', '\x89PNG\r\n'],
    read: (text) => {
      const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
      jsonOfText('a', textOfFile('a', bytes));
    },
  },
  {
    name: 'tables of digits',
    corpus: [csv.split('\n').slice(0, 5).join('\n'), csv.split('\n').slice(7, 9).join('\r\n')],
    read: (text) => {
      const { values, labels, count } = parseDigits(text);
      expect([values.length, labels.length]).toEqual([64 * count, count]);
      expect(values.every((value) => value <= 16) && labels.every((label) => label <= 9)).toBe(
        true,
      );
    },
  },
  {
    name: 'drawings',
    corpus: [
      serializeDrawings([
        { dataset: 'digits', label: 3, bitmap: Uint8Array.from({ length: 1024 }, (_, i) => i % 2) },
      ]),
      '{"version":1,"drawings":[{"digit":3,"bitmap":"00"}]}',
    ],
    read: (text) => {
      const drawings = parseDrawings(text);
      if (drawings !== undefined) {
        expect(parseDrawings(serializeDrawings(drawings))).toEqual(drawings);
      }
    },
  },
  {
    name: 'tuning records',
    corpus: [
      '{"winner":"layered","tookMs":3,"timings":[{"variant":"layered","msPerStep":1.5,"note":""}]}',
    ],
    words: ['winner', 'timings', 'variant', 'msPerStep', 'note', 'tookMs'],
    read: (text) => {
      let value: unknown;
      try {
        value = JSON.parse(text);
      } catch {
        return;
      }
      const record = tuningRecordOf(value);
      if (record !== undefined) expect(tuningRecordOf(record)).toEqual(record);
    },
  },
  {
    name: 'command lines',
    corpus: [
      '--hidden 32,16 --activation relu --optimizer adam --learning-rate 0.01',
      '--preset challenge-4 --json',
      '--classes 3,8 --split-seed 7 --train-samples 100 --scaling unit',
      '--layers=dense 16 relu --plan',
    ],
    words: NAMES.map((name) => `--${name.replaceAll('_', '-')}`),
    read: (text) => expectValid(readTrainArguments(text.split(' ')).configuration),
  },
];

interface Outcome {
  readonly name: string;
  readonly inputs: number;
  readonly refused: number;
  readonly slowestMs: number;
  readonly slowest: string;
}
const outcomes: Outcome[] = [];

/** Why an input is a fault: an error that people should not see, or too long, or too much. */
function faultOf(target: Target, text: string): { fault?: string; isRefused: boolean; ms: number } {
  const started = performance.now();
  let isRefused = false;
  let fault: string | undefined;
  try {
    withinBytes(MOST_BYTES, () => target.read(text));
  } catch (error) {
    isRefused =
      error instanceof InvalidInputError ||
      error instanceof DataFormatError ||
      error instanceof UsageError;
    if (!isRefused) fault = String(error);
  }
  const ms = performance.now() - started;
  if (ms > MOST_MS) fault ??= `took ${ms} ms`;
  return { ...(fault !== undefined && { fault }), isRefused, ms };
}

test.each(TARGETS)(
  'malformed $name are refused in words, or read',
  (target) => {
    const mutator = new Mutator(SEED, target.corpus, target.words);
    // What everything begins with is fine.
    for (const text of target.corpus) expect(faultOf(target, text).fault).toBeUndefined();
    const inputs = Math.ceil(INPUTS / TARGETS.length);
    let [refused, slowestMs, slowest] = [0, 0, ''];
    for (let i = 0; i < inputs; i++) {
      const text = mutator.next();
      const { fault, isRefused, ms } = faultOf(target, text);
      if (fault !== undefined) {
        const shrunk = shrink(text, (shorter) => faultOf(target, shorter).fault !== undefined);
        expect.fail(
          `seed ${SEED}, input ${i}: ${JSON.stringify(shrunk)}: ${faultOf(target, shrunk).fault}`,
        );
      }
      refused += Number(isRefused);
      if (ms > slowestMs) [slowestMs, slowest] = [ms, text];
    }
    outcomes.push({ name: target.name, inputs, refused, slowestMs, slowest });
    expect(refused, 'a mutator that hurts nothing').toBeGreaterThan(
      ['links', 'layers', 'drawings', 'tuning records'].includes(target.name) ? -1 : inputs / 10,
    );
  },
  600_000,
);

test('an allocation past the bound is found', () => {
  expect(() => withinBytes(1000, () => new Float64Array(126))).toThrow(
    'Float64Array of 1008 bytes',
  );
  expect(() => withinBytes(1000, () => Array.from({ length: 126 }))).toThrow(
    'a list of 1008 bytes',
  );
  expect(withinBytes(1000, () => new Float64Array(125)) instanceof Float64Array).toBe(true);
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
