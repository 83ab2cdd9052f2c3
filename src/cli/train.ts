/** `npm run train`: trains a configuration without a display, or all presets, or prints a plan. */
import type { Page } from 'playwright';
import type { Cores } from '../cpu/threads/cores';
import { setByteRoom } from '../data/byte-room';
import { classTitle } from '../data/dataset';
import { datasetOf, loadRows } from '../data/registry';
import type { WebGpuOptions } from '../gpu/backend';
import { parameterLayout } from '../model/parameter-layout';
import { chromeTrace } from '../session/chrome-trace';
import { nodeCores } from '../session/node-cores';
import type { PageOutcome } from '../session/page-outcome';
import { runSession, type TrainDocument } from '../session/run';
import { type RunAllRow, runAll } from '../session/run-all';
import type { BackendName } from '../training/backend';
import { CONFIGURATION_KEYS } from '../training/configuration/fields';
import { whyIdle } from '../training/configuration/idle';
import { toFlag } from '../training/configuration/names';
import { parametersFile } from '../training/files/run-files';
import { loadStart } from '../training/files/start-file';
import { selectSamples, takeLayers } from '../training/prepare';
import { clearStoredTuning } from './clear-tuning';
import { runCommand } from './command';
import type { Ran } from './headless';
import { checkOutput, jsonLine, type Output, writeOutput } from './output';
import { bringData, broughtFile } from './own-data';
import { chooseRuntime, NODE } from './runtime';
import { bringStart, broughtStart } from './start-file';
import { refuseSwallowed } from './swallowed-flags';
import {
  RUN_FLAGS,
  readDataArguments,
  readStartArgument,
  readTrainArguments,
  settingFlags,
  type TrainArguments,
  usageErrorOf,
} from './train-arguments';
import { trainHelp } from './train-help';
import { runAllReport, trainReport } from './train-report';
import { tuningFileStore } from './tuning-file';

const DIVERGED_STATUS = 3;

/** Which backends run where WebGPU is, and not in this process as it is. */
const NEEDS_WEBGPU = { webgpu: true, cpu: false, reference: false } as const satisfies Record<
  BackendName,
  boolean
>;

/**
 * Runs the command.
 *
 * @returns the exit status: 0, 1 where the run failed, 2 where the command line is not allowed, 3 where
 * training diverged
 */
export function main(args: readonly string[], output?: Output): Promise<number> {
  const command = async (to: Output) => {
    refuseSwallowed('train', { ...RUN_FLAGS, ...settingFlags() }, args);
    const start = readStartArgument(args);
    const from = start && (await bringStart(start));
    const { data, wanted } = readDataArguments(args, from);
    const brought = data && (await bringData(data, wanted, to.warn));
    const asked = readTrainArguments(args, brought, from);
    if (asked.help) {
      to.print(trainHelp());
      return 0;
    }
    try {
      return await perform(asked, to);
    } catch (error) {
      // What only the run finds is told with the name that the command line has for it, too.
      throw usageErrorOf(error);
    }
  };
  return runCommand('train', command, output);
}

async function perform(asked: TrainArguments, output: Output): Promise<number> {
  switch (asked.task) {
    case 'clear-tuning':
      output.print(await clearStoredTuning());
      return 0;
    case 'plan': {
      warnOfIdle(asked, output.warn);
      const { planDocument, planReport } = await import('./plan-report');
      await (await import('../gpu/plan/late-steps')).loadAllSteps();
      const { configuration, webgpu } = asked;
      const rows = await loadRows(configuration);
      const report = asked.json ? planDocument : planReport;
      const plans = report(configuration, webgpu.schedule, rows);
      output.print(typeof plans === 'string' ? plans : jsonLine(plans));
      return 0;
    }
    case 'train': {
      warnOfIdle(asked, output.warn);
      const onLine = asked.json ? output.warn : output.print;
      const document = await train(asked, onLine, output.warn);
      const { dataset, classes } = asked.configuration;
      const names = classes.map((index) => classTitle(datasetOf(dataset), index));
      output.print(asked.json ? jsonLine(document) : `\n${trainReport(document, names)}`);
      return document.stop?.reason === 'diverged' ? DIVERGED_STATUS : 0;
    }
    case 'run-all': {
      const rows = await trainAll(asked, output.warn);
      output.print(asked.json ? jsonLine(rows) : runAllReport(rows));
      return rows.some(({ error }) => error !== null) ? 1 : 0;
    }
    default:
      return asked.task satisfies never;
  }
}

/** Names the settings that were given and make no difference. */
function warnOfIdle(
  { settings, configuration }: TrainArguments,
  warn: (line: string) => void,
): void {
  for (const key of CONFIGURATION_KEYS) {
    const why = key in settings ? whyIdle(key, configuration) : undefined;
    if (why !== undefined) warn(`train: ${toFlag(key)} has no effect here. ${why}`);
  }
}

async function train(
  asked: TrainArguments,
  onLine: (line: string) => void,
  warn: (line: string) => void,
): Promise<TrainDocument> {
  const { configuration, backend, webgpu, printEvery, kernelTimes, trace, save } = asked;
  // Before the run, too: a file that cannot be written should not be found out after it.
  if (trace !== undefined) checkOutput('--trace', trace);
  if (save !== undefined) checkOutput('--save', save);
  if (backend === 'cpu') {
    const { sampleMemory } = await import('../cpu/sample-memory');
    setByteRoom(sampleMemory);
  }
  // What the data or the network's size do not allow is said before a browser is started.
  const { spec } = selectSamples(configuration, await loadRows(configuration));
  const start = await loadStart(configuration);
  takeLayers(configuration, spec, new Float64Array(parameterLayout(spec).length), start);
  for (const line of start?.differences(configuration) ?? []) warn(`train: ${line}`);
  const savesParameters = save !== undefined;
  const options = { configuration, backend, webgpu, printEvery, kernelTimes, savesParameters };
  const { result, runtime } = await runWhere<TrainDocument>(asked, onLine, warn, {
    inNode: (place) =>
      runSession({
        ...options,
        ...place,
        onLine,
        ...(savesParameters && { parametersFile }),
      }),
    inPage: (page) => page.evaluate((given) => globalThis.trainHeadless(given), options),
  });
  const { parameters_file: parameters, ...report } = result;
  const document = { ...report, runtime: { ...runtime, adapter: result.backend.adapter } };
  if (save !== undefined && parameters !== undefined) writeOutput('--save', save, parameters);
  else if (save !== undefined) warn('train: nothing is saved: training has diverged');
  if (trace !== undefined) writeOutput('--trace', trace, JSON.stringify(chromeTrace(document)));
  return document;
}

async function trainAll(
  asked: TrainArguments,
  onLine: (line: string) => void,
): Promise<readonly RunAllRow[]> {
  const { settings, backend, webgpu } = asked;
  const options = { settings, backend, webgpu };
  const { result, runtime } = await runWhere<readonly RunAllRow[]>(asked, onLine, onLine, {
    inNode: (place) => runAll({ ...options, ...place, onLine }),
    inPage: (page) => page.evaluate((given) => globalThis.runAllHeadless(given), options),
  });
  return result.map((row) => ({ ...row, runtime: { ...runtime, adapter: row.adapter } }));
}

/** Runs a task in this process, or in a page where the backend needs one. */
async function runWhere<Result>(
  { backend, runtime: choice, webgpu, threads }: TrainArguments,
  onLine: (line: string) => void,
  warn: (line: string) => void,
  {
    inNode,
    inPage,
  }: {
    inNode: (place: { readonly cores: Cores; readonly webgpu: WebGpuOptions }) => Promise<Result>;
    inPage: (page: Page) => Promise<PageOutcome>;
  },
): Promise<Ran<Result>> {
  const cores = nodeCores(threads);
  if (!NEEDS_WEBGPU[backend]) return { result: await inNode({ cores, webgpu }), runtime: NODE };
  const runtime = await chooseRuntime(choice, warn);
  if (runtime === 'chromium') {
    const { inTrainingPage } = await import('./headless');
    return inTrainingPage(onLine, inPage, broughtFile(), broughtStart());
  }
  const { gpu, info } = runtime;
  const here = { ...webgpu, gpu, tuningStore: tuningFileStore() };
  return { result: await inNode({ cores, webgpu: here }), runtime: info };
}
