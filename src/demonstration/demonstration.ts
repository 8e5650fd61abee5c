import type { INestApplicationContext } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { Person } from '../accounts/person.entity.js';
import { addDays } from '../guideline/calendar.js';
import { Patient } from '../patients/patient.entity.js';
import { moveClock } from '../platform/database/clock.js';
import { msg } from '../platform/messages/dictionary.js';
import { MendableError } from '../platform/messages/mendable-error.js';
import { ReminderSweep } from '../reminders/reminder-sweep.js';
import { firstHospital } from '../tenancy/first-hospital.js';
import { HospitalScope, type HospitalTransaction } from '../tenancy/hospital-scope.js';
import { beginningOf, noteBeginning } from '../tenancy/hospital-beginning.entity.js';
import { Hospital } from '../tenancy/hospital.entity.js';
import { DEMO_LOGINS, type DemoStaff, registerPeople } from './demo-people.js';
import { importRoster } from './demo-roster.js';
import { WardActs } from './ward-acts.js';
import { WORKED_DAYS, workOfToday, workOfTwoWeeksAgo } from './ward-story.js';

/** The program has data of its own, so it gets no invented patients. */
export class NotADemonstration extends MendableError {}

/**
 * Fills an empty program with a ward at work: people to sign in as, patients in every state, the work of two weeks. A
 * demonstration stays as it is; a program with people or patients of its own is refused. No other process may run: the clock
 * stands two weeks ago for a while.
 */
export async function loadDemonstration(
  app: INestApplicationContext,
  asOwner: <T>(work: (owner: DataSource) => Promise<T>) => Promise<T>,
): Promise<void> {
  const scope = app.get(HospitalScope);
  await scope.run(await firstHospital(scope), async () => {
    const begun = await scope.transaction(begin);
    if (!begun) return;
    const { staff, today } = begun;
    const acts = new WardActs(app, staff.nurses);
    // The delivery audit waits for a sweep of the present day: the one of two weeks ago ends what counts until then.
    const sweep = (): Promise<void> => app.get(ReminderSweep).sweep();
    await asOwner((owner) => moveClock(owner, -WORKED_DAYS));
    try {
      await importRoster(app, today);
      await workOfTwoWeeksAgo(acts, addDays(today, -WORKED_DAYS));
      await sweep();
    } finally {
      await asOwner((owner) => moveClock(owner, WORKED_DAYS));
    }
    await sweep();
    await workOfToday(acts, today);
    await scope.transaction((tx) => noteBeginning(tx, { setUpAt: tx.now }));
  });
}

/** Marks the hospital and registers its people; undefined where the demonstration exists. */
async function begin(
  tx: HospitalTransaction,
): Promise<{ readonly staff: DemoStaff; readonly today: HospitalTransaction['today'] } | undefined> {
  const { db, today } = tx;
  const { id } = tx.hospital;
  const { demonstrationLogins, setUpAt } = await beginningOf(tx);
  if (demonstrationLogins !== null) {
    if (setUpAt === null) throw new NotADemonstration(msg('demo-interrupted'));
    return undefined;
  }
  const hasData =
    (await db.existsBy(Person, { hospitalId: id })) || (await db.existsBy(Patient, { hospitalId: id }));
  if (hasData) throw new NotADemonstration(msg('demo-not-empty'));
  const name = '演示医院 结直肠外科';
  await db.update(Hospital, { id }, { name });
  await noteBeginning(tx, { demonstrationLogins: [...DEMO_LOGINS] });
  return { staff: await registerPeople(tx), today };
}
