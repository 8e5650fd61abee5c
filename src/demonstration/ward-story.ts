import { addDays, type CalendarDate } from '../guideline/calendar.js';
import { ContactSettings } from '../worklist/settings/contact-settings.js';
import type { Waiting, WardActs } from './ward-acts.js';

/** So many days of the ward's work are recorded. */
export const WORKED_DAYS = 14;

const laterOf = (a: CalendarDate, b: CalendarDate): CalendarDate => (a > b ? a : b);

/** Two weeks ago: appointments whose days have passed by now, items that return by now, results that wait to be seen. */
export async function workOfTwoWeeksAgo(acts: WardActs, today: CalendarDate): Promise<void> {
  const waiting = await acts.waiting(addDays(today, -30), addDays(today, 12));
  for (const [at, patient] of waiting.slice(0, 30).entries()) {
    if (at % 3 === 0) await acts.book(patient, addDays(today, 2 + (at % 10)));
    else if (at % 10 === 1) await acts.defer(patient, addDays(today, WORKED_DAYS - 1));
    else if (at % 10 === 4) await acts.decline(patient, addDays(today, WORKED_DAYS - 1));
    else if (at % 10 === 7) await acts.complete(patient, addDays(today, -1), 0.4);
  }
}

/** Today: what became of the appointments, results, calls, and the appointments of the next weeks. */
export async function workOfToday(acts: WardActs, today: CalendarDate): Promise<void> {
  await endAppointments(acts, today);
  const waiting = await acts.waiting(addDays(today, -60), addDays(today, 30));
  const [late, ahead] = [waiting.filter(({ due }) => due <= today), waiting.filter(({ due }) => due > today)];
  for (const [at, patient] of late.entries()) await workOn(acts, patient, at, today);
  for (const [at, patient] of ahead.slice(0, 24).entries())
    if (at % 2 === 0)
      await acts.book(patient, laterOf(addDays(today, 1), addDays(patient.due, (at % 5) - 2)));
}

/** Of four appointments one was kept, one brought a result, one was missed, and one waits for a nurse to say. */
async function endAppointments(acts: WardActs, today: CalendarDate): Promise<void> {
  for (const [at, appointment] of (await acts.passedAppointments(today)).entries()) {
    if (at % 4 < 2) await acts.end(appointment, 'attended');
    else if (at % 4 === 2) await acts.end(appointment, 'not_attended');
  }
}

/** Of eight late patients three were done, of whom one is above the limit; others were called, without or with success. */
async function workOn(acts: WardActs, patient: Waiting, at: number, today: CalendarDate): Promise<void> {
  const { patientId } = patient;
  switch (at % 8) {
    case 0:
      return acts.complete(patient, addDays(today, -1), 1.4);
    case 1:
    case 5:
      return acts.complete(patient, addDays(today, -(at % 4) - 1), 0.4);
    case 2:
      for (const days of [6, 4, 2]) await unanswered(acts, patientId, addDays(today, -days));
      return;
    case 3:
      return acts.contact(patientId, {
        ...{ channel: 'telephone', outcome: 'reached', confirmsAlive: true },
        ...{
          contactedOn: addDays(today, -1),
          note: '家属接听，下周陪同来院。',
          nextActionOn: addDays(today, 6),
        },
      });
    case 6:
      return at === 6 ? climbLadder(acts, patientId, today) : undefined;
    default:
      return undefined;
  }
}

const unanswered = (acts: WardActs, patientId: string, contactedOn: CalendarDate): Promise<void> =>
  acts.contact(patientId, { channel: 'telephone', outcome: 'failed', cause: 'no_answer', contactedOn });

/** Every step of the ladder failed: the ward has to decide whether the patient is lost. */
async function climbLadder(acts: WardActs, patientId: string, today: CalendarDate): Promise<void> {
  const attempts = ContactSettings.parse({}).ladder.flatMap(({ channel, attempts: count }) =>
    Array.from({ length: count }, () => channel),
  );
  for (const [at, channel] of attempts.entries())
    await acts.contact(patientId, {
      ...{
        channel,
        outcome: 'failed',
        cause: 'not_stated',
        contactedOn: addDays(today, at - attempts.length),
      },
    });
}
