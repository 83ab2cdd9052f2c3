/** `npm run train`, once as a user types it: trained on WebGPU in a browser of its own. */
import { formatMatrix } from '../../src/cli/train-report';
import type { TrainDocument } from '../../src/session/run';
import { loadFixture } from '../fixtures';
import { expect, test } from './command-line';
import { npmRunTrain } from './npm-run-train';

test('prints what the notebook prints, and the time', async ({ train }) => {
  const fixture = loadFixture('notebook');
  const { status, stdout, stderr } = await train();
  expect(status, stderr).toBe(0);
  expect(stdout.split('\n').slice(0, fixture.printed.length)).toEqual(fixture.printed);
  expect(stdout).toContain(formatMatrix(fixture.confusion_matrix));
  expect(stdout).toContain(fixture.classification_report.trimEnd());
  expect(stdout).toMatch(/Backend: webgpu \(float32\), \S+/);
  expect(stdout).toMatch(/setup \d+\.\d ms, training \d+\.\d ms, \d+\.\d{4} ms an epoch/);
});

test('--json prints one document on standard output and nothing else there, with the times of kernels', () => {
  const flags = ['--epochs', '30', '--hidden', '8', '--schedule-kind', 'layered'];
  const { status, stdout, stderr } = npmRunTrain('--json', '--kernel-times', ...flags);
  expect(status, stderr).toBe(0);
  const document = JSON.parse(stdout) as TrainDocument;
  expect(stdout.trimEnd().split('\n')).toHaveLength(1);
  const keys = ['config', 'backend', 'history', 'final', 'timing', 'kernel_times', 'runtime'];
  expect(Object.keys(document)).toEqual(keys);
  expect(document.config).toMatchObject({ epochs: 30, hidden: [8] });
  expect(document.backend).toMatchObject({ name: 'webgpu', precision: 'float32' });
  expect(document.backend.adapter).not.toBe('');
  const { adapter } = document.backend;
  const chromium = { name: 'chromium', engine: 'Chromium', adapter };
  expect(document.runtime).toMatchObject({ ...chromium, version: expect.stringMatching(/^\d+\./) });
  expect(document.history.val_loss).toHaveLength(30);
  expect(stderr).toContain('Epoch    1/30 | Train Loss: ');

  // The times, or that there are none.
  const { kernel_times: times } = document;
  if (times?.resolution_ms === null) {
    expect(times).toEqual({
      resolution_ms: null,
      kernels: [],
      obstacle: 'this device has no timestamp queries',
    });
    return;
  }
  expect(times?.resolution_ms).toBe(0.1);
  // Two layers: 3L + 1 dispatches a step, and L + 1 for the test set.
  const inPart = (part: string) => times?.kernels.filter((kernel) => kernel.part === part);
  expect(inPart('step')).toHaveLength(7);
  expect(inPart('epoch')).toHaveLength(3);
  for (const { kernel, ms, repetitions } of times?.kernels ?? []) {
    expect(ms, kernel).toBeGreaterThan(0);
    expect(ms * repetitions, kernel).toBeGreaterThan(0.1);
  }
});
