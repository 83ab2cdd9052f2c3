/** `npm run train`: trains a configuration without a display and prints the result. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDigits } from '../data/digits';
import { runSession, type TrainDocument } from '../session/run';
import { BackendUnavailableError, InvalidInputError } from '../training/errors';
import { prepare } from '../training/prepare';
import { USAGE_STATUS, UsageError } from './arguments';
import { ChromiumError } from './chromium';
import { runHeadless } from './headless';
import { ROOT } from './paths';
import { describeInvalidInput, readTrainArguments, type TrainArguments } from './train-arguments';
import { trainHelp } from './train-help';
import { trainReport } from './train-report';

/** Where the command writes; tests put their own in. */
export interface Output {
  /** Standard output, a line at a time. */
  print(text: string): void;
  /** Standard error, a line at a time. */
  warn(text: string): void;
}

const STANDARD_OUTPUT: Output = {
  print: (text) => process.stdout.write(`${text}\n`),
  warn: (text) => process.stderr.write(`${text}\n`),
};

/**
 * Runs the command.
 *
 * @returns the exit status: 0, 1 where the run failed, 2 where the command line is not allowed
 */
export async function main(args: readonly string[], output = STANDARD_OUTPUT): Promise<number> {
  try {
    const asked = readTrainArguments(args);
    if (asked.help) {
      output.print(trainHelp());
      return 0;
    }
    const document = await train(asked, asked.json ? output.warn : output.print);
    output.print(asked.json ? JSON.stringify(document) : `\n${trainReport(document)}`);
    return 0;
  } catch (error) {
    output.warn(`train: ${messageOf(error)}`);
    return error instanceof UsageError || error instanceof InvalidInputError ? USAGE_STATUS : 1;
  }
}

async function train(
  { configuration, backend, printEvery }: TrainArguments,
  onLine: (line: string) => void,
): Promise<TrainDocument> {
  const digits = readFileSync(join(ROOT, 'data/digits.csv'), 'utf8');
  // A share of test samples that suits no class is found here, before a browser is started; without
  // hidden layers, since the network's size does not matter for it.
  prepare({ ...configuration, hidden: [] }, parseDigits(digits));
  const options = { configuration, backend, digits, printEvery };
  switch (backend) {
    case 'reference':
      return runSession({ ...options, onLine });
    case 'webgpu':
      return runHeadless(options, onLine);
    default:
      return backend satisfies never;
  }
}

function messageOf(error: unknown): string {
  if (error instanceof InvalidInputError) return describeInvalidInput(error);
  const isExpected =
    error instanceof UsageError ||
    error instanceof BackendUnavailableError ||
    error instanceof ChromiumError;
  if (isExpected) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
