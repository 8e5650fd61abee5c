import type { INestApplicationContext } from '@nestjs/common';
import { IsNull, LessThan } from 'typeorm';
import type { Person } from '../accounts/person.entity.js';
import { callerOf } from '../accounts/sign-in/sessions.service.js';
import { determinesNextDate, outcomesOf } from '../guideline/activities.js';
import type { CalendarDate } from '../guideline/calendar.js';
import { measurementsOf } from '../guideline/measurements.js';
import { SurveillanceItem } from '../schedules/surveillance-item.entity.js';
import { stepCall } from '../tenancy/audit-entry.js';
import { HospitalScope } from '../tenancy/hospital-scope.js';
import { Appointment } from '../worklist/appointments/appointment.entity.js';
import { AppointmentsService } from '../worklist/appointments/appointments.service.js';
import { ContactsService } from '../worklist/contacts/contacts.service.js';
import type { ContactInput } from '../worklist/contacts/contact-schemas.js';
import { ItemStepsService } from '../worklist/steps/item-steps.service.js';

/** A patient whose next items are open, the first of them due on `due`. */
export interface Waiting {
  readonly patientId: string;
  readonly items: readonly SurveillanceItem[];
  readonly due: CalendarDate;
}

/** What nurses of the demonstration do, by the services of the program and under their names. */
export class WardActs {
  private turn = 0;

  constructor(
    private readonly app: INestApplicationContext,
    private readonly nurses: readonly Person[],
  ) {}

  /** The patients with open items due from `from` to `to`, the most urgent first. */
  waiting(from: CalendarDate, to: CalendarDate): Promise<readonly Waiting[]> {
    return this.as(async (scope) => {
      const items = await scope.transaction(({ db, hospital }) =>
        db.find(SurveillanceItem, {
          where: {
            ...{ hospitalId: hospital.id, state: 'active', beforeEnrolment: false, projected: false },
            step: IsNull(),
          },
          order: { due: 'ASC', id: 'ASC' },
        }),
      );
      const byPatient = new Map<string, SurveillanceItem[]>();
      for (const item of items) {
        if (item.due < from || item.due > to) continue;
        byPatient.set(item.patientId, [...(byPatient.get(item.patientId) ?? []), item]);
      }
      return [...byPatient].map(([patientId, own]) => ({ patientId, items: own, due: own[0]?.due ?? from }));
    });
  }

  /** One trip for all items, in a quarter of an hour of the morning. */
  async book({ patientId, items }: Waiting, date: CalendarDate): Promise<void> {
    const quarter = this.turn % 12;
    const time = `${String(8 + Math.floor(quarter / 4)).padStart(2, '0')}:${['00', '15', '30', '45'][quarter % 4]}`;
    const itemIds = items.slice(0, 4).map(({ id }) => id);
    const input = { patientId, itemIds, date, time, place: '门诊楼三层', reason: 'combined_visit' as const };
    await this.as(() => this.app.get(AppointmentsService).book(input, undefined));
  }

  defer({ items: [item] }: Waiting, until: CalendarDate): Promise<void> {
    return this.onItem(item, (call) => this.steps.defer(call, { until, reason: 'away' }));
  }

  decline({ items: [item] }: Waiting, askAgainOn: CalendarDate): Promise<void> {
    return this.onItem(item, (call) => this.steps.decline(call, { askAgainOn, reason: 'feels_well' }));
  }

  /** Records results of all items; `ofLimit`: the first value, as a share of its limit. */
  async complete({ items }: Waiting, date: CalendarDate, ofLimit: number): Promise<void> {
    const guideline = await this.as((scope) =>
      scope.transaction(({ hospital }) => Promise.resolve(hospital.guideline ?? {})),
    );
    for (const item of items) {
      const values = measurementsOf(item.activity, guideline).map(({ code, unit, referenceLimit }, at) => ({
        ...{ code, unit, value: Math.round(referenceLimit.default * (at === 0 ? ofLimit : 0.4) * 10) / 10 },
      }));
      const needsOutcome = values.length === 0 || determinesNextDate(item.activity, guideline);
      await this.onItem(item, (call) =>
        this.steps.complete(call, {
          date,
          ...(needsOutcome && { outcome: outcomesOf(item.activity, guideline)[0] }),
          ...(values.length > 0 && { values }),
        }),
      );
    }
  }

  async contact(patientId: string, attempt: Omit<ContactInput, 'author'>): Promise<void> {
    await this.as(() => this.app.get(ContactsService).record(patientId, { ...attempt, author: undefined }));
  }

  /** The appointments whose day has passed. */
  passedAppointments(today: CalendarDate): Promise<readonly Appointment[]> {
    return this.as((scope) =>
      scope.transaction(({ db, hospital }) =>
        db.find(Appointment, {
          where: { hospitalId: hospital.id, outcome: IsNull(), date: LessThan(today) },
          order: { date: 'ASC', id: 'ASC' },
        }),
      ),
    );
  }

  async end(
    { id }: Appointment,
    outcome: 'attended' | 'not_attended' | 'cancelled_by_patient',
  ): Promise<void> {
    await this.as(() =>
      this.app.get(AppointmentsService).end({ appointmentId: id, ifMatch: undefined }, { outcome }),
    );
  }

  private get steps(): ItemStepsService {
    return this.app.get(ItemStepsService);
  }

  private async onItem(
    item: SurveillanceItem | undefined,
    act: (call: { itemId: string; ifMatch: undefined }) => Promise<unknown>,
  ): Promise<void> {
    if (item) await this.as(() => act({ itemId: item.id, ifMatch: undefined }));
  }

  /** The nurses act in turn. */
  private as<T>(act: (scope: HospitalScope) => Promise<T>): Promise<T> {
    const nurse = this.nurses[this.turn++ % this.nurses.length];
    if (!nurse) throw new Error('The demonstration has nurses.');
    const scope = this.app.get(HospitalScope);
    return scope.run(callerOf(nurse), () => act(scope), stepCall('up --demo'));
  }
}
