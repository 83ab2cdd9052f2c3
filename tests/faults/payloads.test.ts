/**
 * What attackers write, over every way in and at every place of it: a typed error, or a value that passes
 * the schema; nothing is named after an object's own parts, and nothing of it is in the text of a kernel.
 */
import { describe, expect, test } from 'vitest';
import { readUrl } from '../../src/app/url-state';
import { UsageError } from '../../src/cli/arguments';
import { DataFormatError } from '../../src/data/dataset';
import { candidatesFor } from '../../src/gpu/tuning/candidates';
import { candidateNamed } from '../../src/gpu/tuning/tuned-layered';
import { checkConfiguration } from '../../src/training/configuration/check';
import { CONFIGURATION_KEYS, type Configuration } from '../../src/training/configuration/fields';
import { configurationFromJson } from '../../src/training/configuration/json';
import { toSnakeCase } from '../../src/training/configuration/names';
import { InvalidInputError } from '../../src/training/errors';
import { DamagedRecordError } from '../../src/training/keeping/sealed-record';
import { networkOf } from '../../src/training/network-of';
import { PAYLOADS } from '../support/payloads';
import { WAYS_IN, type WayIn } from './ways-in';

/** Places of a good input that a payload takes, evenly spread over it. */
const PLACES = 12;
const NAMES = CONFIGURATION_KEYS.map(toSnakeCase);

/** Good inputs with a payload in the place of one of their words, written as the input writes words. */
function* inputsOf({ corpus }: WayIn, payload: string): Generator<string> {
  for (const text of corpus.slice(0, 2)) {
    const isJson = /^[[{]/.test(text);
    const isLink = /^v=\d/.test(text);
    const words = [...text.matchAll(isJson ? /"(?:[^"\\]|\\.)*"|[\w.+-]+/g : /[^\s,;&=]+/g)];
    const step = Math.max(1, Math.floor(words.length / PLACES));
    for (let i = 0; i < words.length; i += step) {
      const { index, 0: word } = words[i];
      const written = isJson
        ? JSON.stringify(payload)
        : isLink
          ? encodeURIComponent(payload.toWellFormed())
          : payload;
      yield text.slice(0, index) + written + text.slice(index + word.length);
      // Numbers are written as numbers, too.
      if (isJson) yield text.slice(0, index) + payload + text.slice(index + word.length);
    }
  }
}

test('there are at least fifty payloads, each once', () => {
  expect(new Set(PAYLOADS).size).toBe(PAYLOADS.length);
  expect(PAYLOADS.length).toBeGreaterThanOrEqual(50);
});

test.each(WAYS_IN)(
  '$name: every payload at every place is refused in words, or read',
  async (way) => {
    for (const payload of PAYLOADS) {
      for (const text of inputsOf(way, payload)) {
        try {
          await way.read(text);
        } catch (error) {
          const isTyped =
            error instanceof InvalidInputError ||
            error instanceof DataFormatError ||
            error instanceof UsageError ||
            error instanceof DamagedRecordError;
          if (!isTyped) expect.fail(`${JSON.stringify(text.slice(0, 500))}: ${String(error)}`);
        }
        if (Object.keys(Object.prototype).length > 0)
          expect.fail(`${payload} is now in every object`);
      }
    }
  },
);

const known = new Map<string, string>();

/** The WGSL of every plan of a network. */
function kernelsOf(configuration: Configuration): string {
  const key = JSON.stringify(configuration);
  const wgsl = known.get(key) ?? wgslOf(configuration);
  known.set(key, wgsl);
  return wgsl;
}

function wgslOf(configuration: Configuration): string {
  const shape = {
    spec: networkOf(configuration),
    hyperparameters: configuration,
    ...{ trainSamples: 40, testSamples: 10 },
  };
  return candidatesFor(shape, new Set(['subgroups']))
    .map(({ plan }) => plan())
    .flatMap((plan) =>
      'declined' in plan ? [] : [...plan.chunk, ...plan.step, ...plan.epoch, ...plan.prediction],
    )
    .map(({ kernel }) => kernel.wgsl)
    .join('\n');
}

describe('the text of the kernels', () => {
  const SMALL = { hidden: [3], epochs: 3 };
  const plain = kernelsOf(checkConfiguration({ layers: 'dense 3 relu; dense 2 tanh' }));

  test.each(PAYLOADS.map((payload) => [payload.slice(0, 60), payload]))(
    'has nothing of %j',
    (_, payload) => {
      const isWord = /^[\w.+-]*$/.test(payload);
      const expectClean = (configuration: Configuration) => {
        const wgsl = kernelsOf(configuration);
        if (!isWord) expect(wgsl).not.toContain(payload);
        // Only what WGSL and the project's own comments are written in.
        expect(wgsl).not.toContain('evil');
      };
      for (const name of NAMES) {
        // A link leaves out what it cannot read, and names it; a file is refused.
        const search = new URLSearchParams({ v: '2', [name]: payload }).toString();
        const { configuration } = readUrl(search);
        if (configuration[CONFIGURATION_KEYS[NAMES.indexOf(name)]] === payload)
          expectClean(configuration);
        try {
          expectClean(configurationFromJson({ ...SMALL, [name]: payload }));
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidInputError);
        }
      }
      for (const layers of [
        `dense 3 ${payload}`,
        `dense ${payload} relu`,
        `${payload} 3 relu`,
        `dense 3 relu; ${payload}`,
      ]) {
        const { configuration } = readUrl(new URLSearchParams({ v: '2', layers }).toString());
        expectClean(configuration);
      }
    },
  );

  test('is of a plan that is looked up by its name, never made of it', () => {
    expect(plain).toContain('fn ');
    const configuration = checkConfiguration(SMALL);
    const shape = {
      spec: networkOf(configuration),
      hyperparameters: configuration,
      ...{ trainSamples: 40, testSamples: 10 },
    };
    const candidates = candidatesFor(shape, new Set());
    expect(candidateNamed(candidates[0].name, candidates, shape)).toBeDefined();
    for (const payload of PAYLOADS) {
      expect(candidateNamed(payload, candidates, shape), payload).toBeUndefined();
      for (const prefix of ['layered', 'layered-']) {
        expect(candidateNamed(prefix + payload, candidates, shape), payload).toBeUndefined();
      }
    }
  });
});
