import type pg from 'pg';
import type { DataSource } from 'typeorm';

/**
 * Runs these statements in one transaction and returns the rows of the last one. They have no parameters, and travel in
 * one message: a transaction of a single question otherwise costs three messages more. Slow and cancelled statements are
 * logged as others are.
 */
export async function inOneMessage<T extends object>(
  dataSource: DataSource,
  statements: readonly string[],
): Promise<readonly T[]> {
  const message = statements.join(';\n');
  const { maxQueryExecutionTime: slowMs } = dataSource.options;
  const runner = dataSource.createQueryRunner();
  try {
    const client = (await runner.connect()) as pg.PoolClient;
    const beganMs = performance.now();
    // PostgreSQL answers each statement, and the driver returns these answers as an array.
    const answers = (await client.query(message)) as unknown as pg.QueryResult<T>[];
    const tookMs = Math.round(performance.now() - beganMs);
    if (slowMs !== undefined && tookMs > slowMs) dataSource.logger.logQuerySlow(tookMs, message);
    return answers.at(-1)?.rows ?? [];
  } catch (error) {
    dataSource.logger.logQueryError(error as Error, message);
    throw error;
  } finally {
    await runner.release();
  }
}
