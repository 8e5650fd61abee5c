import { randomBytes } from 'node:crypto';
import pg from 'pg';

const SUSPECT_AFTER_MS = 10_000;
const ANSWER_WITHIN_MS = 10_000;
const ANSWER_MAY_BE_ON_ITS_WAY_MS = 2000;

/**
 * A connection whose loss neither ends nor blocks the program. BullMQ adds its error listener only after connecting,
 * and the pool hands over a connection without a listener; a server killed in between would end the program. Where a
 * connection is lost and neither end notices, as with a firewall that drops it, an answer would never come. The query
 * that fails reports either loss to its caller.
 */
export class EnduringConnection extends pg.Client {
  /** Runs while the connection waits for an answer. */
  private suspicion: NodeJS.Timeout | undefined;
  private answers = 0;
  /** The name of this connection at the server. It also works through a pooler, whose process id differs. */
  private name = '';

  constructor(private readonly options?: string | pg.ClientConfig) {
    super(options);
    this.listen();
    const ask = this.query.bind(this);
    this.query = ((...asked: Parameters<typeof ask>) => {
      this.suspicion ??= this.suspectLater();
      return ask(...asked);
    }) as typeof this.query;
  }

  /**
   * pg sends this at the start of the connection. It also reaches the server through a pooler, which does not accept
   * options.
   */
  protected getStartupConf(): object {
    const inherited = pg.Client.prototype as unknown as {
      getStartupConf: (this: pg.Client) => { readonly application_name?: string };
    };
    const startup = inherited.getStartupConf.call(this);
    // At most the 63 bytes that the server keeps.
    this.name = `${startup.application_name?.slice(0, 40) ?? 'nedwatch'} ${randomBytes(8).toString('hex')}`;
    return { ...startup, application_name: this.name, TimeZone: 'UTC' };
  }

  override removeAllListeners(event?: string | symbol): this {
    super.removeAllListeners(event);
    if (event === undefined) this.listen();
    else if (event === 'error') this.on('error', () => undefined);
    return this;
  }

  private listen(): void {
    this.on('error', () => undefined);
    // `drain`: all queries are answered.
    for (const event of ['drain', 'end'] as const) this.on(event, () => this.trust());
    // A person cancelled a commit that waited for the synchronous standby: PostgreSQL reports success, but a failover
    // could lose it. The caller must not take it for a commit.
    this.on('notice', ({ routine }) => {
      if (routine !== 'SyncRepWaitForLSN') return;
      this.connection.emit('error', new Error('Connection terminated: no standby has the commit'));
      this.connection.stream.destroy();
    });
  }

  private trust(): void {
    this.answers++;
    clearTimeout(this.suspicion);
    this.suspicion = undefined;
  }

  private suspectLater(sinceMs = SUSPECT_AFTER_MS): NodeJS.Timeout {
    return setTimeout(() => void this.suspect(sinceMs), SUSPECT_AFTER_MS).unref();
  }

  /**
   * A statement may take long, or wait for a lock. If the server does not work on it, its answer has been lost, or its
   * commit waits for a standby, for which PostgreSQL has no time limit.
   */
  private async suspect(sinceMs: number): Promise<void> {
    const { answers } = this;
    const isServed = await this.isServed(sinceMs);
    if (answers !== this.answers) return;
    this.suspicion = isServed
      ? this.suspectLater(sinceMs + SUSPECT_AFTER_MS)
      : setTimeout(() => this.connection.stream.destroy(), ANSWER_MAY_BE_ON_ITS_WAY_MS).unref();
  }

  /**
   * Whether the server works on the statement, for whose answer the connection has waited about `sinceMs`; true also when that
   * cannot be determined.
   */
  protected async isServed(_sinceMs: number): Promise<boolean> {
    const { processID } = this as unknown as { readonly processID: number | null };
    const given = typeof this.options === 'string' ? { connectionString: this.options } : this.options;
    let other: pg.Client | undefined;
    try {
      other = new pg.Client({
        ...given,
        ...{ options: '', connectionTimeoutMillis: ANSWER_WITHIN_MS, query_timeout: ANSWER_WITHIN_MS },
      });
      other.on('error', () => undefined); // the query reports it too
      await other.connect();
      // The same login sees the activity of its other sessions. In a transaction, because a pooler keeps the session
      // for its duration.
      const answers = (await other.query(
        `BEGIN; SET LOCAL ROLE NONE;
         SELECT FROM pg_stat_activity
          WHERE state = 'active' AND wait_event_type IS DISTINCT FROM 'Client' AND wait_event IS DISTINCT FROM 'SyncRep'
            AND (pid = ${processID ?? 0} OR application_name = ${pg.escapeLiteral(this.name)});
         COMMIT`,
      )) as unknown as { readonly command: string; readonly rowCount: number | null }[];
      return answers.find(({ command }) => command === 'SELECT')?.rowCount !== 0;
    } catch {
      return true; // the server cannot be asked: try later
    } finally {
      other?.end().catch(() => undefined); // not awaited: this connection may be lost too
    }
  }
}
