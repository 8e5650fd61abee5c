import { fact, plannedBy } from '../../test/support/planned.js';
import { drafted, look, protocol, scope, started, visit } from '../../test/support/protocol.js';
import { determinesNextDate, examActivities, examOutcomes, outcomesOf } from './activities.js';
import { askedFields } from './asked-fields.js';
import { calendarDate } from './calendar.js';
import { problemsOf } from './check.js';
import type { ActivityDeclaration, Guideline } from './guideline.js';
import { activityDone, activityRecorded, examFact, isExamEvent, isOutcomeOf } from './recorded-exam.js';

const title = { zh: '乙状结肠镜', en: 'sigmoidoscopy' };
const RECORDED = { event: 'sigmoidoscopy_done', field: 'finding' } as const;
const SIGMOIDOSCOPY: ActivityDeclaration = {
  title,
  outcomes: ['clear', 'polyps', 'stopped'],
  determinesNextDate: true,
  notDone: ['stopped'],
  recordedAs: RECORDED,
};
const EVENTS: Guideline['events'] = {
  sigmoidoscopy_done: { title, fields: { finding: ['clear', 'polyps', 'stopped'] } },
};
const TEST_STRIP: ActivityDeclaration = {
  title: { zh: '试纸', en: 'test strip' },
  outcomes: ['negative', 'positive', 'unreadable'],
  notDone: ['unreadable'],
};
const yearly = (activity: string) => visit([{ every: 'P12M' }], { activity });
const own = protocol([yearly('sigmoidoscopy')], {
  activities: { sigmoidoscopy: SIGMOIDOSCOPY, test_strip: TEST_STRIP },
  events: EVENTS,
});
const day = calendarDate('2025-01-15');

test('a declared activity has its own outcomes, any other one the usual three', () => {
  expect(outcomesOf('sigmoidoscopy', own)).toEqual(['clear', 'polyps', 'stopped']);
  expect(outcomesOf('mri_liver', own)).toEqual(['normal', 'suspicious', 'inconclusive']);
  expect(outcomesOf('colonoscopy', own)).toEqual(['normal', 'abnormal', 'incomplete']);
  expect(examOutcomes(own)).toEqual(expect.arrayContaining(['normal', 'suspicious', 'positive']));
  expect(examOutcomes(own)).not.toContain('polyps');
  expect(examActivities(own)).toContain('test_strip');
  expect(examActivities(own)).not.toContain('sigmoidoscopy');
});

test('an outcome is required exactly where the next date depends on it', () => {
  expect(['sigmoidoscopy', 'colonoscopy', 'test_strip'].map((code) => determinesNextDate(code, own))).toEqual(
    [true, true, false],
  );
  expect(isOutcomeOf('sigmoidoscopy', undefined, own)).toBe(false);
  expect(isOutcomeOf('sigmoidoscopy', 'polyps', own)).toBe(true);
  expect(isOutcomeOf('sigmoidoscopy', 'abnormal', own)).toBe(false);
  expect(isOutcomeOf('test_strip', undefined, own)).toBe(true);
});

test('an exam is recorded as the declaration says, and read back as the activity', () => {
  const done = examFact('sigmoidoscopy', { date: day, outcome: 'polyps' }, day, own);
  expect(done).toEqual({ type: 'sigmoidoscopy_done', date: day, finding: 'polyps' });
  expect(activityDone(done, own)).toBe('sigmoidoscopy');
  expect(isExamEvent('sigmoidoscopy_done', own)).toBe(true);
  expect(isExamEvent('sigmoidoscopy_done', {})).toBe(false);
  const strip = examFact('test_strip', { date: day, outcome: 'positive' }, day, own);
  expect(strip).toEqual({
    type: 'exam',
    date: day,
    activity: 'test_strip',
    outcome: 'positive',
    forDue: day,
  });
  expect(activityDone(strip, own)).toBe('test_strip');
});

test('an exam with an outcome of notDone is recorded and not done', () => {
  for (const [activity, outcome] of [
    ['sigmoidoscopy', 'stopped'],
    ['test_strip', 'unreadable'],
    ['colonoscopy', 'incomplete'],
  ] as const) {
    const stopped = examFact(activity, { date: day, outcome }, day, own);
    expect(activityRecorded(stopped, own)).toBe(activity);
    expect(activityDone(stopped, own)).toBeNull();
  }
});

test('an exam of an own type fulfils the date of its activity, unless it was not completed', () => {
  const plan = (finding: string) =>
    plannedBy(own, [started('2024-01-15'), fact('sigmoidoscopy_done', '2025-01-20', { finding })], {
      until: '2025-12-31',
    }).items.map(({ due, completedOn }) => [due, completedOn]);
  expect(plan('polyps')).toEqual([['2025-01-15', '2025-01-20']]);
  expect(plan('stopped')).toEqual([['2025-01-15', null]]);
});

test('the field that holds the outcome is asked for', () => {
  expect(askedFields(own).get('sigmoidoscopy_done')).toEqual(new Set(['finding']));
  expect(askedFields(own).get('exam')).toEqual(new Set(['activity', 'outcome']));
});

test('a rule may ask about the outcomes of a declared activity, and about no others', () => {
  const after = (outcome: string) =>
    look({ event: 'exam', where: { activity: ['test_strip'], outcome: [outcome] } }, 'P7D');
  const problems = (outcome: string) =>
    problemsOf(drafted([yearly('test_strip'), after(outcome)], { activities: { test_strip: TEST_STRIP } }));
  expect(problems('positive')).toEqual([]);
  expect(problems('purple').map(({ code }) => code)).toEqual(['unknown-value']);
});

test('a finding of an own type that asks for its own activity is a cycle', () => {
  const again = look({ event: 'sigmoidoscopy_done' }, 'P7D', { activity: 'sigmoidoscopy' });
  const found = problemsOf(
    drafted([again], { activities: { sigmoidoscopy: SIGMOIDOSCOPY }, events: EVENTS }),
  );
  expect(found.map(({ code }) => code)).toEqual(['cycle']);
});

describe('a declaration is refused by the name of each problem', () => {
  test.each<[string, Partial<ActivityDeclaration>, string, string]>([
    ['an outcome twice', { outcomes: ['clear', 'clear'] }, '/outcomes/1', 'id-twice'],
    ['notDone of no outcome', { notDone: ['abandoned'] }, '/notDone/0', 'unknown-value'],
    ['nothing left that is done', { notDone: ['clear', 'polyps', 'stopped'] }, '/notDone', 'never-done'],
    [
      'an event that is not declared',
      { recordedAs: { ...RECORDED, event: 'seen' } },
      '/recordedAs/event',
      'unknown-event',
    ],
    [
      'an event that the program knows',
      { recordedAs: { ...RECORDED, event: 'recurrence' } },
      '/recordedAs/event',
      'unknown-event',
    ],
    [
      'a field that the event lacks',
      { recordedAs: { ...RECORDED, field: 'result' } },
      '/recordedAs/field',
      'unknown-field',
    ],
    [
      'an outcome that the field never has',
      { outcomes: ['clear', 'polyps', 'stopped', 'blood'] },
      '/recordedAs/field',
      'unknown-value',
    ],
  ])('%s', (_, change, pointer, code) => {
    const activities = { sigmoidoscopy: { ...SIGMOIDOSCOPY, ...change } };
    const found = problemsOf(drafted([yearly('sigmoidoscopy')], { activities, events: EVENTS }));
    expect(found.map((one) => [one.pointer, one.code])).toContainEqual([
      `/activities/sigmoidoscopy${pointer}`,
      code,
    ]);
  });

  test('an event that records two activities', () => {
    const activities = { sigmoidoscopy: SIGMOIDOSCOPY, second_look: SIGMOIDOSCOPY };
    const found = problemsOf(drafted([yearly('sigmoidoscopy')], { activities, events: EVENTS }));
    expect(found.map(({ code }) => code)).toEqual(['recorded-twice', 'recorded-twice']);
  });

  test('an activity that the program knows', () => {
    const found = problemsOf(
      drafted([scope([])], { activities: { colonoscopy: SIGMOIDOSCOPY }, events: EVENTS }),
    );
    expect(found.map(({ code }) => code)).toContain('already-known');
  });
});
