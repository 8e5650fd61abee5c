import { DataSource } from 'typeorm';
import type { TestApp } from './app.js';

/** The number of statements that the application sends to the database while `work` runs. */
export async function statementsOf(t: TestApp, work: () => Promise<unknown>): Promise<number> {
  const limited = t.app.get(DataSource);
  const original = limited.createQueryRunner.bind(limited);
  let statements = 0;
  limited.createQueryRunner = (mode) => {
    const runner = original(mode);
    const query = runner.query.bind(runner) as (...given: unknown[]) => Promise<unknown>;
    Object.assign(runner, { query: (...given: unknown[]) => (statements++, query(...given)) });
    return runner;
  };
  await work();
  limited.createQueryRunner = original;
  return statements;
}
