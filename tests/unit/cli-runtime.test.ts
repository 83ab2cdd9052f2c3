/** Where WebGPU runs: what `auto` takes, what is fetched only when it is asked for, and what is said of it. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import { benchInNode } from '../../src/bench/in-node';
import { readBenchArguments } from '../../src/cli/bench-arguments';
import { findsCard } from '../../src/cli/dawn';
import { chooseRuntime, type DawnPlaces, NODE, type NodeRuntime } from '../../src/cli/runtime';
import { main } from '../../src/cli/train';
import { runtimeWords } from '../../src/cli/train-report';
import type { TrainDocument } from '../../src/session/run';

vi.mock('../../src/cli/engines', async (importActual) => ({
  ...(await importActual<typeof import('../../src/cli/engines')>()),
  installedEngine: () => undefined,
  fetchEngine: async () => 'here',
}));
vi.mock('../../src/cli/dawn', async (importActual) => ({
  ...(await importActual<typeof import('../../src/cli/dawn')>()),
  openDawn: async () => ({ requestAdapter: async () => null }),
  pollSeldom: () => undefined,
}));
vi.mock('../../src/cli/vulkan', () => ({
  DRIVER_VARIABLE: 'VK_ICD_FILENAMES',
  DRIVER_VARIABLES: ['VK_ICD_FILENAMES'],
  swiftShader: async () => undefined,
}));

afterEach(() => {
  vi.unstubAllEnvs();
});

/** Dawn as it may be found. */
function places(hasCard: boolean, isInstalled = true) {
  const dawn: NodeRuntime = {
    gpu: {} as GPU,
    info: { name: 'dawn', engine: 'Dawn', version: '1.2.3', driver: null },
  };
  const fetched = vi.fn(async () => 'fetched');
  const findsCard = vi.fn(async (_packages: string) => hasCard);
  const open = vi.fn(async (_packages: string) => dawn);
  const installed = () => (isInstalled ? 'here' : undefined);
  const given: DawnPlaces = { installed, fetched, findsCard, open };
  return { dawn, fetched, findsCard, open, given };
}

describe('the runtime', () => {
  test('auto is Dawn where it is there and finds a card', async () => {
    const { given, dawn, fetched, open } = places(true);
    expect(await chooseRuntime('auto', vi.fn(), given)).toBe(dawn);
    expect(open).toHaveBeenCalledExactlyOnceWith('here');
    expect(fetched).not.toHaveBeenCalled();
  });

  test('auto is Chromium where Dawn finds no card, and loads nothing into this process', async () => {
    const { given, findsCard, open } = places(false);
    expect(await chooseRuntime('auto', vi.fn(), given)).toBe('chromium');
    expect(findsCard).toHaveBeenCalledExactlyOnceWith('here');
    expect(open).not.toHaveBeenCalled();
  });

  test('auto fetches nothing', async () => {
    const { given, fetched, open } = places(true, false);
    expect(await chooseRuntime('auto', vi.fn(), given)).toBe('chromium');
    expect(fetched).not.toHaveBeenCalled();
    expect(open).not.toHaveBeenCalled();
  });

  test('auto goes on in Chromium where Dawn does not load, and says so', async () => {
    const { given, findsCard } = places(true);
    findsCard.mockRejectedValue(new Error('no such library'));
    const warn = vi.fn();
    expect(await chooseRuntime('auto', warn, given)).toBe('chromium');
    expect(warn).toHaveBeenCalledExactlyOnceWith('no such library; Chromium runs instead');
  });

  test('dawn by name is fetched, and taken on a software adapter, too', async () => {
    const { given, dawn, fetched, open } = places(false, false);
    expect(await chooseRuntime('dawn', vi.fn(), given)).toBe(dawn);
    expect(fetched).toHaveBeenCalledOnce();
    expect(open).toHaveBeenCalledExactlyOnceWith('fetched');
  });

  test('dawn by name is not replaced where it cannot be had', async () => {
    const { given, fetched } = places(true, false);
    fetched.mockRejectedValue(new Error('npm ci: 1'));
    await expect(chooseRuntime('dawn', vi.fn(), given)).rejects.toThrow('npm ci: 1');
  });

  test('chromium by name does not look for Dawn', async () => {
    const { given, open } = places(true);
    expect(await chooseRuntime('chromium', vi.fn(), given)).toBe('chromium');
    expect(open).not.toHaveBeenCalled();
  });

  test('is told with its driver, where that says something', () => {
    const dawn = { ...places(true).dawn.info, adapter: 'a card' };
    expect(runtimeWords(dawn)).toBe('Dawn 1.2.3');
    expect(runtimeWords({ ...dawn, driver: 'driver 5' })).toBe('Dawn 1.2.3, driver 5');
  });
});

describe('Dawn, asked whether there is a card', () => {
  const packages = mkdtempSync(join(tmpdir(), 'shaderprop-dawn-'));
  afterAll(() => rmSync(packages, { recursive: true }));
  /** A package that complains before it answers, as drivers do. */
  const standIn = (adapter: string) => {
    mkdirSync(join(packages, 'webgpu'), { recursive: true });
    writeFileSync(
      join(packages, 'webgpu/index.js'),
      `const { writeFileSync, writeSync } = require('node:fs');
      writeSync(2, 'error: XDG_RUNTIME_DIR is invalid\\n');
      writeFileSync(${JSON.stringify(join(packages, 'process'))}, String(process.pid));
      exports.create = () => ({ requestAdapter: async () => ${adapter} });`,
    );
  };

  test.each([
    ['null', false],
    ['({ info: { vendor: "google", architecture: "swiftshader" } })', false],
    ['({ info: { vendor: "nvidia", architecture: "hopper", device: "H100" } })', true],
  ])('%s: %s', async (adapter, isCard) => {
    standIn(adapter);
    expect(await findsCard(packages)).toBe(isCard);
    // Where what it complains of is not seen.
    expect(Number(readFileSync(join(packages, 'process'), 'utf8'))).not.toBe(process.pid);
  });

  test('says in one line why it does not load', async () => {
    standIn('(() => { throw new Error("libX11.so: cannot open shared object file"); })()');
    await expect(findsCard(packages)).rejects.toThrow(
      /^Dawn does not load here: libX11\.so: cannot open shared object file$/,
    );
  });
});

describe('npm run train', () => {
  async function run(...args: string[]) {
    const [printed, warned]: string[][] = [[], []];
    const status = await main(args, {
      print: (text) => printed.push(text),
      warn: (text) => warned.push(text),
    });
    return { status, printed, warned };
  }

  test('--runtime dawn without an adapter gives the page’s words for it', async () => {
    vi.stubEnv('VK_ICD_FILENAMES', undefined);
    const { status, printed, warned } = await run('--runtime', 'dawn', '--epochs', '1');
    expect({ status, printed }).toEqual({ status: 1, printed: [] });
    expect(warned).toEqual([
      expect.stringMatching(/^train: WebGPU found no graphics adapter\. .*chrome:\/\/gpu/),
    ]);
  });

  test('what ran is in the JSON', async () => {
    const { printed } = await run('--backend', 'cpu', '--epochs', '1', '--json');
    const { runtime, backend } = JSON.parse(printed[0]) as TrainDocument;
    expect(runtime).toEqual({ ...NODE, adapter: backend.adapter });
    expect(runtime?.version).toBe(process.versions.node);
  });

  test.each([
    [['--runtime', 'firefox'], 'one of auto, chromium, dawn'],
    [['--runtime', 'dawn', '--backend', 'cpu'], 'it is for webgpu'],
    [['--runtime', 'dawn', '--plan'], 'trains nothing'],
  ])('%j is refused', async (flags, words) => {
    const { status, warned } = await run(...flags);
    expect(status).toBe(2);
    expect(warned).toEqual([expect.stringContaining(words)]);
  });
});

describe('npm run bench', () => {
  test('stays in Chromium, where all contenders are, unless it is told otherwise', () => {
    expect(readBenchArguments([]).runtime).toBe('chromium');
    expect(readBenchArguments(['--runtime', 'auto']).runtime).toBe('auto');
  });

  test('says who needs a page where there is none, and that there is no adapter', async () => {
    const gpu = { requestAdapter: async () => null } as unknown as GPU;
    const result = await benchInNode({ workloads: [], quick: true }, gpu, vi.fn());
    expect(result.adapter).toBeNull();
    expect(result.machine.user_agent).toBe(`Node ${process.versions.node}`);
    expect(result.skipped).toEqual([
      'tfjs-webgpu, tfjs-wasm, jax-js-webgpu, jax-js-wasm, jax-js-wasm-threads, which need a page: --runtime chromium',
    ]);
  });
});
