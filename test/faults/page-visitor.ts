import { setTimeout as sleep } from 'node:timers/promises';
import { fetch } from 'undici';
import type { ApiProxy } from './api-proxy.js';

export interface PagesReport {
  readonly visits: number;
  readonly files: number;
  /** Documents and files that did not come, by status and address. */
  readonly missing: readonly string[];
}

const PAUSE_MS = 500;

/** A browser that opens the pages again and again, each time with an empty cache. */
export class PageVisitor {
  private readonly missing: string[] = [];
  private visits = 0;
  private files = 0;
  private isStopped = false;
  private visiting: Promise<void> = Promise.resolve();

  constructor(private readonly proxy: ApiProxy) {}

  start(): void {
    this.visiting = this.visit();
  }

  async stop(): Promise<PagesReport> {
    this.isStopped = true;
    await this.visiting;
    return { visits: this.visits, files: this.files, missing: this.missing };
  }

  private async visit(): Promise<void> {
    while (!this.isStopped) {
      this.visits++;
      const html = await this.load('/', 'text/html');
      const files = new Set(html.match(/\/assets\/[\w.-]+/g));
      if (html !== '' && files.size === 0) this.missing.push('the document names no file');
      this.files += files.size;
      await Promise.all([...files].map((file) => this.load(file, '*/*')));
      await sleep(PAUSE_MS);
    }
  }

  private async load(path: string, accept: string): Promise<string> {
    try {
      const headers = { accept };
      const answer = await fetch(`${this.proxy.url}${path}`, { headers, dispatcher: this.proxy.agent });
      const text = await answer.text();
      if (answer.status === 200) return text;
      this.missing.push(`${answer.status} ${path}`);
    } catch (error) {
      this.missing.push(`${path}: ${String((error as Error).cause ?? error)}`);
    }
    return '';
  }
}
