import { spawn, spawnSync } from 'node:child_process';

/** Whether the command is installed here; prints how to install it where it is not. */
export function isInstalled(command: string): boolean {
  const found = spawnSync(command, ['--version'], { stdio: 'ignore' }).error === undefined;
  if (!found)
    console.log(`*** SKIPPED: ${command} is not installed here (Debian: apt-get install ${command}) ***`);
  return found;
}

export interface Ended {
  readonly output: string;
  /** It was still running at its time limit. */
  readonly cutShort: boolean;
}

/** Runs a tool to its end, or for this number of seconds. */
export async function runTool(command: string, args: readonly string[], seconds: number): Promise<Ended> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (part: string) => (output += part));
  let cutShort = false;
  const timer = setTimeout(() => {
    cutShort = true;
    child.kill('SIGKILL');
  }, seconds * 1000);
  await new Promise((resolve, reject) => child.once('close', resolve).once('error', reject));
  clearTimeout(timer);
  return { output, cutShort };
}
