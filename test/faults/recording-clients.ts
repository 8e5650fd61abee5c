import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Dispatcher, fetch, getGlobalDispatcher } from 'undici';

/** One answer of the API, or its absence. */
export interface TimedAnswer {
  readonly call: string;
  readonly sentMs: number;
  readonly endedMs: number;
  /** 0: no answer. */
  readonly status: number;
  readonly retryAfter: boolean;
  readonly text: string;
}

export interface AcknowledgedFact {
  readonly id: string;
  readonly patientId: string;
  readonly date: string;
}

export interface Load {
  readonly writers: number;
  readonly readers: number;
  /** Of each, after an answer. */
  readonly pauseMs: number;
  /** How the API is reached. */
  readonly dispatcher: Dispatcher;
}

const USUAL_LOAD = { writers: 3, readers: 1, pauseMs: 120 };
/** Sooner than `Retry-After` asks for, so that the measurement is fine. */
const AGAIN_MS = 300;
const HANGS_AFTER_MS = 60_000;
const FIRST_DAY = Date.parse('2021-01-01T00:00:00Z');
const DAY_MS = 86_400_000;
/** Of all patients; at a standby where there is one. */
const HEAVY_READ = '/adherence?from=2026-01-01&to=2026-12-31';

/**
 * Clients that record facts, and read the worklist and statistics without a pause, remember each acknowledged fact, and repeat a
 * request that was not.
 */
export class RecordingClients {
  readonly answers: TimedAnswer[] = [];
  readonly facts: AcknowledgedFact[] = [];
  private patients: readonly string[] = [];
  private drawn = 0;
  private isStopped = false;
  private running: Promise<unknown> = Promise.resolve();
  private readonly load: Load;

  constructor(
    private readonly api: string,
    private readonly key: string,
    load: Partial<Load> = {},
  ) {
    this.load = { ...USUAL_LOAD, dispatcher: getGlobalDispatcher(), ...load };
  }

  /** Enrols the patients, and begins. */
  async start(patients: number): Promise<void> {
    const ids: string[] = [];
    for (let n = 1; n <= patients; n++) {
      const birth = { sex: 'female', birthDate: '1961-04-05', diagnosisDate: '2020-10-20' };
      const answer = await this.ask('POST', '/patients', { mrn: `R${n}`, name: '王芳', ...birth });
      ids.push((JSON.parse(answer.text) as { id: string }).id);
    }
    this.patients = ids;
    const { readers, writers } = this.load;
    const clients = [
      ...Array.from({ length: readers }, () => this.read()),
      ...Array.from({ length: writers }, () => this.record()),
    ];
    this.running = Promise.all(clients);
    this.running.catch(() => undefined); // `ended` and `stop` report it
  }

  /** Returns when each request was answered. */
  async stop(): Promise<void> {
    this.isStopped = true;
    await this.running;
  }

  /** Rejects as soon as a fact is refused; resolves after `stop`. */
  get ended(): Promise<unknown> {
    return this.running;
  }

  private async record(): Promise<void> {
    while (!this.isStopped) {
      const n = this.drawn++;
      const patientId = this.patients[n % this.patients.length] ?? '';
      const day = Math.floor(n / this.patients.length);
      const date = new Date(FIRST_DAY + day * DAY_MS).toISOString().slice(0, 10);
      const fact = { type: 'exam', activity: 'tumour_markers', outcome: 'normal', date };
      const key = randomUUID();
      for (;;) {
        const answer = await this.ask('POST', `/patients/${patientId}/events`, fact, key);
        if (answer.status === 201) {
          this.facts.push({ id: (JSON.parse(answer.text) as { id: string }).id, patientId, date });
          break;
        }
        const { status, text } = answer;
        if (status >= 400 && status < 500 && status !== 409) throw new Error(`${status} ${text}`);
        await sleep(AGAIN_MS);
      }
      await sleep(this.load.pauseMs);
    }
  }

  private async read(): Promise<void> {
    for (let n = 0; !this.isStopped; n++) {
      const id = this.patients[n % this.patients.length] ?? '';
      const paths = [`/patients/${id}`, '/worklist?list=overdue', '/events?after=0&limit=10', HEAVY_READ];
      await this.ask('GET', paths[n % paths.length] ?? '');
      await sleep(this.load.pauseMs);
    }
  }

  private async ask(method: string, path: string, payload?: object, key?: string): Promise<TimedAnswer> {
    const sentMs = performance.now();
    const headers = {
      ...{ authorization: `Bearer ${this.key}`, 'content-type': 'application/json' },
      ...(key !== undefined && { 'idempotency-key': key }),
    };
    const body = payload && JSON.stringify(payload);
    const { dispatcher } = this.load;
    const signal = AbortSignal.timeout(HANGS_AFTER_MS);
    const request = { method, headers, ...(body && { body }), signal, dispatcher };
    const answer = await fetch(`${this.api}/api/v1${path}`, request)
      .then(async (found) => ({
        ...{ status: found.status, retryAfter: found.headers.has('retry-after') },
        text: await found.text(),
      }))
      .catch((error: unknown) => String((error as Error).cause ?? error));
    const timed = {
      ...{ call: `${method} ${path.replace(/[\da-f-]{36}/, ':id')}`, sentMs, endedMs: performance.now() },
      ...(typeof answer === 'string' ? { status: 0, retryAfter: false, text: answer } : answer),
    };
    this.answers.push(timed);
    return timed;
  }
}
