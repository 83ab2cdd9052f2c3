/** `npm start`: serves the page on this machine and opens it where there is a display. */
import { createServer } from 'vite';
import { type Flags, flagsHelp, integerFlag, readFlags, readValue, switchFlag } from './arguments';
import { runCommand } from './command';
import type { Output } from './output';
import { ROOT } from './paths';

const FLAGS = {
  '--port': integerFlag(
    [1, 65_535],
    5173,
    'The port to serve on; where it is taken, the next free one.',
  ),
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
  if (platform === 'darwin' || platform === 'win32') return true;
  return Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);
}

/**
 * Runs the command: it ends with the process.
 *
 * @returns the exit status: 1 where the server could not start, 2 where the command line is not allowed
 */
export function main(args: readonly string[]): Promise<number> {
  return runCommand('start', async (output) => {
    const values = readFlags(args, FLAGS);
    if (values.has('--help')) output.print(HELP);
    else await serve(readValue(values, '--port', FLAGS['--port']), output);
    return 0;
  });
}

async function serve(wantedPort: number, { print }: Output): Promise<void> {
  const server = await createServer({
    root: ROOT,
    logLevel: 'warn',
    server: { host: '127.0.0.1', port: wantedPort },
  });
  await server.listen();
  const [url] = server.resolvedUrls?.local ?? [];
  const port = Number(new URL(url).port);
  if (port !== wantedPort) {
    print(`Port ${wantedPort} is taken; port ${port} is used instead.`);
  }
  print(`Shaderprop is at ${url} (Ctrl-C ends it)`);
  if (hasDisplay(process.platform, process.env)) server.openBrowser();
}
