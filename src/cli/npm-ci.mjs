// Runs `npm ci`. Plain JavaScript without a package: the launcher needs it where no package is there.
import { spawn } from 'node:child_process';

/**
 * Installs what the lock file of a folder says, with all of npm's output on standard error: standard
 * output belongs to the command.
 *
 * @param {string} folder - holds package.json and package-lock.json
 * @param {readonly string[]} flags - further ones
 * @returns {Promise<number | string | null>} npm's exit status, the signal that ended it, or why it did not start
 */
export async function npmCi(folder, ...flags) {
  const npmCli = process.env.npm_execpath;
  const hasNpmCli = npmCli !== undefined && /npm-cli\.c?js$/.test(npmCli);
  const isWindows = process.platform === 'win32';
  const child = spawn(
    hasNpmCli ? process.execPath : isWindows ? 'npm.cmd' : 'npm',
    [
      ...(hasNpmCli ? [npmCli] : []),
      ...['ci', '--no-audit', '--no-fund', '--loglevel=error', ...flags],
    ],
    { cwd: folder, stdio: ['ignore', 2, 2], shell: !hasNpmCli && isWindows },
  );
  // At once: npm goes on for a while after an interrupt, and would write into the next installation.
  const stop = () => child.kill('SIGKILL');
  process.once('exit', stop);
  const status = await new Promise((resolve) => {
    child.once('error', (error) => resolve(`npm could not be started: ${error.message}`));
    child.once('exit', (code, signal) => resolve(code ?? signal));
  });
  process.off('exit', stop);
  return status;
}
