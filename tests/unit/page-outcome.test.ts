/** What crosses from a page to Node: documents after their lines, errors in parts or in words. */
import { afterEach, expect, test, vi } from 'vitest';
import { outcomeOf, PageError, resultOf, wordsOf } from '../../src/session/page-outcome';
import { BackendUnavailableError, InvalidInputError } from '../../src/training/errors';

afterEach(() => vi.unstubAllGlobals());

/** As it comes out at the other side: what crosses is data. */
async function cross(task: Parameters<typeof outcomeOf>[0]): Promise<unknown> {
  return resultOf(structuredClone(await outcomeOf(task)));
}

const failing = (error: unknown) => async () => {
  throw error;
};

test('a document comes after all lines', async () => {
  const arrived: string[] = [];
  vi.stubGlobal('reportLine', async (line: string) => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    arrived.push(line);
  });
  const document = await cross(async (onLine) => {
    onLine('first');
    onLine('second');
    return { loss: [0.1, 0.2] };
  });
  expect(document).toEqual({ loss: [0.1, 0.2] });
  expect(arrived).toEqual(['first', 'second']);
});

test.each([[[65536, 65536]], ['x'], [undefined]])(
  'an input that is not allowed crosses in its parts: %j',
  async (value) => {
    const crossed = cross(failing(new InvalidInputError('hidden', value, 'fewer')));
    await expect(crossed).rejects.toThrow(InvalidInputError);
    await expect(crossed).rejects.toMatchObject({ field: 'hidden', allowed: 'fewer' });
    const { message } = new InvalidInputError('hidden', value ?? null, 'fewer');
    await expect(crossed).rejects.toThrow(message);
  },
);

test('any other error crosses in words', async () => {
  const lost = cross(failing(new BackendUnavailableError('device-lost', 'The GPU was lost.')));
  await expect(lost).rejects.toThrow(new PageError('The GPU was lost.'));
  await expect(cross(failing('thrown text'))).rejects.toThrow(new PageError('thrown text'));
  const fault = cross(failing(new TypeError('x is not a function')));
  await expect(fault).rejects.toThrow(/^TypeError: x is not a function\n +at /);
});

test('words are a message where the error was foreseen, and a fault’s have its place', () => {
  expect(wordsOf(Object.assign(new Error('no'), { name: 'RefusedError' }))).toBe('no');
  const refused = Object.assign(new Error('listen EACCES'), { syscall: 'listen' });
  expect(wordsOf(refused)).toBe('listen EACCES');
  for (const fault of [new Error('a'), new RangeError('b'), new SyntaxError('c')]) {
    expect(wordsOf(fault)).toBe(fault.stack);
  }
  expect(wordsOf(3)).toBe('3');
});
