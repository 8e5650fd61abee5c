import type { TestApp } from './app.js';

interface Item {
  readonly id: string;
  readonly patient_id: string;
  readonly rule: string;
  readonly activity: string;
  readonly due: string;
  readonly overdue: string;
  readonly missed_on: string | null;
  readonly before_enrolment: boolean;
  readonly state: string;
  readonly completed_on: string | null;
  readonly completed_by_event_id: string | null;
  readonly step: string | null;
  readonly step_until: string | null;
}
interface Event {
  readonly id: string;
  readonly patient_id: string;
  readonly type: string;
  readonly date: string;
  readonly detail: Record<string, unknown>;
  readonly voided_at: Date | null;
}
interface Patient {
  readonly id: string;
  readonly department: string | null;
  readonly responsible_person_id: string | null;
  readonly responsible_nurse: string | null;
  readonly enrolled_on: string;
  readonly merged_into: string | null;
  readonly erased_at: Date | null;
}
interface Step {
  readonly item_id: string;
  readonly number: number;
  readonly to_position: string;
  readonly to_until: string | null;
  readonly undone_at: Date | null;
}

/** One counted fact: what it counts as, and in which group of each dimension. */
export interface NaiveFact {
  readonly measure: string;
  readonly patient: string;
  readonly activity: string | null;
  readonly rule: string | null;
  readonly nurse: string | null;
  readonly department: string | null;
  readonly stage: string | null;
}

const ENDS = ['death', 'transferred_out', 'lost_to_follow_up', 'consent_withdrawn'];
const DIALLED = ['telephone', 'relative', 'general_practitioner'];

/**
 * Counts the facts of a period as docs/statistics.md defines them, from whole tables and one row at a time: no index, no SQL
 * beyond reading, no code of the program.
 */
export async function naiveFacts(t: TestApp, from: string, to: string, today: string): Promise<NaiveFact[]> {
  const read = <Row>(table: string): Promise<Row[]> =>
    t.dataSource.query<Row[]>(`SELECT * FROM ${table} WHERE hospital_id = $1`, [t.hospitalId]);
  const patients = (await read<Patient>('patient')).filter(({ merged_into }) => merged_into === null);
  const events = (await read<Event>('clinical_event')).filter(({ voided_at }) => voided_at === null);
  const items = await read<Item>('surveillance_item');
  const steps = await read<Step>('item_step');
  const facts: NaiveFact[] = [];
  for (const patient of patients) {
    const own = events.filter((event) => event.patient_id === patient.id);
    const about = {
      ...{ patient: patient.id, activity: null, rule: null, department: patient.department },
      nurse:
        patient.responsible_person_id ??
        (patient.responsible_nurse === null ? null : `name:${patient.responsible_nurse}`),
      stage: (own.findLast(({ detail }) => 'stage' in detail)?.detail['stage'] as string | undefined) ?? null,
    };
    const within = (day: string): boolean => from <= day && day <= to;
    const ends = own.filter(({ type }) => ENDS.includes(type)).map(({ date }) => date);
    const endedOn = ends.length === 0 ? null : ends.reduce((a, b) => (a < b ? a : b));
    const theirs = items.filter((item) => item.patient_id === patient.id);
    for (const item of theirs)
      if (within(item.due) && item.state !== 'cancelled' && !item.before_enrolment)
        facts.push({
          ...{ ...about, activity: item.activity, rule: item.rule },
          measure: outcomeOf(item, steps, endedOn, today),
        });
    for (const exam of own) {
      const isColonoscopy = exam.type === 'colonoscopy';
      if (!isColonoscopy && exam.type !== 'exam') continue;
      if (isColonoscopy && exam.detail['finding'] === 'incomplete') continue;
      if (!within(exam.date) || exam.date < patient.enrolled_on) continue;
      if (theirs.some(({ completed_by_event_id }) => completed_by_event_id === exam.id)) continue;
      const activity = isColonoscopy ? 'colonoscopy' : (exam.detail['activity'] as string);
      facts.push({ ...about, activity, measure: 'further_exam' });
    }
    for (const { type, date } of own)
      if (type === 'lost_to_follow_up' && within(date)) facts.push({ ...about, measure: 'loss_recorded' });
    const day = to < today ? to : today;
    const left = own.filter(({ type, date }) => ENDS.includes(type) && date <= day).map(({ type }) => type);
    if (patient.erased_at === null && patient.enrolled_on <= day && left.every((type) => type === ENDS[2])) {
      const [contact] = await t.dataSource.query<{ on: string | null }[]>(
        'SELECT lost_proposed_on AS "on" FROM patient_contact WHERE patient_id = $1',
        [patient.id],
      );
      const proposed = contact?.on !== undefined && contact.on !== null && contact.on <= day;
      const state = left.length > 0 ? 'lost' : proposed ? 'loss_proposed' : 'followed';
      facts.push({ ...about, measure: `patient_${state}` });
    }
    facts.push(...(await visitsAndCalls(t, patient.id, within)).map((measure) => ({ ...about, measure })));
  }
  return facts;
}

function outcomeOf(item: Item, steps: readonly Step[], endedOn: string | null, today: string): string {
  if (item.completed_on !== null) return item.completed_on < item.overdue ? 'on_time' : 'late';
  const last = steps
    .filter((one) => one.item_id === item.id && one.undone_at === null && one.to_position !== 'completed')
    .sort((a, b) => a.number - b.number)
    .at(-1);
  const [step, until] =
    item.step !== null || endedOn === null
      ? [item.step, item.step_until]
      : [last?.to_position ?? null, last?.to_until ?? null];
  if (step === 'declined') return 'declined';
  const now = endedOn !== null && endedOn < today ? endedOn : today;
  if (step === 'contraindicated' && (until === null || until > now)) return 'contraindicated';
  if (endedOn !== null && endedOn <= item.overdue) return 'ended';
  if (item.missed_on !== null && item.missed_on <= today) return 'missed';
  return item.overdue <= today ? 'overdue' : 'not_yet';
}

async function visitsAndCalls(
  t: TestApp,
  patientId: string,
  within: (day: string) => boolean,
): Promise<string[]> {
  const found: string[] = [];
  const visits = await t.dataSource.query<{ date: string; outcome: string | null }[]>(
    'SELECT date, outcome FROM appointment WHERE patient_id = $1',
    [patientId],
  );
  for (const { date, outcome } of visits)
    if (within(date) && outcome !== 'withdrawn') found.push(`appointment_${outcome ?? 'open'}`);
  const attempts = await t.dataSource.query<{ on: string; outcome: string; channel: string }[]>(
    'SELECT contacted_on AS "on", outcome, channel FROM contact WHERE patient_id = $1 AND voided_at IS NULL',
    [patientId],
  );
  for (const { on, outcome, channel } of attempts)
    if (within(on))
      found.push(`contact_${outcome}`, ...(DIALLED.includes(channel) ? [`call_${outcome}`] : []));
  return found;
}
