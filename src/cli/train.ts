/** `npm run train`: trains a configuration without a display, or all presets, or prints a plan. */
import { loadRows } from '../data/registry';
import { runSession, type TrainDocument } from '../session/run';
import { type RunAllRow, runAll } from '../session/run-all';
import type { BackendName } from '../training/backend';
import { CONFIGURATION_KEYS } from '../training/configuration/fields';
import { whyIdle } from '../training/configuration/idle';
import { toFlag } from '../training/configuration/names';
import { selectSamples } from '../training/prepare';
import { clearStoredTuning } from './clear-tuning';
import { runCommand } from './command';
import { inTrainingPage } from './headless';
import type { Output } from './output';
import { refuseSwallowed } from './swallowed-flags';
import {
  RUN_FLAGS,
  readTrainArguments,
  settingFlags,
  type TrainArguments,
  usageErrorOf,
} from './train-arguments';
import { trainHelp } from './train-help';
import { runAllReport, trainReport } from './train-report';

const DIVERGED_STATUS = 3;

/** Which backends need a browser to run in. */
const IN_BROWSER = { webgpu: true, cpu: false, reference: false } as const satisfies Record<
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
    const asked = readTrainArguments(args);
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
      const { configuration, webgpu } = asked;
      const rows = await loadRows(configuration.dataset);
      const report = asked.json ? planDocument : planReport;
      const plans = report(configuration, webgpu.schedule, rows);
      output.print(typeof plans === 'string' ? plans : JSON.stringify(plans));
      return 0;
    }
    case 'train': {
      warnOfIdle(asked, output.warn);
      const document = await train(asked, asked.json ? output.warn : output.print);
      output.print(asked.json ? JSON.stringify(document) : `\n${trainReport(document)}`);
      return document.stop?.reason === 'diverged' ? DIVERGED_STATUS : 0;
    }
    case 'run-all': {
      const rows = await trainAll(asked, output.warn);
      output.print(asked.json ? JSON.stringify(rows) : runAllReport(rows));
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
  { configuration, backend, webgpu, printEvery, kernelTimes }: TrainArguments,
  onLine: (line: string) => void,
): Promise<TrainDocument> {
  // What the data or the network's size do not allow is said before a browser is started.
  selectSamples(configuration, await loadRows(configuration.dataset));
  const options = { configuration, backend, webgpu, printEvery, kernelTimes };
  if (!IN_BROWSER[backend]) return runSession({ ...options, onLine });
  return inTrainingPage(onLine, (page) =>
    page.evaluate((given) => globalThis.trainHeadless(given), options),
  );
}

async function trainAll(
  { settings, backend, webgpu }: TrainArguments,
  onLine: (line: string) => void,
): Promise<readonly RunAllRow[]> {
  const options = { settings, backend, webgpu };
  if (!IN_BROWSER[backend]) return runAll({ ...options, onLine });
  return inTrainingPage(onLine, (page) =>
    page.evaluate((given) => globalThis.runAllHeadless(given), options),
  );
}
