/** How the page is served and built, and which tests run where. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import type { ViteUserConfig } from 'vitest/config';
import type { TestSpecification } from 'vitest/node';
import { ALIASES } from './build/aliases.mjs';
import { assemblyScript } from './build/assemblyscript.mjs';
import { contentSecurityPolicy } from './build/content-security-policy.ts';
import { crossOriginIsolation } from './build/cross-origin-isolation.ts';
import { together } from './build/first-view.ts';
import { formulaFont } from './build/formula-font.ts';
import { linkPreview } from './build/link-preview.ts';
import { mnistFiles } from './build/mnist-files.ts';
import { progressiveWebApp } from './build/progressive-web-app.ts';
import { texToMathMl } from './build/tex.ts';

const PAGE = fileURLToPath(new URL('src/app/main.tsx', import.meta.url));
const TRAINING_WORKER = fileURLToPath(
  new URL('src/app/worker/training-worker.ts', import.meta.url),
);

/** Packages of the page, prepared before the first request, so that no page reloads when one is found late. */
const PAGE_PACKAGES = [
  '@preact/signals',
  'chart.js',
  'comlink',
  'preact',
  'preact/hooks',
  'preact/jsx-dev-runtime',
  'preact/jsx-runtime',
  'valibot',
  'wgsl-preprocessor',
];

/** Peers of the benchmark, which only bench.html loads. Found late, they would reload it amid a run. */
const BENCH_PACKAGES = [
  '@jax-js/jax',
  '@tensorflow/tfjs-backend-wasm',
  '@tensorflow/tfjs-backend-webgpu',
  '@tensorflow/tfjs-core',
];

/** Files that take half a minute and more; the longest last. */
const LONG_FILES = [
  ...['reference-softmax.test.ts', 'plan.test.ts', 'reference.test.ts'],
  ...['self-test.test.ts', 'fixtures.test.ts'],
  ...[
    'kernels-dense.test.ts',
    'sequences-even.browser.test.ts',
    'sequences-odd.browser.test.ts',
    'random-configurations.test.ts',
  ],
];

/** How many random sequences of faults are played, and the seed that they follow from. */
function faultSequences() {
  const { SHADERPROP_FAULTS: count = 6, SHADERPROP_SEED: seed = 1 } = process.env;
  return { count: Number(count), seed: Number(seed) };
}

/** Whether every fixture, shape and random configuration is tried, or a part of them. */
function isThorough(): boolean {
  return process.env.SHADERPROP_THOROUGH === '1' || isLong();
}

/** Whether what takes minutes each is tried, too: every variant of a convolution's kernels at sixty shapes, MNIST's wide network. */
function isLong(): boolean {
  return process.env.SHADERPROP_LONG === '1';
}

/** The files of tests in Node that need, or do not need, modules and globals of their own. */
function unitTests(isAlone: boolean): string[] {
  // The page's modules remember; the others hold nothing that a test could leave behind.
  const MARKS = /\bvi\.(mock|spyOn|stubGlobal|useFakeTimers)\(|\/src\/app\//;
  return ['tests/unit', 'tests/faults']
    .flatMap((folder) => readdirSync(folder).map((file) => `${folder}/${file}`))
    .filter((file) => file.endsWith('.test.ts') && !file.endsWith('.browser.test.ts'))
    .filter((file) => MARKS.test(readFileSync(file, 'utf8')) === isAlone);
}

declare module 'vitest' {
  interface ProvidedContext {
    faults: ReturnType<typeof faultSequences>;
    thorough: boolean;
    long: boolean;
  }
}

/** Tests in Node, and tests of kernels in a real Chromium on the software adapter. */
async function testProjects(): Promise<NonNullable<ViteUserConfig['test']>> {
  // Only tests need these, and the page's server should not wait for them.
  const { playwright } = await import('@vitest/browser-playwright');
  const { BaseSequencer } = await import('vitest/node');
  const { launchOptions, testChromium } = await import('./src/cli/chromium.ts');
  const path = testChromium();
  const provider = playwright(
    path === undefined ? {} : { launchOptions: launchOptions(path, 'software') },
  );
  /** Begins with the longest files, so that none of them goes on alone at the end. */
  class LongestFirst extends BaseSequencer {
    override async sort(files: TestSpecification[]) {
      const rank = ({ moduleId }: TestSpecification) =>
        LONG_FILES.findIndex((name) => moduleId.endsWith(`/${name}`));
      return (await super.sort(files)).sort((a, b) => rank(b) - rank(a));
    }
  }
  return {
    sequence: { sequencer: LongestFirst },
    projects: [
      ...[true, false].map((isolate) => ({
        extends: true as const,
        test: {
          name: isolate ? 'unit-alone' : 'unit',
          environment: 'node',
          setupFiles: ['tests/support/load-plans.ts'],
          include: unitTests(isolate),
          // What is loaded once serves all files, but for those that change what others see.
          isolate,
          provide: { thorough: isThorough(), long: isLong() },
          // Vitest would leave one of two cores idle.
          maxWorkers: 2,
          // Whole trainings in float64, beside others on a busy machine.
          testTimeout: 60_000,
        },
      })),
      {
        extends: true,
        test: { name: 'engines', environment: 'node', include: ['tests/engines/**/*.test.ts'] },
      },
      {
        extends: true,
        optimizeDeps: { include: ['fast-check'] },
        test: {
          name: 'parity',
          setupFiles: ['tests/support/load-plans.ts'],
          include: ['tests/parity/**/*.test.ts', 'tests/faults/**/*.browser.test.ts'],
          // Tests in a page see no environment.
          provide: { faults: faultSequences(), thorough: isThorough(), long: isLong() },
          // Two pages at a time: one compiles on the software adapter while the other computes what is right.
          maxWorkers: 2,
          testTimeout: 60_000,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider,
            instances: [{ browser: 'chromium' }],
          },
        },
      },
    ],
  };
}

export default defineConfig(
  async (): Promise<ViteUserConfig> => ({
    // Relative paths: the built page works in any folder of any static host.
    base: './',
    resolve: { alias: ALIASES },
    plugins: [
      assemblyScript(),
      texToMathMl(),
      formulaFont(),
      contentSecurityPolicy(),
      linkPreview(process.env.SHADERPROP_SITE),
      mnistFiles(),
      crossOriginIsolation(),
      progressiveWebApp(),
    ],
    build: {
      target: 'es2022',
      rolldownOptions: {
        input: ['index.html', 'bench.html'],
        output: {
          codeSplitting: {
            groups: [
              together(PAGE, [
                { name: 'page', by: /\/src\/app\/main\.tsx$/, notBy: /\/src\/bench\/main\.tsx$/ },
              ]),
            ],
          },
        },
      },
      modulePreload: {
        // Whatever has WebGPU preloads modules by itself.
        polyfill: false,
        // What comes later names its few scripts itself; the list of all of them would come first.
        resolveDependencies: (_file, deps, { hostType }) =>
          hostType === 'html' ? deps : deps.filter((file) => file.endsWith('.css')),
      },
      // A data set is fetched when it is chosen, which a data: address would not be allowed to be.
      assetsInlineLimit: (file) => (/\.(csv|gz)$/.test(file) ? false : undefined),
    },
    worker: {
      format: 'es',
      plugins: () => [assemblyScript(), texToMathMl()],
      rolldownOptions: {
        output: {
          codeSplitting: {
            groups: [
              together(TRAINING_WORKER, [
                {
                  name: 'training',
                  by: /\/src\/(app\/worker\/training-worker|data\/digits-rows)\.ts$/,
                },
                {
                  name: 'gpu',
                  by: /\/src\/gpu\/backend\.ts$/,
                  notBy: /\/src\/((cpu|reference)\/backend|app\/worker\/training-worker)\.ts$/,
                },
              ]),
            ],
          },
        },
      },
    },
    optimizeDeps: {
      entries: ['index.html', 'bench.html'],
      include: process.env.VITEST ? PAGE_PACKAGES : [...PAGE_PACKAGES, ...BENCH_PACKAGES],
    },
    ...(process.env.VITEST ? { test: await testProjects() } : {}),
  }),
);
