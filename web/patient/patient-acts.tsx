import { useQuery } from '@tanstack/react-query';
import { type ReactNode, Suspense, useState } from 'react';
import type { ActKind, ActTarget, ClinicalActKind } from '../acts/act.js';
import { type Patient, scheduleQuery } from '../calls/patients.js';
import { onDemand } from '../routing/on-demand.js';
import { useLanguage } from '../words/language.js';
import { isOpen, kindOf, type ScheduleItem } from './lanes.js';

const ActDialog = onDemand(() => import('../acts/act-dialog.js'));

export interface PatientActs {
  /** Asks for one act about these items; without them about everything that is due. */
  readonly start: (kind: ActKind | ClinicalActKind, items?: readonly ScheduleItem[]) => void;
  readonly dialog: ReactNode;
}

/** The acts of the worklist, about one patient. */
export function usePatientActs(patient: Patient): PatientActs {
  const { data: schedule } = useQuery(scheduleQuery(patient.id, useLanguage()));
  const [pending, setPending] = useState<{
    readonly kind: ActKind | ClinicalActKind;
    readonly target: ActTarget;
  }>();
  const open = openItems(schedule?.items ?? []);
  const start: PatientActs['start'] = (kind, items = open) =>
    setPending({ kind, target: targetOf(patient, items) });
  const close = (): void => setPending(undefined);
  const dialog = (
    <Suspense>
      {pending && (
        <ActDialog
          kind={pending.kind}
          targets={[pending.target]}
          onDone={() => undefined}
          onUndone={() => undefined}
          onClose={close}
        />
      )}
    </Suspense>
  );
  return { start, dialog };
}

/** What is due now and has no appointment comes first; where nothing is due, the next item of each activity. */
function openItems(items: readonly ScheduleItem[]): readonly ScheduleItem[] {
  const open = items.filter(isOpen);
  const now = open.filter((item) => kindOf(item) !== 'ahead');
  if (now.length > 0) return now;
  const activities = [...new Set(open.map(({ activity }) => activity))];
  return activities.flatMap((activity) => open.find((item) => item.activity === activity) ?? []);
}

const targetOf = ({ id, name, mrn, nurse }: Patient, items: readonly ScheduleItem[]): ActTarget => ({
  ...{ patientId: id, name, mrn, nurseId: nurse?.personId ?? null },
  items: items.map((item) => ({ ...item, inList: item.step === null })),
});
