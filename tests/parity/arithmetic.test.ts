/** The probe of a device's arithmetic: it finds this one's as written, and notices what is folded away. */
import { expect, test } from 'vitest';
import { arithmeticProbe } from '../../shaders/arithmetic-probe';
import { instantiate } from '../../shaders/kernel';
import { probeArithmetic } from '../../src/gpu/runtime/arithmetic';
import { sharedDevice } from './support/open';

const device = sharedDevice();
const probe = instantiate(arithmeticProbe, {});

test('this device keeps rounding errors and both parts of ln 2', async () => {
  expect(await probeArithmetic(device().device)).toEqual({
    keepsRoundingErrors: true,
    splitsLn2: true,
  });
});

// What a compiler makes of the texts that takes float32 for real numbers.
const ERROR = '(total.x - (rounded - added)) + (value - added)';
const REMAINDER = '(y - n * 0.693359375) + n * 2.12194440e-4';
test.each([
  ['the rounding error', ERROR, '0.0', { keepsRoundingErrors: false, splitsLn2: true }],
  ['half of it', ERROR, 'value - added', { keepsRoundingErrors: false, splitsLn2: true }],
  ['ln 2', REMAINDER, 'y - n * 0.693147181', { keepsRoundingErrors: true, splitsLn2: false }],
  [
    'it, fused',
    REMAINDER,
    'fma(-n, 0.693147181, y)',
    { keepsRoundingErrors: true, splitsLn2: false },
  ],
])('a compiler that folds %s is noticed', async (_, from, to, found) => {
  const wgsl = probe.wgsl.replace(from, to);
  expect(wgsl).not.toBe(probe.wgsl);
  expect(await probeArithmetic(device().device, { ...probe, wgsl })).toEqual(found);
});
