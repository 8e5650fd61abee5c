import { Injectable } from '@nestjs/common';
import { activityNamed } from '../guideline/activities.js';
import { addMonths, type CalendarDate } from '../guideline/calendar.js';
import type { Guideline, Language } from '../guideline/guideline.js';
import { HospitalScope, type HospitalTransaction, notePatient } from '../tenancy/hospital-scope.js';
import { GROUP_SQL, liveCells, storedCells } from './cells.js';
import { FactSources, type Period } from './fact-sources.js';
import { type FiguresByGroup, figuresByGroup } from './figures.js';
import { monthlyCells } from './monthly-cells.js';
import { type Dimension, type Measure, sourceOf } from './measures.js';

export interface Adherence {
  readonly period: Period;
  readonly by: Dimension;
  /** `nightly`: the stored figures of a large hospital. */
  readonly computed: 'now' | 'nightly';
  readonly computedAt: Date;
  readonly figures: FiguresByGroup;
  /** The name of a group for people. */
  readonly labels: (key: string | null, language: Language) => string | null;
}

/** The figures of consecutive months. */
export interface AdherenceMonths extends Pick<Adherence, 'by' | 'labels'> {
  readonly today: CalendarDate;
  readonly months: readonly Omit<Adherence, 'by' | 'labels'>[];
}

/** One counted fact, and its patient. */
export interface FactBehind {
  readonly id: string;
  readonly patientId: string;
  readonly mrn: string;
  readonly day: CalendarDate;
  readonly activity: string | null;
  readonly rule: string | null;
  readonly reason: string | null;
  readonly completedOn: CalendarDate | null;
}

export interface BehindRequest extends Period {
  readonly by: Dimension | undefined;
  /** null: the facts without a value of the dimension. */
  readonly group: string | null | undefined;
  readonly measure: Measure;
  /** Day and id of the last row seen. */
  readonly after: readonly [string, string] | undefined;
  readonly limit: number;
}

/** How much of what fell due was done, over the patients whom the caller sees. */
@Injectable()
export class AdherenceService {
  constructor(private readonly scope: HospitalScope) {}

  async figures(period: Period, by: Dimension): Promise<Adherence> {
    return this.scope.transaction(async (tx) => {
      const stored = await storedCells(tx, period, by);
      const cells = stored?.cells ?? (await liveCells(tx, period, by));
      return {
        ...{ period, by, figures: figuresByGroup(cells, by) },
        computed: stored ? 'nightly' : 'now',
        computedAt: stored?.computedAt ?? tx.now,
        labels: await labelsOf(tx, by),
      };
    });
  }

  /** The figures of so many months, each counted by itself; `last` is the first day of the last one. */
  async months(last: CalendarDate, count: number, by: Dimension): Promise<AdherenceMonths> {
    return this.scope.transaction(async (tx) => {
      const asked = Array.from({ length: count }, (_, n) => addMonths(last, n + 1 - count));
      const months = await monthlyCells(tx, asked, by);
      return {
        ...{ by, today: tx.today, labels: await labelsOf(tx, by) },
        months: months.map(({ cells, ...month }) => ({ ...month, figures: figuresByGroup(cells, by) })),
      };
    });
  }

  /** The facts behind one count, by day and id; one row more than asked for when there are more. */
  async behind({ by, group, measure, after, limit, ...period }: BehindRequest): Promise<FactBehind[]> {
    return this.scope.transaction(async (tx) => {
      const facts = new FactSources(tx, period, by === 'stage');
      const { values } = facts;
      const source = facts.of([sourceOf(measure)]);
      const conditions = [`measure = ${values.add(measure, 'text')}`];
      if (by !== undefined)
        conditions.push(`${GROUP_SQL[by]} IS NOT DISTINCT FROM ${values.add(group, 'text')}`);
      if (after)
        conditions.push(
          `(day, facts.id) > (${values.add(after[0], 'date')}, ${values.add(after[1], 'uuid')})`,
        );
      const rows = await tx.db.query<FactBehind[]>(
        `SELECT facts.id, facts.patient_id AS "patientId", p.mrn, day, activity, rule, reason, completed_on AS "completedOn"
           FROM (SELECT * FROM (${source}) AS facts WHERE ${conditions.join(' AND ')}
                  ORDER BY day, facts.id LIMIT ${limit + 1}) AS facts
           JOIN patient p ON p.hospital_id = ${values.add(tx.hospital.id, 'uuid')} AND p.id = facts.patient_id
          ORDER BY day, facts.id`,
        values.list,
      );
      for (const { patientId } of rows.slice(0, limit)) notePatient(patientId);
      return rows;
    });
  }
}

async function labelsOf({ db, hospital }: HospitalTransaction, by: Dimension): Promise<Adherence['labels']> {
  if (by === 'activity') return (key, language) => activityTitle(key, hospital.guideline, language);
  if (by === 'rule')
    return (key, language) => hospital.guideline?.rules.find(({ id }) => id === key)?.title[language] ?? key;
  if (by !== 'nurse') return (key) => key;
  const people = await db.query<{ id: string; name: string }[]>(
    'SELECT id, name FROM person WHERE hospital_id = $1',
    [hospital.id],
  );
  const names = new Map(people.map(({ id, name }) => [id, name]));
  return (key) => (key?.startsWith('name:') ? key.slice('name:'.length) : (names.get(key ?? '') ?? null));
}

/** The activity's name for people; the code where the hospital's guideline does not know it. */
export const activityTitle = (
  code: string | null,
  guideline: Guideline | undefined,
  language: Language,
): string | null => code && (activityNamed(code, guideline ?? {})?.title[language] ?? code);
