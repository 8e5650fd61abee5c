import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** The output of a command, standard output and standard error, and its exit code. */
export interface CommandResult {
  readonly output: string;
  readonly code: number;
}

/** One shell for consecutive commands, with the programs that they started in the background. */
export class ReadmeShell {
  private readonly shell: ChildProcess;
  private readonly programs: ChildProcess[] = [];

  constructor(private readonly folder: string) {
    const { PATH = '', HOME = '/' } = process.env;
    const env = { PATH, HOME, TMPDIR: folder, NEDWATCH_LOG: 'error', NO_COLOR: '1' };
    this.shell = spawn('bash', ['--norc'], { cwd: folder, env, stdio: ['pipe', 'pipe', 'inherit'] });
  }

  /** Runs it to its end; a program (`npm start`) until it is ready. */
  async run(command: string): Promise<CommandResult> {
    const [, settings, args] = /^([^]*?)npm start -- ([^&]*?)\s*&?$/.exec(command) ?? [];
    if (settings === undefined || args === undefined) return this.type(command);
    const { output } = await this.type(`${settings} node -p 'JSON.stringify(process.env)'`);
    return this.startProgram(JSON.parse(output) as NodeJS.ProcessEnv, args.split(/\s+/));
  }

  private async type(command: string): Promise<CommandResult> {
    const end = 'the command has ended with ';
    this.shell.stdin!.write(`{ ${command}\n} 2>&1 </dev/null; echo; echo "${end}$?"\n`);
    let output = '';
    for (;;) {
      const [chunk] = (await once(this.shell.stdout!, 'data')) as [Buffer];
      output += chunk.toString();
      const [all, code] = new RegExp(`\\n${end}(\\d+)\\n$`).exec(output) ?? [];
      if (all !== undefined) return { output: output.slice(0, -all.length), code: Number(code) };
    }
  }

  private async startProgram(env: NodeJS.ProcessEnv, args: readonly string[]): Promise<CommandResult> {
    const child = spawn('npm', ['start', '--silent', '--', ...args], {
      ...{ cwd: this.folder, env, detached: true },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.programs.push(child);
    let output = '';
    for await (const line of createInterface(child.stdout)) {
      output += `${line}\n`;
      if (!line.startsWith('ready ')) continue;
      child.stdout.resume();
      return { output, code: 0 };
    }
    return { output: `${output}It ended before it was ready.`, code: 1 };
  }

  async close(): Promise<void> {
    this.shell.stdin!.end();
    await Promise.all(
      this.programs.map(async (child) => {
        if (child.exitCode !== null || child.signalCode !== null) return;
        const ended = once(child.stdout!, 'close'); // of all processes that it started
        process.kill(-child.pid!, 'SIGTERM');
        await ended;
      }),
    );
  }
}
