import { randomBytes } from 'node:crypto';
import pg from 'pg';

const SUSPECT_AFTER_MS = 10_000;
const ANSWER_WITHIN_MS = 10_000;
const ANSWER_MAY_BE_ON_ITS_WAY_MS = 2000;

/**
 * A connection whose loss is neither the program's end nor its standstill. BullMQ begins to listen after it has connected,
 * and the pool hands a connection over without listening; a server that is killed just then would take the program along.
 * And where a connection is lost without either end being told, as by a firewall that forgets it, an answer would be
 * waited for without end. Whoever uses the connection learns of both by the query that fails.
 */
export class EnduringConnection extends pg.Client {
  /** Runs while an answer is waited for. */
  private suspicion: NodeJS.Timeout | undefined;
  private answers = 0;
  /** By which the server knows it, also where a pooler stands in between and the process id is the pooler's. */
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

  /** Of pg: what the server is told at the start, which holds through a pooler too: that takes no options. */
  protected getStartupConf(): object {
    const inherited = pg.Client.prototype as unknown as {
      getStartupConf: (this: pg.Client) => { readonly application_name?: string };
    };
    const startup = inherited.getStartupConf.call(this);
    // Not longer than the server keeps: 63 bytes.
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
    // `drain`: all that was asked is answered.
    for (const event of ['drain', 'end'] as const) this.on(event, () => this.trust());
  }

  private trust(): void {
    this.answers++;
    clearTimeout(this.suspicion);
    this.suspicion = undefined;
  }

  private suspectLater(): NodeJS.Timeout {
    return setTimeout(() => void this.suspect(), SUSPECT_AFTER_MS).unref();
  }

  /** A statement may take long, or wait for a lock. When the server is not at it, though, its answer has been lost. */
  private async suspect(): Promise<void> {
    const { answers } = this;
    const isServed = await this.isServed();
    if (answers !== this.answers) return;
    this.suspicion = isServed
      ? this.suspectLater()
      : setTimeout(() => this.connection.stream.destroy(), ANSWER_MAY_BE_ON_ITS_WAY_MS).unref();
  }

  /** Whether the server works on what it was asked; also when that cannot be found out. */
  private async isServed(): Promise<boolean> {
    const { processID } = this as unknown as { readonly processID: number | null };
    const given = typeof this.options === 'string' ? { connectionString: this.options } : this.options;
    let other: pg.Client | undefined;
    try {
      other = new pg.Client({
        ...given,
        ...{ options: '', connectionTimeoutMillis: ANSWER_WITHIN_MS, query_timeout: ANSWER_WITHIN_MS },
      });
      other.on('error', () => undefined); // the query says so too
      await other.connect();
      // As its own login it sees what its other sessions do; in a transaction, which a pooler does not tear apart.
      const answers = (await other.query(
        `BEGIN; SET LOCAL ROLE NONE;
         SELECT FROM pg_stat_activity
          WHERE state = 'active' AND wait_event_type IS DISTINCT FROM 'Client'
            AND (pid = ${processID ?? 0} OR application_name = ${pg.escapeLiteral(this.name)});
         COMMIT`,
      )) as unknown as { readonly command: string; readonly rowCount: number | null }[];
      return answers.find(({ command }) => command === 'SELECT')?.rowCount !== 0;
    } catch {
      return true; // nobody can be asked: later
    } finally {
      other?.end().catch(() => undefined); // not waited for: this one may be lost too
    }
  }
}
