/**
 * How many calls of nurses a second two cells answer beside one, and what the directory in front of them costs. Each cell is
 * PostgreSQL and one API process. Clients send calls all the time to two hospitals. First without a limit, both in one cell:
 * the processor time of the directory must be at most 2 % of that of the cell. Then each cell is limited by a cgroup to a
 * quarter of a core: both hospitals in one cell without the directory, both in one cell through it, and one in each cell
 * through it take turns. Prints the calls a second, and the medians of two ratios: two cells beside one, which must be at
 * least 1.6, and one cell through the directory beside the same without, which is noisy.
 * Needs root, cgroups of version 1 and HAProxy.
 * Run: npm run bench:cells -- ROUNDS SECONDS PATIENTS (defaults: 9 10 1000).
 */
import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { Agent as PlainAgent, type IncomingMessage, request as plainRequest } from 'node:http';
import { Agent as TlsAgent, request as tlsRequest } from 'node:https';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { firstKey } from '../src/app/first-start.js';
import { firstHospital } from '../src/tenancy/first-hospital.js';
import { HospitalScope } from '../src/tenancy/hospital-scope.js';
import { CellDirectory, SITE } from '../test/support/cell-directory.js';
import { removeDataFolder } from '../test/support/data-folder.js';
import { type FilledHospital, filledHospital } from './filled-hospital.js';
import { addressOf, programOn } from './filled-program.js';

const ROUNDS = Number(process.argv[2] ?? 9);
const SECONDS = Number(process.argv[3] ?? 10);
const PATIENTS = Number(process.argv[4] ?? 1000);
const CLIENTS_OF_HOSPITAL = 6;
/** Of one core, in the unit of cgroups: microseconds of every 100,000. */
const QUARTER = 25_000;
const CGROUPS = '/sys/fs/cgroup/cpu';
const LEAST_OF_TWO = 1.6;
const MOST_OF_DIRECTORY = 0.02;

/** A cell in a process of its own. */
interface Cell {
  readonly process: ChildProcess;
  readonly address: string;
  readonly databaseUrl: string;
  readonly hospitals: readonly [FilledHospital, FilledHospital];
}

type Report = Omit<Cell, 'process'>;

/** Sends a call of one hospital; resolves with its status once the body is there. */
type Call = (hospital: FilledHospital, path: string) => Promise<number>;

/** In the process of a cell: serves two filled hospitals until the parent ends. */
async function serve(folder: string): Promise<void> {
  const key = `nw_${randomUUID()}`;
  const program = await programOn(folder, key);
  process.once('disconnect', () => void program.close().finally(() => process.exit()));
  await program.database.asOwner((owner) => firstKey(owner, { adminKey: key }));
  // The first hospitals of all databases have the same code at first.
  const first = await firstHospital(program.app.get(HospitalScope));
  await program.database.asOwner((owner) =>
    owner.query('UPDATE hospital SET code = $2 WHERE id = $1', [first, `h${randomUUID().slice(0, 8)}`]),
  );
  const hospitals = [
    await filledHospital(program, PATIENTS),
    await filledHospital(program, PATIENTS),
  ] as const;
  await program.database.asOwner((owner) => owner.query('VACUUM ANALYZE'));
  await program.app.listen(0, '127.0.0.1');
  const report: Report = { address: addressOf(program), databaseUrl: program.database.url, hospitals };
  process.send?.(report);
}

async function startCell(folder: string, name: string): Promise<Cell> {
  const child = fork(fileURLToPath(import.meta.url), ['cell', join(folder, name)]);
  child.once('exit', (code) => code !== 0 && code !== null && process.exit(code));
  const [report] = (await once(child, 'message')) as [Report];
  return { ...report, process: child };
}

/** Limits the process of the cell and its PostgreSQL, with all that they start. Returns the folder of the group. */
function limited(cell: Cell, name: string, folder: string): string {
  const group = join(CGROUPS, `nedwatch-${process.pid}-${name}`);
  mkdirSync(group);
  writeFileSync(join(group, 'cpu.cfs_quota_us'), String(QUARTER));
  for (const { id } of processesOf(cell, join(folder, name)))
    writeFileSync(join(group, 'cgroup.procs'), String(id));
  return group;
}

const processesOf = (cell: Cell, folder: string): RunningProcess[] =>
  withChildren(({ id, command }) => id === cell.process.pid || command.includes(folder));

/** These processes, and all that they have started. */
function withChildren(isChosen: (process: RunningProcess) => boolean): RunningProcess[] {
  const processes = runningProcesses();
  const chosen = new Set(processes.filter(isChosen).map(({ id }) => id));
  // Parents have smaller ids, except after a wrap: look until nothing is added.
  for (let size = 0; size < chosen.size;) {
    size = chosen.size;
    for (const { id, parent } of processes) if (chosen.has(parent)) chosen.add(id);
  }
  return processes.filter(({ id }) => chosen.has(id));
}

/** The processor time that these processes have used, in hundredths of a second. */
const usedBy = (processes: readonly RunningProcess[]): number =>
  processes.reduce((sum, { used }) => sum + used, 0);

interface RunningProcess {
  readonly id: number;
  readonly parent: number;
  readonly command: string;
  readonly used: number;
}

function runningProcesses(): RunningProcess[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
        const command = readFileSync(`/proc/${name}/cmdline`, 'utf8');
        // After the name in brackets, as proc(5) says: state, parent; at 11 and 12 the time of the user and of the system.
        const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        const used = Number(fields[11]) + Number(fields[12]);
        return [{ id: Number(name), parent: Number(fields[1]), command, used }];
      } catch {
        return []; // it has ended meanwhile
      }
    });
}

/** Calls of a nurse: a page of a list, and a patient. */
const callsOf = ({ patientId }: FilledHospital): string[] => [
  '/worklist?list=due&limit=50',
  `/patients/${patientId}`,
  `/patients/${patientId}/schedule`,
];

const without = new PlainAgent({ keepAlive: true });
const throughDirectory = new TlsAgent({ keepAlive: true });

const direct =
  (address: string): Call =>
  ({ key }, path) =>
    statusOf(plainRequest(`${address}${path}`, { agent: without, headers: authorized(key) }));

const through =
  ({ port, certificate }: CellDirectory): Call =>
  ({ key }, path) => {
    const where = { host: '127.0.0.1', port, path: `/api/v1${path}`, ca: certificate, servername: SITE };
    return statusOf(tlsRequest({ ...where, agent: throughDirectory, headers: authorized(key) }));
  };

const authorized = (key: string): Record<string, string> => ({ authorization: `Bearer ${key}` });

async function statusOf(sent: ReturnType<typeof plainRequest>): Promise<number> {
  sent.end();
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  for await (const chunk of answer) void chunk;
  return answer.statusCode ?? 0;
}

/** Calls a second, of clients that each send one call after the other. */
async function rate(call: Call, hospitals: readonly FilledHospital[], seconds = SECONDS): Promise<number> {
  const [began, until] = [performance.now(), performance.now() + seconds * 1000];
  let answered = 0;
  const client = async (hospital: FilledHospital, n: number): Promise<void> => {
    const paths = callsOf(hospital);
    for (let at = n; performance.now() < until; at++) {
      const status = await call(hospital, paths[at % paths.length] ?? '');
      if (status !== 200) throw new Error(`A call was answered ${status}.`);
      answered++;
    }
  };
  await Promise.all(
    hospitals.flatMap((hospital) =>
      Array.from({ length: CLIENTS_OF_HOSPITAL }, (_, n) => client(hospital, n)),
    ),
  );
  return answered / ((performance.now() - began) / 1000);
}

/** The processor time of the directory beside that of the cell, for the same calls. */
async function shareOfDirectory(directory: CellDirectory, cell: Cell, folder: string): Promise<number> {
  const used = (): [number, number] => [
    usedBy(withChildren(({ id }) => id === directory.pid)),
    usedBy(processesOf(cell, folder)),
  ];
  await rate(through(directory), cell.hospitals); // its code is compiled, its caches are filled
  const before = used();
  const calls = await rate(through(directory), cell.hospitals, SECONDS * 3);
  const [ofDirectory, ofCell] = used().map((now, n) => now - (before[n] ?? 0));
  console.log(`one cell without a limit: ${calls.toFixed(1)} calls a second through the directory`);
  return (ofDirectory ?? 0) / (ofCell ?? 1);
}

const median = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;

async function compare(): Promise<void> {
  process.env.NEDWATCH_MASTER_KEY = randomBytes(32).toString('base64');
  const folder = await mkdtemp(join(tmpdir(), 'nedwatch-bench-'));
  const groups: string[] = [];
  const cells: Cell[] = [];
  let directory: CellDirectory | undefined;
  try {
    for (const name of ['a', 'b']) cells.push(await startCell(folder, name));
    const [a, b] = cells;
    if (a === undefined || b === undefined) throw new Error('A cell did not start.');
    directory = await CellDirectory.start({
      'cell-a': { address: a.address, variables: { DATABASE_URL: a.databaseUrl } },
      'cell-b': { address: b.address, variables: { DATABASE_URL: b.databaseUrl } },
    });
    const inOneCell = a.hospitals;
    const inTwoCells = [a.hospitals[0], b.hospitals[0]];
    const share = await shareOfDirectory(directory, a, join(folder, 'a'));
    groups.push(limited(a, 'a', folder), limited(b, 'b', folder));
    const [two, directories]: [number[], number[]] = [[], []];
    for (let round = 0; round < ROUNDS; round++) {
      const plain = await rate(direct(a.address), inOneCell);
      const one = await rate(through(directory), inOneCell);
      const both = await rate(through(directory), inTwoCells);
      console.log(
        `one cell ${plain.toFixed(1)} calls a second, through the directory ${one.toFixed(1)}; two cells ${both.toFixed(1)}`,
      );
      directories.push(one / plain);
      two.push(both / one);
    }
    console.log(`load average ${loadavg()[0]?.toFixed(2)}; ${PATIENTS} patients in each hospital`);
    console.log(`two cells: ${median(two).toFixed(2)} of one, at least ${LEAST_OF_TWO}`);
    console.log(`one cell through the directory: ${median(directories).toFixed(3)} of one without`);
    console.log(
      `processor time of the directory: ${(share * 100).toFixed(2)} % of the cell, at most ${MOST_OF_DIRECTORY * 100} %`,
    );
    if (median(two) < LEAST_OF_TWO || share > MOST_OF_DIRECTORY) process.exitCode = 1;
  } finally {
    without.destroy();
    throughDirectory.destroy();
    await directory?.stop();
    for (const group of groups) writeFileSync(join(group, 'cpu.cfs_quota_us'), '-1');
    for (const { process: child } of cells) {
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    }
    await removeDataFolder(folder);
    for (const group of groups) rmdirSync(group);
  }
}

if (process.argv[2] === 'cell') await serve(process.argv[3] ?? '');
else await compare();
