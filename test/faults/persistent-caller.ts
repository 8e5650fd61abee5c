import { setTimeout as sleep } from 'node:timers/promises';

const GIVES_UP_AFTER_MS = 120_000;

interface CallOptions {
  readonly payload?: object;
  readonly etag?: string;
  /** The program may have done the same meanwhile. */
  readonly mayConflict?: boolean;
}

/** Calls the API, and repeats a request that was not answered, while the program is killed and cut off. */
export class PersistentCaller {
  constructor(
    /** The address of the API, which changes when it was killed. */
    private readonly api: () => string,
    private readonly key: string,
  ) {}

  /**
   * Repeats a request that was not answered. That it was carried out all the same is then said by a refusal: the object has
   * changed since (412), or is there already (409). Throws on any other refusal.
   */
  async call<Body>(
    method: string,
    path: string,
    { payload, etag, mayConflict = false }: CallOptions = {},
  ): Promise<Body | undefined> {
    const headers = {
      ...{ authorization: `Bearer ${this.key}`, 'content-type': 'application/json' },
      ...(etag !== undefined && { 'if-match': etag }),
    };
    const body = payload && JSON.stringify(payload);
    const since = performance.now();
    for (let isRepeated = false; ; isRepeated = true) {
      const request = { method, headers, ...(body && { body }), signal: AbortSignal.timeout(10_000) };
      const answer = await fetch(`${this.api()}/api/v1${path}`, request).catch(() => undefined);
      const text = await answer?.text().catch(() => undefined);
      const status = text === undefined ? 0 : (answer?.status ?? 0);
      if (status >= 200 && status < 300) return JSON.parse(text ?? '') as Body;
      if ((isRepeated || mayConflict) && (status === 409 || status === 412)) return undefined;
      const isRefused = status >= 400 && status < 500 && status !== 429;
      if (isRefused || performance.now() - since > GIVES_UP_AFTER_MS)
        throw new Error(`${method} ${path}: ${status} ${text ?? ''}`);
      await sleep(200);
    }
  }

  async read<Body>(path: string): Promise<Body> {
    const body = await this.call<Body>('GET', path);
    if (body === undefined) throw new Error(`GET ${path} has no answer.`);
    return body;
  }
}
