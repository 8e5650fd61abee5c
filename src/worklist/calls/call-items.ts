import type { CalendarDate } from '../../guideline/calendar.js';
import type { Text } from '../../guideline/guideline.js';
import { statusOn } from '../../guideline/planned-item.js';
import { preparationFor } from '../../guideline/preparation.js';
import { reasonFor } from '../../guideline/reason.js';
import { activityTitle } from '../../guideline/vocabulary.js';
import type { Patient } from '../../patients/patient.entity.js';
import { activeDecisions } from '../../schedules/decision-rows.js';
import { storedPlanBasis } from '../../schedules/plan-basis.js';
import { SurveillanceItem } from '../../schedules/surveillance-item.entity.js';
import type { HospitalTransaction } from '../../tenancy/hospital-scope.js';
import type { CallSettings } from '../settings/call-settings.js';

/** An item to talk about, with what the nurse says about it. */
export interface CallItem {
  readonly item: SurveillanceItem;
  readonly title: Text;
  readonly reason: Text;
  /** Null: there is none for the activity. */
  readonly preparation: Text | null;
}

/** The items that can be done now: late, due, or within their window. One journey answers them all. */
export async function callItems(
  tx: HospitalTransaction,
  patient: Patient,
  { preparation }: CallSettings,
): Promise<CallItem[]> {
  const items = await tx.db.find(SurveillanceItem, {
    where: {
      hospitalId: tx.hospital.id,
      patientId: patient.id,
      state: 'active' as const,
      beforeEnrolment: false,
    },
    order: { overdue: 'ASC', due: 'ASC', activity: 'ASC', id: 'ASC' },
  });
  const decisions = (await activeDecisions(tx, [patient.id])).get(patient.id) ?? [];
  const basis = await storedPlanBasis(patient, decisions, tx);
  const shown = items.filter((item) => isOpenOn(tx.today, item));
  const guidelines = await tx.guidelines.named(shown.map(({ guideline }) => guideline));
  return shown.map((item) => {
    const guideline = guidelines.get(item.guideline) ?? basis.guideline;
    return {
      item,
      title: activityTitle(item.activity, guideline),
      reason: {
        zh: reasonFor(guideline, item, basis.choices, 'zh'),
        en: reasonFor(guideline, item, basis.choices, 'en'),
      },
      preparation: own(preparation, item.activity) ?? preparationFor(item.activity),
    };
  });
}

const isOpenOn = (today: CalendarDate, item: SurveillanceItem): boolean =>
  statusOn(today, item) !== 'missed' && item.earliest <= today;

// An activity may be called `constructor`.
const own = (texts: Readonly<Record<string, Text>>, activity: string): Text | undefined =>
  Object.hasOwn(texts, activity) ? texts[activity] : undefined;
