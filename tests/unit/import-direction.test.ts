/**
 * Imports run one way: cli → bench → app → session → gpu, cpu, reference, evaluation,
 * comparison → training → model, layers, data, numpy. The command line does not import the page.
 * Only gpu imports shaders, and only cli the plugins of the build; within gpu, tuning → runtime → plan. Types count as imports, too.
 * A layer kind's folder has a file for each side, which belongs there: `src/layers/dense/reference.ts`
 * is a part of the reference, `plan.ts` of gpu, and neither may see the other.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'vite';
import { describe, expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const PREPARATION = ['model', 'layers', 'data', 'numpy'];
const COMPUTATION = ['training', ...PREPARATION];
const GPU = ['gpu/tuning', 'gpu/runtime', 'gpu/plan'];
const EVERYTHING_BELOW_SESSION = [
  'gpu',
  ...GPU,
  'cpu',
  'reference',
  'evaluation',
  'comparison',
  ...COMPUTATION,
];

/** The folders that each folder may import, beside itself. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  build: ['layers', 'session'],
  numpy: [],
  data: ['numpy'],
  layers: ['numpy'],
  model: ['layers', 'numpy'],
  training: PREPARATION,
  shaders: ['training', 'model', 'layers', 'data'],
  evaluation: COMPUTATION,
  comparison: COMPUTATION,
  reference: COMPUTATION,
  cpu: COMPUTATION,
  'gpu/plan': ['shaders', ...COMPUTATION],
  'gpu/runtime': ['gpu/plan', 'shaders', ...COMPUTATION],
  'gpu/tuning': ['gpu/runtime', 'gpu/plan', 'shaders', ...COMPUTATION],
  gpu: [...GPU, 'shaders', ...COMPUTATION],
  session: EVERYTHING_BELOW_SESSION,
  // A page of its own, in the app's styles and with its controls.
  bench: ['app', 'session', ...EVERYTHING_BELOW_SESSION],
  app: ['session', ...EVERYTHING_BELOW_SESSION],
  cli: ['build', 'bench', 'session', ...EVERYTHING_BELOW_SESSION],
};

interface Import {
  /** `src/cli/train.ts:3`. */
  readonly place: string;
  readonly from: string;
  /** The folder that is imported; undefined outside them. */
  readonly to: string | undefined;
  readonly specifier: string;
}

/** The side that a file of src/layers, or of a kind's folder in it, belongs to, by its name. */
const SIDES: Readonly<Record<string, string>> = {
  reference: 'reference',
  kernels: 'shaders',
  plan: 'gpu/plan',
  cpu: 'cpu',
  'self-test': 'session',
  formula: 'app',
};

/**
 * `cli` for src/cli/train.ts, `gpu/tuning` for src/gpu/tuning/autotune.ts, `shaders` for
 * shaders/kernel.ts, `gpu/plan` for src/layers/dense/plan.ts;
 * undefined elsewhere.
 */
function folderOf(file: string): string | undefined {
  const [top, folder, ...rest] = relative(ROOT, file).split(sep);
  if (top === 'shaders' || top === 'build') return top;
  if (top === 'src' && folder === 'layers' && rest.length > 0) {
    const name = rest[rest.length - 1].replace(/\.tsx?(\?raw)?$/, '');
    return SIDES[name] ?? 'layers';
  }
  if (top === 'src' && folder === 'gpu' && rest.length > 1) return `gpu/${rest[0]}`;
  return top === 'src' && rest.length > 0 ? folder : undefined;
}

function sourceFiles(): string[] {
  return ['build', 'src', 'shaders'].flatMap((top) =>
    readdirSync(join(ROOT, top), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(m?[jt]s|tsx)$/.test(name) && !name.endsWith('.d.ts'))
      .map((name) => join(ROOT, top, name)),
  );
}

/** The module that a file imports or re-exports, and whether the file has a default export. */
function inspect(file: string, source: string): { imports: Import[]; defaults: string[] } {
  const { module, errors } = parseSync(file, source);
  expect(errors, file).toEqual([]);
  const placeOf = (offset: number) =>
    `${relative(ROOT, file)}:${source.slice(0, offset).split('\n').length}`;
  const exported = module.staticExports.flatMap(({ entries }) => entries);
  const requests = [
    ...module.staticImports.map(({ moduleRequest }) => moduleRequest),
    ...exported.flatMap(({ moduleRequest }) => moduleRequest ?? []),
    ...module.dynamicImports.map(({ moduleRequest }) => ({
      ...moduleRequest,
      value: source.slice(moduleRequest.start + 1, moduleRequest.end - 1),
    })),
    ...referencesIn(source),
  ];
  return {
    imports: requests.map(({ start, value }) => ({
      place: placeOf(start),
      from: folderOf(file) ?? '',
      to: value.startsWith('.') ? folderOf(join(dirname(file), value)) : undefined,
      specifier: value,
    })),
    defaults: exported
      .filter(({ exportName }) => exportName.kind === 'Default' || exportName.name === 'default')
      .map(({ start }) => placeOf(start)),
  };
}

/** Modules that are reached without an import: workers by their address, and types by `import('…')`. */
function referencesIn(source: string): { start: number; value: string }[] {
  return [
    ...source.matchAll(/new URL\(\s*'(\.[^']*)',\s*import\.meta\.url/g),
    ...source.matchAll(/import\.meta\.glob\w*\(\s*'(\.[^']*)'/g),
    ...source.matchAll(/\bimport\('(\.[^']*)'\)/g),
  ].map((match) => ({ start: match.index, value: match[1] }));
}

const FILES = sourceFiles().map((file) => ({
  file,
  ...inspect(file, readFileSync(file, 'utf8')),
}));
const IMPORTS = FILES.flatMap(({ imports }) => imports);

/** A cycle in the graph, as a path that ends where it starts. */
function findCycle(graph: ReadonlyMap<string, ReadonlySet<string>>): string[] | undefined {
  const done = new Set<string>();
  const visit = (node: string, path: readonly string[]): string[] | undefined => {
    if (path.includes(node)) return [...path.slice(path.indexOf(node)), node];
    if (done.has(node)) return undefined;
    for (const next of graph.get(node) ?? []) {
      const cycle = visit(next, [...path, node]);
      if (cycle !== undefined) return cycle;
    }
    done.add(node);
    return undefined;
  };
  for (const node of graph.keys()) {
    const cycle = visit(node, []);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}

describe('the files of build, src and shaders', () => {
  test('are found, with their imports', () => {
    const folders = new Set(FILES.map(({ file }) => folderOf(file)));
    for (const folder of Object.keys(ALLOWED)) expect(folders).toContain(folder);
    expect(IMPORTS.some(({ from, to }) => from === 'cli' && to === 'session')).toBe(true);
    expect(IMPORTS.some(({ from, to }) => from === 'session' && to === 'gpu/tuning')).toBe(true);
  });

  test('lie in a folder that the direction knows', () => {
    const strays = FILES.map(({ file }) => file).filter(
      (file) => ALLOWED[folderOf(file) ?? ''] === undefined,
    );
    expect(strays.map((file) => relative(ROOT, file))).toEqual([]);
  });

  test('import in one direction only', () => {
    const wrong = IMPORTS.filter(isWrong);
    expect(wrong.map(({ place, specifier }) => `${place} imports ${specifier}`)).toEqual([]);
  });

  test('import each other’s folders without a cycle', () => {
    const graph = new Map<string, Set<string>>();
    for (const { from, to } of IMPORTS) {
      if (to === undefined || to === from) continue;
      graph.set(from, (graph.get(from) ?? new Set()).add(to));
    }
    expect(findCycle(graph)).toBeUndefined();
  });

  test('import each other without a cycle', () => {
    const known = new Set(FILES.map(({ file }) => file));
    const graph = new Map(
      FILES.map(({ file, imports }) => {
        const targets = imports
          .filter(({ specifier }) => specifier.startsWith('.'))
          .map(({ specifier }) => join(dirname(file), specifier.replace(/\?.*$/, '')))
          .flatMap((path) => ['', '.ts', '.tsx', '.mjs'].map((ending) => `${path}${ending}`))
          .filter((path) => known.has(path));
        return [file, new Set(targets)];
      }),
    );
    expect([...graph.values()].some(({ size }) => size > 0)).toBe(true);
    expect(findCycle(graph)?.map((file) => relative(ROOT, file))).toBeUndefined();
  });

  test('have no default export', () => {
    expect(FILES.flatMap(({ defaults }) => defaults)).toEqual([]);
  });
});

/** Whether an import goes against the direction. */
function isWrong({ from, to, specifier }: Import): boolean {
  return (
    specifier.startsWith('.') &&
    to !== from &&
    !(to !== undefined && ALLOWED[from]?.includes(to)) &&
    !isFile(from, specifier)
  );
}

/** The data set is a file, not code; and others, and the project's folder, are found by their address. */
function isFile(from: string, specifier: string): boolean {
  if (/^(\.\.\/)+data\/[\w-]+\.csv(\?url|\?raw)?$/.test(specifier)) return true;
  // Written there from a package: build/mnist-files.ts.
  if (from === 'data' && /^(\.\.\/)+node_modules\/\.cache\/mnist\/[\w-]+\.gz$/.test(specifier))
    return true;
  if (from === 'build') return specifier === '..' || specifier.startsWith('../node_modules/');
  return from === 'cli' && specifier === '../..';
}

describe('the search for offences', () => {
  const cli = join(ROOT, 'src/cli/x.ts');

  test('sees every way to import', () => {
    const source = [
      "import '../app/a';",
      "import type { B } from '../app/b';",
      "export * from '../app/c';",
      "export { d } from '../app/d';",
      "const e = await import('../app/e');",
      "type F = import('../app/f').F;",
      "const g = new URL('../app/g', import.meta.url);",
    ].join('\n');
    const { imports } = inspect(cli, source);
    const seen = imports.filter(({ to }) => to === 'app').map(({ place }) => place);
    for (let line = 1; line <= 7; line++) expect(seen).toContain(`src/cli/x.ts:${line}`);
  });

  test('knows the sides of a layer kind, and that they do not see each other', () => {
    const fileOf = (name: string) => join(ROOT, `src/layers/dense/${name}.ts`);
    expect(
      ['layer', 'reference', 'plan', 'self-test'].map((name) => folderOf(fileOf(name))),
    ).toEqual(['layers', 'reference', 'gpu/plan', 'session']);
    for (const [from, to] of [
      ['reference', './plan'],
      ['plan', './reference'],
      ['layer', './reference'],
      ['cpu', './plan'],
    ] as const) {
      const { imports } = inspect(fileOf(from), `import '${to}';`);
      expect(imports.filter(isWrong), `${from} imports ${to}`).toHaveLength(1);
    }
    expect(inspect(fileOf('self-test'), "import './reference';").imports.filter(isWrong)).toEqual(
      [],
    );
  });

  test('sees default exports', () => {
    expect(inspect(cli, 'export default 3;').defaults).toEqual(['src/cli/x.ts:1']);
    expect(inspect(cli, 'const a = 1;\nexport { a as default };').defaults).toHaveLength(1);
    expect(inspect(cli, 'export const a = 1;').defaults).toEqual([]);
  });

  test('finds a cycle', () => {
    const graph = new Map([
      ['a', new Set(['b'])],
      ['b', new Set(['c', 'd'])],
      ['d', new Set(['b'])],
    ]);
    expect(findCycle(graph)).toEqual(['b', 'd', 'b']);
    graph.delete('d');
    expect(findCycle(graph)).toBeUndefined();
  });
});
