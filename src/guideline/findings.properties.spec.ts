import { always, isLive, noItem, ruleOf } from '../../test/support/any-history.js';
import { toDayNumber } from './calendar.js';
import type { Phase } from './guideline.js';
import { dayAt, longEnd, offsetOf } from './period.js';

const IMAGING = ['liver_ultrasound', 'ct_abdomen_pelvis', 'ct_chest_abdomen_pelvis'];

test('what a finding asks for is live until an MRI is done, and nothing else of that activity is', () => {
  always(({ patient: { events }, asOf }, { items, runs }) => {
    const asking = events.filter(
      ({ type, activity, outcome, date }) =>
        type === 'exam' &&
        IMAGING.includes(String(activity)) &&
        outcome !== 'normal' &&
        runs.some(
          ({ pathway, start, end }) =>
            pathway.id !== 'crlm_conversion' && start <= date && (end === null || date < end) && end === null,
        ),
    );
    const newest = asking.map(({ date }) => date).reduce<string>((a, b) => (a > b ? a : b), '');
    const answered = events.some(({ activity, date }) => activity === 'mri_liver' && date >= newest);
    const live = items.filter((item) => item.activity === 'mri_liver' && isLive(item, asOf));

    if (newest !== '' && !answered) expect(live).toHaveLength(1);
    if (newest !== '' && !answered) expect(live[0]?.due).toBe(newest);
  });
});

test('no date of a range comes later than its long end after an early one done for the date before', () => {
  noItem((item, { patient: { events }, plan, choices }) => {
    const rule = ruleOf(item);
    const before = plan.items.find(
      ({ rule: id, measuredFrom, sequence, completedOn }) =>
        id === item.rule &&
        measuredFrom === item.measuredFrom &&
        sequence === item.sequence - 1 &&
        completedOn !== null,
    );
    if (item.completedOn !== null || rule.kind !== 'recurring' || !before || before.otherMethod) return false;
    const phase: Phase = rule.phases[item.phase]!;
    if ('at' in phase || typeof phase.every === 'string' || choices.rules?.[item.rule]) return false;
    const last = events
      .filter(
        ({ activity, date }) => activity === item.activity && date < item.earliest && date >= before.earliest,
      )
      .map(({ date }) => date)
      .reduce((a, b) => (a > b ? a : b), before.completedOn!);
    return toDayNumber(item.due) > dayAt(last, offsetOf(longEnd(phase.every)));
  });
});

test('no colonoscopy is shown as done before the window of its step opened', () => {
  noItem(
    ({ activity, completedOn, earliest }) =>
      activity === 'colonoscopy' && completedOn !== null && completedOn < earliest,
  );
});

test('no examination that fulfilled a date of its own satisfies another method as well', () => {
  noItem(
    (item, { plan }) =>
      item.otherMethod &&
      plan.items.some(
        ({ completedOn, otherMethod, rule }) =>
          !otherMethod &&
          completedOn === item.completedOn &&
          rule === (item.activity === 'mri_liver' ? 'ned_chest_ct' : 'suspicious_finding_mri'),
      ),
  );
});
