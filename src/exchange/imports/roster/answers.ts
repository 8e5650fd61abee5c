import { createHash } from 'node:crypto';
import { z } from 'zod';
import { headingForm } from './headings.js';
import type { Answers } from './issue.js';

/** One answer to a question of the preview: by the question's id, or by the place of the cell. */
export const Answer = z.union([
  z.strictObject({ id: z.string().max(64), value: z.string().max(500) }),
  z
    .strictObject({
      sheet: z.string().max(200).nullish(),
      row: z.int().min(1).max(10_000_000),
      field: z.string().max(100).optional(),
      column: z.string().max(500).optional(),
      value: z.string().max(500),
    })
    .refine(({ field, column }) => field !== undefined || column !== undefined),
]);
export type Answer = z.output<typeof Answer>;

/** The same for the same question about the same content: an answer by id never reaches another cell. */
export const questionId = (sheet: string | null, row: number, field: string, written: string): string =>
  createHash('sha256')
    .update(JSON.stringify([sheet, row, field, written.trim()]))
    .digest('hex')
    .slice(0, 20);

/** The answers of a request, and which of them no cell asked for. */
export class GivenAnswers implements Answers {
  private readonly byId = new Map<string, { readonly at: number; readonly value: string }>();
  private readonly byPlace = new Map<string, { readonly at: number; readonly value: string }>();
  private readonly used = new Set<number>();

  constructor(
    private readonly answers: readonly Answer[],
    onlySheet: string | null,
  ) {
    for (const [at, answer] of answers.entries()) {
      const { value } = answer;
      if ('id' in answer) this.byId.set(answer.id, { at, value });
      else {
        const name = answer.field ?? `heading ${headingForm(answer.column ?? '')}`;
        this.byPlace.set(keyOf(answer.sheet ?? onlySheet, answer.row, name), { at, value });
      }
    }
  }

  of(
    sheet: string | null,
    row: number,
    field: string,
    column: string | null,
    written: string,
  ): string | undefined {
    if (this.answers.length === 0) return undefined;
    const found =
      this.byPlace.get(keyOf(sheet, row, field)) ??
      (column === null ? undefined : this.byPlace.get(keyOf(sheet, row, `heading ${headingForm(column)}`))) ??
      this.byId.get(questionId(sheet, row, field, written));
    if (found) this.used.add(found.at);
    return found?.value.trim();
  }

  /** The answers that fit no cell of the file, by their position. */
  unused(): readonly number[] {
    return this.answers.flatMap((_, at) => (this.used.has(at) ? [] : [at]));
  }
}

const keyOf = (sheet: string | null, row: number, name: string): string => JSON.stringify([sheet, row, name]);
