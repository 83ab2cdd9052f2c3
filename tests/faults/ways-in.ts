/** Every way by which people, links, files and storage reach the project, for malformed inputs to be tried on. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, vi } from 'vitest';
import { parseDrawings, serializeDrawings } from '../../src/app/lab/panels/draw/drawings';
import { readPinned, writePinned } from '../../src/app/lab/state/pinned-runs';
import { RunHistory } from '../../src/app/state/run-history';
import { readUrl, writeUrl } from '../../src/app/url-state';
import { readTrainArguments } from '../../src/cli/train-arguments';
import { parseDigits } from '../../src/data/digits-rows';
import { tuningRecordOf } from '../../src/gpu/tuning/tuning-store';
import { formatLayers, parseLayers } from '../../src/layers/layer';
import {
  CHANGEABLE_KEYS,
  formatChanges,
  parseChanges,
} from '../../src/training/configuration/changes';
import { checkConfiguration } from '../../src/training/configuration/check';
import { CONFIGURATION_KEYS } from '../../src/training/configuration/fields';
import { configurationFromJson } from '../../src/training/configuration/json';
import { toSnakeCase } from '../../src/training/configuration/names';
import {
  parametersFile,
  parametersOfFile,
  readFile,
  runFile,
} from '../../src/training/files/run-files';
import { jsonOfText, textOfFile } from '../../src/training/files/text-file';
import { History } from '../../src/training/history';
import { sealRun, unsealRun, unsealSummary } from '../../src/training/keeping/kept-run';
import { seal, unseal } from '../../src/training/keeping/sealed-record';
import { METRICS } from '../../src/training/metrics';
import { networkOf } from '../../src/training/network-of';
import { PRESETS } from '../../src/training/presets';
import { plainMetrics } from '../support/scripted-backend';

/** A way in, with good inputs, and what is expected of the others. */
export interface WayIn {
  readonly name: string;
  readonly corpus: readonly string[];
  /** Names of fields, for instance. */
  readonly words?: readonly string[];
  /** Nothing is thrown here: what cannot be read is named beside what can, or left out. */
  readonly isQuiet?: true;
  /** Reads an input, and looks at what came of it; throws what people would be told. */
  readonly read: (text: string) => void | Promise<void>;
}

const NAMES = CONFIGURATION_KEYS.map(toSnakeCase);
const csv = readFileSync(fileURLToPath(new URL('../../data/digits.csv', import.meta.url)), 'utf8');

/** Whatever passes the schema passes it again as it is. */
function expectValid(configuration: ReturnType<typeof checkConfiguration>): void {
  expect(checkConfiguration(configuration)).toEqual(configuration);
}

const CONFIGURATION = checkConfiguration({ hidden: [2], epochs: 9, optimizer: 'adam' });
const SPEC = networkOf(CONFIGURATION);
const PARAMETERS = Float64Array.from({ length: 133 }, (_, i) => i / 7);
const STATE = {
  ...{ epoch: 2, batch: 0, parameters: PARAMETERS, optimizer: [PARAMETERS, PARAMETERS] },
  running: { loss: 0, correct: 0 },
};
const EPOCHS = [plainMetrics(0), plainMetrics(1)];
const SAVED = { state: STATE, best: STATE };

const history = new History();
history.append(EPOCHS);
const keptRun = await sealRun({
  ...{ configuration: CONFIGURATION, backend: 'webgpu', plan: 'layered', saved: SAVED, history },
  ...{ trainMilliseconds: 7.5, keptAt: 1e12 },
});
const kept = await unseal(keptRun);

/** The browser's memory: one text, whatever its name. */
let memory = '';
vi.stubGlobal('localStorage', {
  getItem: () => memory,
  setItem: (_: string, text: string) => {
    memory = text;
  },
});

function pinnedRuns(): string {
  const rows = new RunHistory(1);
  const judged = {
    loss: [0.7, 0.6],
    accuracy: [0.5, 1],
    valLoss: [0.7, 0.65],
    valAccuracy: [0, 1],
  };
  rows.recall({ epoch: [1, 2], milliseconds: [1.5, 3], ...judged });
  const info = { name: 'webgpu', adapter: 'some adapter', precision: 'float32' } as const;
  const run = { key: '1-2-3', name: 'mine', configuration: CONFIGURATION, info, history: rows };
  writePinned([run], new Set());
  return memory;
}

/** A kept run as it is read again. */
async function expectKept(record: Uint8Array<ArrayBuffer>): Promise<void> {
  const { configuration, saved } = await unsealRun(record, async () => undefined);
  expectValid(configuration);
  expectValid((await unsealSummary(record)).configuration);
  const always = METRICS.filter(({ known }) => known === 'always');
  for (const epoch of saved.history) {
    expect(always.every(({ key }) => Number.isFinite(epoch[key]))).toBe(true);
  }
  const states = [saved.state, ...(saved.best === undefined ? [] : [saved.best])];
  for (const { parameters, optimizer } of states) {
    expect([parameters, ...optimizer].every((array) => array instanceof Float64Array)).toBe(true);
  }
}

export const WAYS_IN: readonly WayIn[] = [
  {
    name: 'links',
    isQuiet: true,
    corpus: [
      ...PRESETS.map(({ configuration }) => {
        const state = { ...readUrl(''), configuration: checkConfiguration(configuration) };
        return writeUrl(state);
      }),
      'v=1&digits=3,8&hidden=16,8&seed=7&tune=off&backend=cpu',
      'v=2&layers=dense+16+sigmoid%3B+dense+8+tanh&schedule_kind=layered',
      'v=2&changes=401+learning_rate+0.1%3B+601+dropout+0.2',
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
    isQuiet: true,
    corpus: ['dense 16 sigmoid; dense 8 tanh', 'dense 4 relu', 'dense 1 identity;dense 65536 elu'],
    read: (text) => {
      const layers = parseLayers(text);
      if (layers !== undefined) expect(parseLayers(formatLayers(layers))).toEqual(layers);
    },
  },
  {
    name: 'changes on the way',
    isQuiet: true,
    corpus: ['401 learning_rate 0.1; 601 dropout 0.2', '2 momentum=.9;3 weight_decay 1e-4'],
    words: CHANGEABLE_KEYS.map(toSnakeCase),
    read: (text) => {
      const changes = parseChanges(text);
      if (changes !== undefined) expect(parseChanges(formatChanges(changes))).toEqual(changes);
    },
  },
  {
    name: 'run files',
    corpus: [
      runFile(CONFIGURATION, { ...SAVED, history: EPOCHS }),
      parametersFile(SPEC, PARAMETERS, CONFIGURATION),
      '{"config":{"epochs":3,"hidden":[2]},"backend":{"name":"webgpu"},"history":{"loss":[1]}}',
    ],
    words: ['format', 'version', 'state', 'history', 'best', 'parameters', 'optimizer', 'W1'],
    read: (text) => {
      const loaded = readFile('a.json', text);
      if (loaded.kind === 'parameters') {
        const parameters = parametersOfFile(SPEC, loaded);
        expect(parameters.length === PARAMETERS.length && parameters.every(Number.isFinite)).toBe(
          true,
        );
      } else expectValid(loaded.configuration);
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
    isQuiet: true,
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
    isQuiet: true,
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
    name: 'pinned runs',
    isQuiet: true,
    corpus: [pinnedRuns()],
    words: ['key', 'name', 'configuration', 'info', 'columns', 'epoch', ...NAMES],
    read: (text) => {
      memory = text;
      const runs = readPinned();
      for (const { configuration } of runs) expectValid(configuration);
      writePinned(runs, new Set(runs.map(({ key }) => key)));
      const written = memory;
      writePinned(readPinned(), new Set());
      expect(memory).toBe(written);
    },
  },
  {
    name: 'kept runs',
    corpus: [JSON.stringify(kept.header)],
    words: ['configuration', 'epoch', 'state', 'best', 'moments', 'metrics', 'loss', ...NAMES],
    read: async (text) => {
      let header: unknown;
      try {
        header = JSON.parse(text);
      } catch {
        return;
      }
      await expectKept(await seal(header, kept.arrays));
    },
  },
  {
    name: 'bytes of kept runs',
    corpus: [String.fromCharCode(...keptRun)],
    read: (text) => expectKept(Uint8Array.from(text, (character) => character.charCodeAt(0))),
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
