import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Ended } from './program.js';

const NAMESPACE = 'ip link set lo up && echo up && exec sleep infinity';

/** Why no network namespace can be created here; undefined where one can. */
export function whyNotOffline(): string | undefined {
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'this is not Linux on x64';
  if (process.getuid?.() !== 0) return 'this needs root';
  const { status, stderr, error } = spawnSync('unshare', ['--net', 'ip', 'link', 'set', 'lo', 'up'], {
    encoding: 'utf8',
  });
  return status === 0 ? undefined : `no network namespace can be made: ${error?.message ?? stderr.trim()}`;
}

/** A network namespace with loopback only; files and users are those of this machine. */
export class OfflineMachine {
  private constructor(
    private readonly holder: ChildProcess,
    private readonly env: Readonly<Record<string, string>>,
  ) {}

  static async start(env: Readonly<Record<string, string>>): Promise<OfflineMachine> {
    const holder = spawn('unshare', ['--net', 'sh', '-c', NAMESPACE], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    process.once('exit', () => holder.kill('SIGKILL'));
    await once(createInterface(holder.stdout), 'line');
    return new OfflineMachine(holder, env);
  }

  spawn(command: string, args: readonly string[]): ChildProcess {
    const within = [`--net=/proc/${this.holder.pid}/ns/net`, '--', command, ...args];
    return spawn('nsenter', within, { env: this.env, cwd: '/', stdio: ['ignore', 'pipe', 'pipe'] });
  }

  async run(command: string, ...args: readonly string[]): Promise<Ended> {
    const child = this.spawn(command, args);
    let [out, stderr] = ['', ''];
    child.stdout!.on('data', (text: Buffer) => (out += text.toString()));
    child.stderr!.on('data', (text: Buffer) => (stderr += text.toString()));
    // Not 'close': a service that it has started may keep its output open.
    const [code] = (await once(child, 'exit')) as [number | null];
    return { code, out, stderr };
  }

  /** A request from within; its body is JSON. */
  async call(url: string, key: string, body?: unknown): Promise<{ status: number; body: unknown }> {
    const options = {
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    };
    const script = `fetch(${JSON.stringify(url)}, ${JSON.stringify(options)})
      .then(async (r) => console.log(JSON.stringify({ status: r.status, body: await r.json() })))`;
    const { code, out, stderr } = await this.run(process.execPath, '-e', script);
    if (code !== 0) throw new Error(stderr);
    return JSON.parse(out) as { status: number; body: unknown };
  }

  async stop(): Promise<void> {
    this.holder.kill('SIGKILL');
    await once(this.holder, 'exit');
  }
}
