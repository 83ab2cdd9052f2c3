/**
 * The WebGPU backend on both of the web's engines, without a browser: Dawn (Chrome's, with the compiler
 * Tint) in Node, and wgpu (Firefox's, with Naga) in Deno. Each runs check.ts once, on the software adapter
 * that comes with Chromium; Deno also on Mesa's lavapipe, where that is installed. The engines are fetched
 * from npm when they are missing: without a network to it this fails.
 */
import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { compiled } from '../../build/compiled.mjs';
import { denoProgram, engineVersion, fetchEngine } from '../../src/cli/engines';
import { ROOT } from '../../src/cli/paths';
import { DRIVER_VARIABLE, lavapipe, libraryFolder, swiftShader } from '../../src/cli/vulkan';
import type { TrainDocument } from '../../src/session/run';
import { FIXTURE_NAMES, loadFixture } from '../fixtures';
import { expectFixture } from '../support/expect-fixture';
import type { Finding, FindingOf } from './findings';

/** Ends an engine that hangs; two cores that have nothing else to do take a minute for one. */
const LIMIT_MS = 12 * 60_000;
const warn = (line: string) => process.stderr.write(`${line}\n`);

const program = compiled({
  name: 'engines',
  entries: { check: 'tests/engines/check.ts' },
  sources: ['tests/engines', 'tests/support', 'tests/fixtures.ts'],
  isWhole: true,
}).then((folder) => join(folder, 'check.mjs'));

/** The command that runs the check in an engine. */
async function commandOf(engine: 'dawn' | 'deno'): Promise<readonly [string, readonly string[]]> {
  const packages = await fetchEngine(engine, warn);
  switch (engine) {
    case 'dawn':
      return [process.execPath, [await program, ROOT, packages]];
    case 'deno': {
      const flags = ['--allow-all', '--unstable-webgpu', '--no-config', '--no-lock', '--quiet'];
      return [denoProgram(packages), ['run', ...flags, await program, ROOT]];
    }
    default:
      return engine satisfies never;
  }
}

/** Runs the check on a driver; elsewhere than on Linux the engines find their adapter by themselves. */
async function findingsOf(engine: 'dawn' | 'deno', driver: string | undefined) {
  const [command, args] = await commandOf(engine);
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      ...(driver !== undefined && { [DRIVER_VARIABLE]: driver, ...libraryFolder(driver) }),
    },
    timeout: LIMIT_MS,
    killSignal: 'SIGKILL',
  });
  const [printed, warned]: [string[], string[]] = [[], []];
  child.stdout.setEncoding('utf8').on('data', (text) => printed.push(text));
  child.stderr.setEncoding('utf8').on('data', (text) => warned.push(text));
  const status = await new Promise((resolve, reject) => {
    child.once('error', reject).once('close', (code, signal) => resolve(code ?? signal));
  });
  const lines = printed.join('').split('\n');
  const findings = lines.filter(Boolean).map((line): Finding => JSON.parse(line));
  // Not the log alone: an engine writes into it what is no error, too.
  expect(status, warned.join('').slice(-2000)).toBe(0);
  return <Kind extends Finding['kind']>(kind: Kind) =>
    findings.filter((finding): finding is FindingOf<Kind> => finding.kind === kind);
}

describe.each([
  ['dawn', 'SwiftShader', swiftShader],
  ['deno', 'SwiftShader', swiftShader],
  ['deno', 'lavapipe', async () => lavapipe()],
] as const)('%s on %s', (engine, name, driverOf) => {
  let of: Awaited<ReturnType<typeof findingsOf>>;
  let isThere = true;
  beforeAll(async () => {
    const driver = await driverOf();
    isThere = driver !== undefined || (name === 'SwiftShader' && process.platform !== 'linux');
    if (!isThere && name === 'SwiftShader') {
      throw new Error('no Chromium with the driver vk_swiftshader_icd.json is installed');
    }
    if (isThere) of = await findingsOf(engine, driver);
  }, LIMIT_MS);

  /** A driver that is not installed cannot be tested; which of them have to be says `beforeAll`. */
  const on = (title: string, check: () => void) =>
    test(title, (context) => {
      if (!isThere) context.skip(`${name} is not installed`);
      check();
    });

  on('compiles every kernel', () => {
    const [{ adapter }] = of('adapter');
    if (process.platform === 'linux') expect(adapter).toMatch(/swiftshader|llvmpipe/i);
    const [{ compiled: count, errors }] = of('texts');
    expect(errors).toEqual([]);
    expect(count).toBeGreaterThan(100);
  });

  on('leaves the arithmetic of the kernels as it is written', () => {
    // Mesa's compiler, for one, makes b of (a + b) - a where nothing stands between.
    const found = { keepsRoundingErrors: true, splitsLn2: true };
    expect(of('arithmetic')).toEqual([{ kind: 'arithmetic', ...found }]);
  });

  on('passes the self-test with every schedule', () => {
    const tests = of('self-test');
    for (const schedule of ['layered', 'sample-parallel', 'persistent']) {
      expect(tests.some((tested) => tested.name.includes(schedule))).toBe(true);
    }
    const failed = tests.filter((tested) => tested.failed.length > 0 || tested.kernels === 0);
    expect(failed).toEqual([]);
  });

  for (const fixture of FIXTURE_NAMES) {
    on(fixture, () => {
      const found = of('fixture').find((finding) => finding.name === fixture);
      expect(found).toBeDefined();
      if (found !== undefined) expectFixture(loadFixture(fixture), found.comparison);
    });
  }

  on('reports no error that nobody caught', () => {
    expect(of('end')).toEqual([{ kind: 'end', uncaught: [] }]);
  });
});

test(
  'npm run train -- --runtime dawn says what ran, and ends by itself',
  async () => {
    await fetchEngine('dawn', warn);
    const args = ['train', '--runtime', 'dawn', '--epochs', '3', '--json'];
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [join(ROOT, 'src/cli/launch.mjs'), ...args],
      { cwd: ROOT, encoding: 'utf8', timeout: LIMIT_MS },
    );
    expect(status, stderr).toBe(0);
    const { runtime, backend, history } = JSON.parse(stdout) as TrainDocument;
    expect(runtime).toMatchObject({ name: 'dawn', engine: 'Dawn', version: engineVersion('dawn') });
    expect(runtime?.adapter).toBe(backend.adapter);
    const expected = loadFixture('notebook').history.loss.slice(0, 3);
    expect(Math.max(...history.loss.map((loss, i) => Math.abs(loss - expected[i])))).toBeLessThan(
      1e-5,
    );
  },
  LIMIT_MS,
);
