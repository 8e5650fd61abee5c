import { createHash } from 'node:crypto';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { DataSource, EntityManager } from 'typeorm';

const MINUTE_SECONDS = 60;
const MINUTE = `interval '${MINUTE_SECONDS} seconds'`;

/** Ended rows that each new row removes. More than one, so that the table stays small. */
const REMOVED_AT_ONCE = 10;

/** The row's minute has not ended. One that ends later than in a minute is from before the clock was set back. */
const runs = (row: string): string =>
  `${row}.ends_at > clock_timestamp() AND ${row}.ends_at <= clock_timestamp() + ${MINUTE}`;

const COUNT = `
  INSERT INTO nedwatch_runtime.failed_attempt AS f (counted, failures, ends_at)
  VALUES ($1, $2, clock_timestamp() + ${MINUTE})
  ON CONFLICT (counted) DO UPDATE SET
    failures = CASE WHEN ${runs('f')} THEN f.failures + excluded.failures ELSE excluded.failures END,
    ends_at = CASE WHEN ${runs('f')} THEN f.ends_at ELSE excluded.ends_at END
  RETURNING failures, extract(epoch FROM ends_at - clock_timestamp())::double precision AS seconds`;

const REMOVE_ENDED = `
  DELETE FROM nedwatch_runtime.failed_attempt WHERE counted IN (
    SELECT counted FROM nedwatch_runtime.failed_attempt WHERE ends_at < clock_timestamp()
     ORDER BY ends_at LIMIT ${REMOVED_AT_ONCE} FOR UPDATE SKIP LOCKED)`;

/** The failures of one network that this process has not counted yet. */
interface Counting {
  failures: number;
  last: Promise<void>;
}

/**
 * Counts the failed attempts of each network in a minute, those at all processes together. Attempts that succeed cost no
 * statement. Another process learns from its own next failure that the limit is reached: of attempts one after the
 * other, each further process lets at most one more fail in a minute.
 */
export class FailedAttempts {
  /** The networks that this process knows to have reached the limit, for the rest of their minute. */
  private readonly refused = new RateLimiterMemory({ points: 1, duration: MINUTE_SECONDS });
  private readonly counting = new Map<string, Counting>();

  constructor(
    private readonly kind: 'key' | 'sign-in',
    private readonly limit: number,
    private readonly dataSource: DataSource,
  ) {}

  /** The seconds that the network has to wait, as far as this process knows; undefined below the limit. */
  async knownWait(network: string): Promise<number | undefined> {
    const refused = await this.refused.get(network);
    return refused === null ? undefined : secondsOf(refused.msBeforeNext / 1000);
  }

  /** The same as of now, for all processes. */
  async wait(network: string, db: DataSource | EntityManager = this.dataSource): Promise<number | undefined> {
    const known = await this.knownWait(network);
    if (known !== undefined) return known;
    const [reached] = await db.query<{ seconds: number }[]>(
      `SELECT extract(epoch FROM f.ends_at - clock_timestamp())::double precision AS seconds
         FROM nedwatch_runtime.failed_attempt f WHERE f.counted = $1 AND f.failures >= $2 AND ${runs('f')}`,
      [this.digestOf(network), this.limit],
    );
    if (reached === undefined) return undefined;
    await this.refuse(network, reached.seconds);
    return secondsOf(reached.seconds);
  }

  /**
   * Counts a failure before its answer leaves. Failures of one network that come during a statement share the next one,
   * so that a flood holds one connection.
   */
  async count(network: string): Promise<void> {
    const counting = this.counting.get(network) ?? { failures: 0, last: Promise.resolve() };
    this.counting.set(network, counting);
    counting.failures++;
    const own = counting.last.then(() => this.countWaiting(network, counting));
    counting.last = own;
    await own;
    if (counting.last === own) this.counting.delete(network);
  }

  private async countWaiting(network: string, counting: Counting): Promise<void> {
    const { failures } = counting;
    counting.failures = 0;
    // Counted with the one before, or no longer relevant: the minute does not become longer.
    if (failures === 0 || (await this.knownWait(network)) !== undefined) return;
    try {
      const [counted] = await this.dataSource.query<{ failures: number; seconds: number }[]>(COUNT, [
        this.digestOf(network),
        failures,
      ]);
      if (counted === undefined) return;
      if (counted.failures >= this.limit) await this.refused.block(network, Math.max(0.001, counted.seconds));
      if (counted.failures === failures) await this.dataSource.query(REMOVE_ENDED);
    } catch {
      // Without a database no attempt can succeed either; the answer to this one must leave.
    }
  }

  private async refuse(network: string, seconds: number): Promise<void> {
    await this.refused.block(network, Math.max(0.001, seconds));
  }

  private digestOf(network: string): string {
    return createHash('sha256')
      .update(JSON.stringify([this.kind, network]))
      .digest('hex');
  }
}

const secondsOf = (seconds: number): number => Math.max(1, Math.ceil(seconds));
