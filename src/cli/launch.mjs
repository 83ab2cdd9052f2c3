// What every npm script runs: checks Node, installs the locked packages where they are missing or
// stale, then runs a command of this folder. Plain JavaScript; what it imports loads no package at first,
// since none may be there.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { COMMANDS, isCommand, loadCommand } from './commands.mjs';
import { npmCi } from './npm-ci.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SIGNALS = /** @type {const} */ ({ SIGHUP: 1, SIGINT: 2, SIGTERM: 15 });

/**
 * @param {string} message
 * @returns {never}
 */
function fail(message) {
  process.stderr.write(`shaderprop: ${message}\n`);
  process.exit(1);
}

/** Vite's own range; older Node cannot load it, and says so in words that help nobody. */
function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const isRecent = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22;
  if (!isRecent) {
    fail(
      `Node ${process.versions.node} is too old; install Node 20.19, or 22.12 or newer, from https://nodejs.org`,
    );
  }
}

/**
 * @param {string} path
 * @returns {Record<string, { version?: string, integrity?: string, optional?: boolean, devOptional?: boolean }>}
 */
function readPackages(path) {
  return JSON.parse(readFileSync(path, 'utf8')).packages;
}

/**
 * Whether node_modules holds what package-lock.json says. npm keeps a lock file of what it installed
 * in node_modules, written last, so that an installation that broke off does not pass for a whole one.
 */
function isInstalled() {
  const installedPath = join(ROOT, 'node_modules/.package-lock.json');
  if (!existsSync(installedPath)) return false;
  const installed = readPackages(installedPath);
  return Object.entries(readPackages(join(ROOT, 'package-lock.json'))).every(([path, locked]) => {
    if (path === '') return true;
    const found = installed[path];
    // Packages for other platforms are optional, and are not there.
    if (found === undefined) return locked.optional === true || locked.devOptional === true;
    return found.version === locked.version && found.integrity === locked.integrity;
  });
}

/** Runs `npm ci` with all its output on standard error: standard output belongs to the command. */
async function install() {
  process.stderr.write('Installing the locked packages with npm ci …\n');
  rmSync(join(ROOT, 'node_modules/.package-lock.json'), { force: true });
  const status = await npmCi(ROOT, '--include=dev');
  if (status !== 0) {
    fail(`npm ci failed (${status}); check the network, then type: npm ci --loglevel=error`);
  }
}

/** @param {number} pid */
function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Installs once, though two commands may be started side by side: the second waits for the first. */
async function installOnce() {
  if (isInstalled()) return;
  const name = createHash('sha256').update(ROOT).digest('hex').slice(0, 16);
  const lock = join(tmpdir(), `shaderprop-install-${name}`);
  const owner = join(lock, 'pid');
  for (let waits = 0; ; waits++) {
    try {
      mkdirSync(lock);
      break;
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
    }
    if (waits === 0) process.stderr.write('Waiting for another installation to end …\n');
    await new Promise((resolve) => setTimeout(resolve, 500));
    // The owner writes its number at once; a lock without a living owner was left by a killed process.
    const pid = existsSync(owner) ? Number(readFileSync(owner, 'utf8')) : 0;
    if (pid === 0 || !isRunning(pid)) rmSync(lock, { recursive: true, force: true });
  }
  const unlock = () => rmSync(lock, { recursive: true, force: true });
  process.once('exit', unlock);
  writeFileSync(owner, String(process.pid));
  if (!isInstalled()) await install();
  process.off('exit', unlock);
  unlock();
}

const [command, ...args] = process.argv.slice(2);
if (command === undefined || !isCommand(command)) {
  fail(`no command ${JSON.stringify(command ?? '')}; there are ${COMMANDS.join(', ')}`);
}
// Exit handlers (of the installation, of Playwright, of the commands) end what was started.
for (const [signal, number] of Object.entries(SIGNALS)) {
  process.once(signal, () => process.exit(128 + number));
}
// npm does not pass every signal on. Where it has gone, nobody waits for this process any more.
const parent = process.ppid;
if (process.env.npm_lifecycle_event !== undefined) {
  setInterval(() => {
    if (process.ppid !== parent) process.exit(128 + SIGNALS.SIGTERM);
  }, 1000).unref();
}
// A reader that has seen enough, as `head` does, is no error. All else, such as a full disk, loses the result.
process.stdout.on('error', (error) => {
  if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EPIPE') process.exit();
  fail(`standard output takes no more: ${error.message}`);
});
checkNode();
await installOnce();
const { main } = await loadCommand(command);
process.exitCode = await main(args);
