/**
 * The WebGPU backend on both of the web's engines, without a browser: Dawn (Chrome's, with the compiler
 * Tint) in Node, and wgpu (Firefox's, with Naga) in Deno. Each runs check.ts once, on the software adapter
 * that comes with Chromium; Deno also on Mesa's lavapipe, where that is installed. The engines are fetched
 * from npm when they are missing: without a network to it this fails. A Firefox that is installed runs it,
 * too.
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
import { firefoxFindings, firefoxHasWebGpu, installedFirefox } from './firefox';

/** Ends an engine that hangs; two cores that have nothing else to do take a minute for one. */
const LIMIT_MS = 12 * 60_000;
const warn = (line: string) => process.stderr.write(`${line}\n`);

/** The check for a place, in one file. */
async function program(place: 'program' | 'page'): Promise<string> {
  const folder = await compiled({
    name: `engines-${place}`,
    entries: { check: `tests/engines/check-${place}.ts` },
    sources: ['tests/engines', 'tests/support', 'tests/fixtures.ts'],
    isWhole: true,
  });
  return join(folder, 'check.mjs');
}

/** The command that runs the check in an engine. */
async function commandOf(engine: 'dawn' | 'deno'): Promise<readonly [string, readonly string[]]> {
  const packages = await fetchEngine(engine, warn);
  switch (engine) {
    case 'dawn':
      return [process.execPath, [await program('program'), ROOT, packages]];
    case 'deno': {
      const flags = ['--allow-all', '--unstable-webgpu', '--no-config', '--no-lock', '--quiet'];
      return [denoProgram(packages), ['run', ...flags, await program('program'), ROOT]];
    }
    default:
      return engine satisfies never;
  }
}

/** The variables with which an engine takes a driver. */
function environmentOf(driver: string | undefined): Readonly<Record<string, string>> {
  return driver === undefined ? {} : { [DRIVER_VARIABLE]: driver, ...libraryFolder(driver) };
}

const firefox = installedFirefox();

/** Runs the check on a driver; elsewhere than on Linux the engines find their adapter by themselves. */
async function findingsOf(
  engine: 'dawn' | 'deno' | 'firefox',
  driver: string | undefined,
): Promise<readonly Finding[]> {
  const environment = environmentOf(driver);
  if (engine === 'firefox') {
    return firefoxFindings(firefox ?? engine, await program('page'), environment, LIMIT_MS);
  }
  const [command, args] = await commandOf(engine);
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
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
  // Not the log alone: an engine writes into it what is no error, too.
  expect(status, warned.join('').slice(-2000)).toBe(0);
  return lines.filter(Boolean).map((line): Finding => JSON.parse(line));
}

/** What is not installed has no tests; a Chromium's driver must be there on Linux. */
const mesa = lavapipe();
const hasFirefox = firefox !== undefined && (await firefoxHasWebGpu(firefox, environmentOf(mesa)));
describe.each([
  ['dawn', 'SwiftShader'],
  ['deno', 'SwiftShader'],
  ...(mesa === undefined ? [] : [['deno', 'lavapipe'] as const]),
  ...(hasFirefox ? [['firefox', mesa === undefined ? 'its adapter' : 'lavapipe'] as const] : []),
] as const)('%s on %s', (engine, name) => {
  let findings: readonly Finding[] = [];
  beforeAll(async () => {
    const driver = name === 'SwiftShader' ? await swiftShader() : mesa;
    if (driver === undefined && name === 'SwiftShader' && process.platform === 'linux') {
      throw new Error('no Chromium with the driver vk_swiftshader_icd.json is installed');
    }
    findings = await findingsOf(engine, driver);
  }, LIMIT_MS);

  const of = <Kind extends Finding['kind']>(kind: Kind) =>
    findings.filter((finding): finding is FindingOf<Kind> => finding.kind === kind);

  test('compiles every kernel', () => {
    const [{ adapter }] = of('adapter');
    // Firefox does not tell the name.
    if (process.platform === 'linux')
      expect(adapter).toMatch(/swiftshader|llvmpipe|^unnamed.*software/i);
    const [{ compiled: count, errors }] = of('texts');
    expect(errors).toEqual([]);
    expect(count).toBeGreaterThan(100);
  });

  test('leaves the arithmetic of the kernels as it is written', () => {
    // Mesa's compiler, for one, makes b of (a + b) - a where nothing stands between.
    const found = { keepsRoundingErrors: true, splitsLn2: true };
    expect(of('arithmetic')).toEqual([{ kind: 'arithmetic', ...found }]);
  });

  test('passes the self-test with every schedule', () => {
    const tests = of('self-test');
    for (const schedule of ['layered', 'sample-parallel', 'persistent']) {
      expect(tests.some((tested) => tested.name.includes(schedule))).toBe(true);
    }
    const failed = tests.filter((tested) => tested.failed.length > 0 || tested.kernels === 0);
    expect(failed).toEqual([]);
  });

  for (const fixture of FIXTURE_NAMES) {
    test(fixture, () => {
      const found = of('fixture').find((finding) => finding.name === fixture);
      expect(found).toBeDefined();
      if (found !== undefined) expectFixture(loadFixture(fixture), found.comparison);
    });
  }

  test('reports no error that nobody caught', () => {
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
