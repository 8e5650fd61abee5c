import { startHospital, type ReminderHospital } from '../support/reminder-hospital.js';

let t: ReminderHospital;
beforeAll(async () => {
  t = await startHospital({ clock: '2026-04-01T10:00:00+08:00' });
});
afterAll(() => t.close());

test('a plan by an older revision of the planner is computed again before a reminder of it is sent', async () => {
  const { body: patient } = await t.post('/patients', {
    ...{ mrn: 'S1', name: '王芳', sex: 'female', birthDate: '1961-04-05', diagnosisDate: '2025-12-20' },
    enrolledOn: '2026-01-10',
  });
  await t.post(`/patients/${patient.id}/events`, {
    ...{ type: 'primary_resection', date: '2026-01-10', site: 'colon', stage: 'II' },
    ...{ intent: 'curative', preoperativeColonoscopy: 'complete' },
  });
  const duesNow = async (): Promise<string[]> =>
    (await t.get(`/patients/${patient.id}/schedule`)).body.items.map(({ due }: { due: string }) => due);
  const right = await duesNow();

  // An older program has stored a review two weeks too early, whose reminder is pending.
  await t.dataSource.query(
    `UPDATE surveillance_item SET due = '2026-03-27', next_reminder_on = '2026-03-27' WHERE rule = 'postoperative_review' AND due = '2026-04-10'`,
  );
  await t.dataSource.query('UPDATE patient SET planner_revision = 0');
  await t.sweep();
  await t.settled();

  await t.until(async () => (await duesNow()).join() === right.join());
  const duesSent = (): unknown[] =>
    t.receiver
      .messages(t.secret)
      .filter(({ type }) => type.startsWith('surveillance.item.'))
      .map(({ data }) => data.due);
  // The sweep that found the stale plan sends no reminder. The next sweep does.
  await t.until(async () => {
    await t.sweep();
    await t.settled();
    return duesSent().includes('2026-04-10');
  });
  expect(duesSent()).not.toContain('2026-03-27');
  expect(await t.dataSource.query('SELECT planner_revision > 0 AS fresh FROM patient')).toEqual([
    { fresh: true },
  ]);
});
