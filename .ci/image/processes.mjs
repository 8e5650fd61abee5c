// Processes in network namespaces. Whatever is left of them, .ci/build-image ends.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Starts a command in a namespace (undefined: in this one); `ended` has its exit code and all that it wrote. */
export function start(space, command, options = {}) {
  const [program, ...args] = space === undefined ? command : ['ip', 'netns', 'exec', space, ...command];
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
  let written = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text) => (written += text.toString()));
  const ended = once(child, 'close').then(([code]) => ({ code, written }));
  return { ended, written: () => written, runs: () => child.exitCode === null };
}

/** Runs a command to its end and returns what it wrote. Throws unless it ends with 0. */
export async function finish(space, command, options) {
  const { code, written } = await start(space, command, options).ended;
  if (code !== 0) throw new Error(`${command.join(' ')} ended with ${code}:\n${written}`);
  return written;
}

/** Sends SIGTERM to the program itself, not to those that started it. */
export function terminate(space, commandLine) {
  const { stdout } = spawnSync('ip', ['netns', 'pids', space], { encoding: 'utf8' });
  const pids = stdout.split('\n').filter(Boolean).map(Number);
  const program = pids.find((pid) => commandLineOf(pid).startsWith(commandLine));
  if (program === undefined) throw new Error(`${commandLine} does not run in ${space}.`);
  process.kill(program, 'SIGTERM');
}

function commandLineOf(pid) {
  try {
    const [program, ...args] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    return [program.replace(/.*\//, ''), ...args].join(' ');
  } catch {
    return ''; // it has ended
  }
}

/** Waits until `condition` returns something, and returns that. `what` says what was waited for in vain. */
export async function eventually(what, condition, seconds = 120) {
  let why = '';
  for (const deadline = performance.now() + seconds * 1000; performance.now() < deadline; await sleep(200)) {
    try {
      const found = await condition();
      if (found) return found;
    } catch (error) {
      why = ` (${error.cause?.message ?? error.message})`;
    }
  }
  throw new Error(`Not within ${seconds} s: ${what}${why}.`);
}
