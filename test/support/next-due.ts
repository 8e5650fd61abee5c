import { expect } from '@jest/globals';
import type { TestApp } from './app.js';

/** Patients whose next due date is not the first one of their items that a list by date can hold; read without triggers. */
export const WRONG_NEXT_DUE = `
  SELECT p.id, p.next_due AS kept, f.due AS first,
         f.due IS NOT NULL AND (p.next_due > f.due OR p.next_due IS NULL) AS "isLate"
    FROM patient p
    LEFT JOIN (SELECT patient_id, min(due) AS due FROM surveillance_item
                WHERE state = 'active' AND NOT before_enrolment AND (overtaken_on IS NULL OR overtaken_on IS DISTINCT FROM missed_on)
                  AND (step IS NULL OR step_until IS NOT NULL)
                GROUP BY patient_id) AS f ON f.patient_id = p.id
   WHERE p.next_due IS DISTINCT FROM f.due`;

export interface WrongNextDue {
  readonly id: string;
  readonly kept: string | null;
  readonly first: string | null;
  /** Lists by date may leave out the patient. */
  readonly isLate: boolean;
}

export const wrongNextDue = ({ dataSource }: Pick<TestApp, 'dataSource'>): Promise<WrongNextDue[]> =>
  dataSource.query<WrongNextDue[]>(WRONG_NEXT_DUE);

export const expectNextDue = async (t: Pick<TestApp, 'dataSource'>): Promise<void> =>
  expect(await wrongNextDue(t)).toEqual([]);
