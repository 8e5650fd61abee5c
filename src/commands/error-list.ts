import type { Language } from '../guideline/guideline.js';
import { msg, render } from '../platform/messages/dictionary.js';

const LISTED = 20;

/** The option of every command that can report many errors. */
export const ALL_ERRORS = { 'all-errors': { type: 'boolean', default: false } } as const;

/** Prints errors on standard error: the first twenty and the number of further ones, or all of them on request. */
export class ErrorList {
  private count = 0;

  constructor(
    private readonly language: Language,
    private readonly all = false,
  ) {}

  add(line: string): void {
    this.count++;
    if (this.all || this.count <= LISTED) process.stderr.write(`${line}\n`);
  }

  end(): void {
    if (this.all || this.count <= LISTED) return;
    process.stderr.write(`${render(msg('more-errors', { count: this.count - LISTED }), this.language)}\n`);
  }
}
