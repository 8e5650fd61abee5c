import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { fetch } from 'undici';
import type { ApiProxy } from './api-proxy.js';

export interface StreamReport {
  readonly contacts: number;
  /** Contacts that were acknowledged, and did not appear on the stream. */
  readonly unseen: number;
  /** How often the stream was opened. */
  readonly opened: number;
  /** Streams that broke off instead of ending, and those that were refused. */
  readonly broken: readonly string[];
  readonly refusedCalls: readonly string[];
}

const PAUSE_MS = 300;
/** `retry` of the stream asks for 3 seconds. */
const AGAIN_MS = 3000;
const SEEN_WITHIN_MS = 60_000;
const PATIENT = { name: '王芳', sex: 'female', birthDate: '1961-04-05', diagnosisDate: '2020-10-20' };
const CALL = { channel: 'telephone', outcome: 'failed', cause: 'no_answer' };

/** A nurse who enrols and calls one patient after the other, and an open page that must learn of each call. */
export class StreamedContacts {
  /** By patient: each has one, so that a change that is sent again hides no other. */
  private readonly acknowledged = new Set<string>();
  private readonly seen = new Set<string>();
  private readonly broken: string[] = [];
  private readonly refusedCalls: string[] = [];
  private readonly ending = new AbortController();
  private isStopped = false;
  private opened = 0;
  private position = '';
  private working: Promise<void> = Promise.resolve();
  private reading: Promise<void> = Promise.resolve();

  constructor(
    private readonly proxy: ApiProxy,
    private readonly key: string,
  ) {}

  /** Returns once the stream has begun. */
  async start(): Promise<void> {
    this.reading = this.read();
    while (this.position === '') await sleep(50);
    this.working = this.work();
  }

  /** Waits for the last calls to appear. */
  async stop(): Promise<StreamReport> {
    this.isStopped = true;
    await this.working;
    const until = performance.now() + SEEN_WITHIN_MS;
    while (this.unseen > 0 && performance.now() < until) await sleep(200);
    this.ending.abort();
    await this.reading;
    const { opened, broken, refusedCalls, unseen } = this;
    return { contacts: this.acknowledged.size, unseen, opened, broken, refusedCalls };
  }

  private get unseen(): number {
    return [...this.acknowledged].filter((patient) => !this.seen.has(patient)).length;
  }

  private async work(): Promise<void> {
    for (let n = 1; !this.isStopped; n++) {
      const patient = await this.post('/patients', { mrn: `C${n}`, ...PATIENT });
      const contact = patient && (await this.post(`/patients/${patient}/contacts`, CALL));
      if (patient !== undefined && contact !== undefined) this.acknowledged.add(patient);
      await sleep(PAUSE_MS);
    }
  }

  /** Once, without a repetition; returns the id, undefined: refused. */
  private async post(path: string, payload: object): Promise<string | undefined> {
    const request = {
      method: 'POST',
      headers: { ...this.headers, 'content-type': 'application/json', 'idempotency-key': randomUUID() },
      body: JSON.stringify(payload),
      dispatcher: this.proxy.agent,
    };
    const answer = await fetch(`${this.proxy.url}/api/v1${path}`, request)
      .then(async (found) => ({ status: found.status, text: await found.text() }))
      .catch((error: unknown) => ({ status: 0, text: String((error as Error).cause ?? error) }));
    if (answer.status === 201) return (JSON.parse(answer.text) as { id: string }).id;
    this.refusedCalls.push(`${answer.status} ${answer.text}`);
    return undefined;
  }

  private async read(): Promise<void> {
    const { signal } = this.ending;
    const isReading = (): boolean => !signal.aborted;
    while (isReading()) {
      this.opened++;
      try {
        const headers = { ...this.headers, ...(this.position && { 'last-event-id': this.position }) };
        const url = `${this.proxy.url}/api/v1/stream`;
        const answer = await fetch(url, { headers, signal, dispatcher: this.proxy.agent });
        if (answer.ok && answer.body) await this.follow(answer.body);
        else this.broken.push(`${answer.status} ${await answer.text()}`);
      } catch (error) {
        if (isReading()) this.broken.push(String((error as Error).cause ?? error));
      }
      if (isReading()) await sleep(AGAIN_MS);
    }
  }

  private async follow(body: AsyncIterable<Uint8Array>): Promise<void> {
    let rest = '';
    const decoder = new TextDecoder();
    for await (const chunk of body) {
      rest += decoder.decode(chunk, { stream: true });
      const events = rest.split('\n\n');
      rest = events.pop() ?? '';
      for (const event of events) this.take(event);
    }
  }

  private take(event: string): void {
    const field = (name: string): string => new RegExp(`^${name}: (.*)$`, 'm').exec(event)?.[1] ?? '';
    this.position = field('id') || this.position;
    if (field('event') !== 'change') return;
    const { kind, patientId } = JSON.parse(field('data')) as { kind: string; patientId: string };
    if (kind === 'contact') this.seen.add(patientId);
  }

  private get headers(): Record<string, string> {
    return { authorization: `Bearer ${this.key}` };
  }
}
