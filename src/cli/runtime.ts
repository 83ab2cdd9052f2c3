/** Where WebGPU comes from on the command line: a headless Chromium, or Dawn in this process. */
import { describeAdapter } from '../gpu/runtime/device';
import type { RuntimeDocument } from '../session/runtime-document';
import { messageOf } from '../training/errors';
import { choiceFlag } from './arguments';
import { findsCard, openDawn, pollSeldom } from './dawn';
import { engineVersion, fetchEngine, installedEngine } from './engines';
import { DRIVER_VARIABLE, DRIVER_VARIABLES, swiftShader } from './vulkan';

const RUNTIMES = ['auto', 'chromium', 'dawn'] as const;
export type RuntimeChoice = (typeof RUNTIMES)[number];

/** What ran, before there is an adapter of it. */
export type RuntimeInfo = Omit<RuntimeDocument, 'adapter'>;

/** The runtime of the backends that need no WebGPU. */
export const NODE: RuntimeInfo = {
  ...{ name: 'node', engine: 'Node', version: process.versions.node, driver: null },
};

/** An engine in this process, with an adapter or without one. */
export interface NodeRuntime {
  readonly gpu: GPU;
  readonly info: RuntimeInfo;
}

/** The flag, for the commands that have it. */
export function runtimeFlag(fallback: RuntimeChoice, why = '') {
  const choices = [fallback, ...RUNTIMES.filter((choice) => choice !== fallback)];
  return choiceFlag(
    choices,
    `Where WebGPU runs: chromium is a headless browser; dawn is Chrome’s engine in this process, fetched (about 50 MB, once) when it is asked for by this name; auto takes Dawn where it has been fetched and finds a graphics card, else Chromium.${why}`,
  );
}

/** How Dawn is come by; tests put their own in. */
export interface DawnPlaces {
  /** Undefined where it has not been fetched. */
  installed(): string | undefined;
  fetched(): Promise<string>;
  /** Whether it has an adapter that is no software; without a word on standard error. */
  findsCard(packages: string): Promise<boolean>;
  /** On the hardware's adapter, or where there is none on a software one. */
  open(packages: string): Promise<NodeRuntime>;
}

/** @param warn - is told what is fetched, and what is passed over */
function dawnPlaces(warn: (line: string) => void): DawnPlaces {
  return {
    installed: () => installedEngine('dawn'),
    fetched: () => fetchEngine('dawn', warn),
    findsCard,
    open: openDawnRuntime,
  };
}

/**
 * Chooses where WebGPU runs.
 *
 * @returns Dawn, opened; or that it is Chromium
 * @throws EngineError where Dawn is asked for and cannot be had; whether it has an adapter says whoever
 *   asks it for one
 */
export async function chooseRuntime(
  choice: RuntimeChoice,
  warn: (line: string) => void,
  places = dawnPlaces(warn),
): Promise<NodeRuntime | 'chromium'> {
  switch (choice) {
    case 'chromium':
      return 'chromium';
    case 'dawn':
      return places.open(await places.fetched());
    case 'auto': {
      const packages = places.installed();
      if (packages === undefined) return 'chromium';
      try {
        return (await places.findsCard(packages)) ? await places.open(packages) : 'chromium';
      } catch (error) {
        warn(`${messageOf(error)}; Chromium runs instead`);
        return 'chromium';
      }
    }
    default:
      return choice satisfies never;
  }
}

/** The software adapter is that of an installed Chromium, unless a driver is named already. */
async function openDawnRuntime(packages: string): Promise<NodeRuntime> {
  const hardware = await described(await openDawn(packages));
  const isFree = DRIVER_VARIABLES.every((name) => process.env[name] === undefined);
  const driver = isFree && hardware.adapter === null ? await swiftShader() : undefined;
  if (!hardware.isHardware) pollSeldom();
  if (driver === undefined) return hardware.runtime;
  process.env[DRIVER_VARIABLE] = driver;
  return (await described(await openDawn(packages))).runtime;
}

async function described(gpu: GPU) {
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  const info: RuntimeInfo = {
    name: 'dawn',
    engine: 'Dawn',
    version: engineVersion('dawn'),
    driver: adapter?.info.description || null,
  };
  const isHardware = adapter !== null && !describeAdapter(adapter).isSoftware;
  return { adapter, isHardware, runtime: { gpu, info } };
}
