/** `npm start`: serves the page on this machine and opens it where there is a display. */
import { createServer } from 'vite';
import { messageOf } from '../training/errors';
import {
  type Flags,
  flagsHelp,
  readFlags,
  readInteger,
  switchFlag,
  USAGE_STATUS,
  UsageError,
} from './arguments';
import { ROOT } from './paths';

const DEFAULT_PORT = 5173;
const LAST_PORT = 65_535;

const FLAGS = {
  '--port': {
    ...{ kind: 'value', allowed: `an integer from 1 to ${LAST_PORT}`, fallback: `${DEFAULT_PORT}` },
    help: 'The port to serve on; where it is taken, the next free one.',
  },
  '--help': switchFlag('Print this.'),
} as const satisfies Flags;

const HELP = `Serves the page on 127.0.0.1 and opens the browser where there is a display.

Usage: npm start -- [flags]

${flagsHelp(FLAGS)}
`;

/** Whether a browser that is opened can be seen. */
export function hasDisplay(
  platform: NodeJS.Platform,
  env: Readonly<Record<string, string | undefined>>,
): boolean {
  if (env.CI) return false;
  return platform === 'darwin' || platform === 'win32'
    ? true
    : Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);
}

/**
 * Runs the command: it ends with the process.
 *
 * @returns the exit status: 1 where the server could not start, 2 where the command line is not allowed
 */
export async function main(args: readonly string[]): Promise<number> {
  try {
    const values = readFlags(args, FLAGS);
    if (values.has('--help')) {
      process.stdout.write(HELP);
      return 0;
    }
    const port = readInteger(
      '--port',
      values.get('--port') ?? FLAGS['--port'].fallback,
      1,
      LAST_PORT,
    );
    await serve(port);
    return 0;
  } catch (error) {
    process.stderr.write(`start: ${messageOf(error)}\n`);
    return error instanceof UsageError ? USAGE_STATUS : 1;
  }
}

async function serve(wantedPort: number): Promise<void> {
  const server = await createServer({
    root: ROOT,
    logLevel: 'warn',
    server: { host: '127.0.0.1', port: wantedPort },
  });
  await server.listen();
  const [url] = server.resolvedUrls?.local ?? [];
  const port = Number(new URL(url).port);
  if (port !== wantedPort) {
    process.stdout.write(`Port ${wantedPort} is taken; port ${port} is used instead.\n`);
  }
  process.stdout.write(`Shaderprop is at ${url} (Ctrl-C ends it)\n`);
  if (hasDisplay(process.platform, process.env)) server.openBrowser();
}
