import type { JobsOptions } from 'bullmq';

/**
 * Every queue of this program and the payload of its jobs. A job contains ids, never patient data: a queue is not
 * protected for patient data, and the row may change before the job runs.
 */
export interface QueueData {
  /** This endpoint has due deliveries. */
  'webhook-endpoint': { readonly hospitalId: string; readonly endpointId: string };
  /** This hospital has due messages to patients. */
  'patient-messages': { readonly hospitalId: string };
}
export type QueueName = keyof QueueData;

/** The common interface of the queue's two backends. */
export interface OpenQueue {
  addBulk(jobs: { name: string; data: unknown; opts: JobsOptions }[]): Promise<unknown>;
  count(): Promise<number>;
  obliterate(options: { force: boolean }): Promise<void>;
  close(): Promise<void>;
}
export interface OpenWorker {
  /** Whether the backend is connected and accepts jobs. */
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
  /** The queues do not answer: their connection may have been lost unnoticed. */
  reconnect(): void;
  /** Close it after its queues and workers. */
  close(): Promise<void>;
}

/** How workers notice that another worker died. Its jobs run again elsewhere, however often that happens. */
export const WORKER_OPTIONS = {
  lockDuration: 30_000,
  stalledInterval: 15_000,
  // Each crash counts once; at the default of 1 a second crash would fail the job permanently.
  maxStalledCount: 1000,
} as const;
