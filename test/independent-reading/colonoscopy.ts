import { type Day, dayOf, NEVER, plusMonths } from './days.js';
import type { Item, Situation } from './item.js';
import { type Event, type Run, stretchesOf } from './pathways.js';

interface Exam {
  readonly day: Day;
  readonly abnormal: boolean;
}
interface Step {
  readonly earliest: Day;
  readonly due: Day;
  readonly overdue: Day;
}

const TOLERANCE = 60;
const around = (due: Day): Step => ({
  earliest: due - TOLERANCE,
  due,
  overdue: due + TOLERANCE + 1,
});

/** Section 4, 1 to 4: the step that follows from the counted exams. */
function stepAfter(exams: readonly Exam[], clock: Event): Step {
  const start = dayOf(clock.date);
  const last = exams.at(-1);
  if (!last) {
    const incomplete = clock.preoperativeColonoscopy === 'incomplete';
    const due = plusMonths(start, incomplete ? 6 : 12);
    return { earliest: incomplete ? plusMonths(start, 3) : start, due, overdue: due + 1 };
  }
  if (last.abnormal) {
    const due = plusMonths(last.day, 12); // "within", too: 需在1年内复查
    return { earliest: last.day, due, overdue: due + 1 };
  }
  const since30 = exams.some(({ day }) => day >= plusMonths(start, 30));
  return around(since30 ? plusMonths(last.day, 60) : plusMonths(start, 36));
}

/** The colonoscopies of one patient, counted from each primary resection until the next. */
export function colonoscopies(situation: Situation, runs: readonly Run[]): Item[] {
  const clocks = situation.events.filter(({ type }) => type === 'primary_resection');
  clocks.sort((a, b) => dayOf(a.date) - dayOf(b.date));
  const followUp = stretchesOf(runs.filter(({ pathway }) => pathway !== 'crlm_conversion'));
  return clocks.flatMap((clock, index) => {
    const next = clocks[index + 1];
    const [from, to] = [dayOf(clock.date), next ? dayOf(next.date) : NEVER];
    const stretches = followUp
      .map(({ start, end }) => ({ start: Math.max(start, from), end: Math.min(end, to) }))
      .filter(({ start, end }) => start <= end);
    return chain(situation, clock, to, stretches);
  });
}

function chain(
  situation: Situation,
  clock: Event,
  to: Day,
  stretches: readonly { start: Day; end: Day }[],
): Item[] {
  const { events, asOf, enrolledOn, until } = situation;
  const from = dayOf(clock.date);
  const exams = events
    .filter(({ type, finding }) => type === 'colonoscopy' && finding !== 'incomplete')
    .map(({ date, finding }) => ({ day: dayOf(date), abnormal: finding === 'abnormal' }))
    .filter(({ day }) => day >= from && day < to)
    .sort((a, b) => a.day - b.day);

  const items: Item[] = [];
  const add = (step: Step, status: string): void =>
    void (
      step.due <= until &&
      items.push({ rule: 'colonoscopy', activity: 'colonoscopy', covers: [], ...step, status })
    );
  let seen = -NEVER; // an exam on the day on which one pathway replaces another belongs to the first
  for (const { start, end } of stretches) {
    let counted = exams.filter(({ day }) => day < start || day <= seen);
    const onReturn = (step: Step): Step =>
      step.due >= start ? step : { ...step, due: start, overdue: Math.max(step.overdue, start + 1) };
    let step = onReturn(stepAfter(counted, clock));
    // An exam on the day on which the pathway ends belongs to it.
    for (const exam of exams.filter(({ day }) => day >= start && day > seen && day <= end)) {
      // "It never shows as completion of a step years ahead": an exam before `earliest` moves the step.
      if (exam.day >= step.earliest) add(step, 'completed');
      counted = [...counted, exam];
      step = onReturn(stepAfter(counted, clock));
    }
    seen = end;
    if (end <= asOf) {
      // Before enrolment the hospital was not responsible. "Missed items can still be completed": by an exam before
      // the patient returns (the product's choice).
      const back = stretches.find((other) => other.start >= end && other.end > other.start)?.start ?? NEVER;
      const doneLater = exams.some(({ day }) => day > end && day < back);
      const missed = end <= enrolledOn ? 'before_enrolment' : 'missed';
      if (step.due < end) add(step, doneLater ? 'completed' : missed);
      continue;
    }
    // Before enrolment or not: "its chain waits for it".
    const open = asOf < step.due ? 'upcoming' : asOf < step.overdue ? 'due' : 'overdue';
    add(step, open);
    for (;;) {
      counted = [...counted, { day: Math.max(step.due, asOf), abnormal: false }];
      step = stepAfter(counted, clock);
      if (step.due > until) break;
      add(step, 'upcoming');
    }
  }
  return items;
}
