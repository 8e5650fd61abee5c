import type { JobsOptions } from 'bullmq';

/**
 * Every queue of this program and what its jobs carry. A job carries ids, never patient data: the queue is
 * no place for it, and the row may have changed by the time the job runs.
 */
export interface QueueData {
  /** Something is due there. */
  'webhook-endpoint': { readonly hospitalId: string; readonly endpointId: string };
}
export type QueueName = keyof QueueData;

/** What a queue's two backends have in common, as far as it is used here. */
export interface OpenQueue {
  addBulk(jobs: { name: string; data: unknown; opts: JobsOptions }[]): Promise<unknown>;
  count(): Promise<number>;
  obliterate(options: { force: boolean }): Promise<void>;
  close(): Promise<void>;
}
export interface OpenWorker {
  /** Whether it is connected, so that it can be handed jobs. */
  isConnected(): boolean;
  close(): Promise<void>;
}
export interface QueueBackend {
  openQueue(name: QueueName, onError: (error: Error) => void): OpenQueue;
  openWorker(
    name: QueueName,
    concurrency: number,
    work: (data: unknown) => Promise<void>,
    onError: (error: Error) => void,
  ): OpenWorker;
  /** The queues do not answer: their connection may have been lost without a word. */
  reconnect(): void;
  /** After its queues and workers. */
  close(): Promise<void>;
}

/** How workers notice that another one died: its jobs run again elsewhere, however often that happens. */
export const WORKER_OPTIONS = {
  lockDuration: 30_000,
  stalledInterval: 15_000,
  // Each crash counts once; at the default of 1 a second crash would bury the job.
  maxStalledCount: 1000,
} as const;
