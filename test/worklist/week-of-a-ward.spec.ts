import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startApp, type TestApp } from '../support/app.js';
import { type Booked, type Colleague, type StoryPatient, Ward } from '../support/ward-story.js';
import { gapsOf, NO_GAPS, wholeWard } from '../support/whole-ward.js';

// One week of one ward as its nurses see it. Each test is a day, and continues where the day before ended.

const MONDAY = '2026-11-02';
const TUESDAY = '2026-11-03';
const WEDNESDAY = '2026-11-04';
const THURSDAY = '2026-11-05';
const FRIDAY = '2026-11-06';
const SATURDAY = '2026-11-07';
const SUNDAY = '2026-11-08';
const NEXT_TUESDAY = '2026-11-10';

let t: TestApp;
let ward: Ward;
let headNurse: Colleague;
let lin: Colleague;
let zhao: Colleague;
let drChen: Colleague;
/** Forty patients: the first twenty are those of nurse Lin, the next eighteen those of nurse Zhao, two are new. */
const patients: StoryPatient[] = [];
let zhang: StoryPatient;
let li: StoryPatient;
let liu: StoryPatient;
let sun: StoryPatient;
let wu: StoryPatient;
let he: StoryPatient;
let wangTwice: readonly [StoryPatient, StoryPatient];

beforeAll(async () => {
  t = await startApp({ clock: `${MONDAY}T08:00:00+08:00`, role: 'api' });
  ward = new Ward(t);
  headNurse = await ward.hires('护士长孙', 'head_nurse');
  lin = await ward.hires('护士林', 'nurse');
  zhao = await ward.hires('护士赵', 'nurse');
  drChen = await ward.hires('陈医生', 'clinician');
  for (let number = 1; number <= 40; number++) {
    const nurse = number <= 20 ? lin : number <= 38 ? zhao : null;
    patients.push(await ward.enrols(NAMES.get(number) ?? `患者${number}`, RESECTED[number % 8]!, nurse));
  }
  const named = (number: number): StoryPatient => patients[number - 1]!;
  [zhang, li, liu, sun, wu] = [named(1), named(2), named(3), named(4), named(5)];
  he = named(21);
  wangTwice = [named(6), named(30)];
}, 120_000);
afterAll(() => t.close());

const RESECTED = [
  ...['2026-01-12', '2026-02-09', '2026-03-09', '2026-04-13'],
  ...['2026-05-04', '2026-06-08', '2026-07-13', '2026-08-03'],
];
const NAMES = new Map<number, string>([
  ...([[1, '张伟'], [2, '李娜'], [3, '刘洋'], [4, '孙丽'], [5, '吴强']] as const),
  ...([[6, '王秀兰'], [21, '何静'], [30, '王秀兰']] as const),
]); // oxfmt-ignore

let visitOfLi: Booked;
let visitOfSun: Booked;
let visitOfWu: Booked;
let deathOfHe: string;

test('Monday: Lin books, one patient is away, another one declines, and two new patients get a nurse', async () => {
  expect(await lin.ownPatients('to_book')).toHaveLength(20);

  visitOfLi = await lin.books(li, { on: TUESDAY, at: '08:30' });
  visitOfSun = await lin.books(sun, { on: TUESDAY });
  visitOfWu = await lin.books(wu, { on: TUESDAY, at: '14:00' });
  expect(visitOfLi.items.length).toBeGreaterThan(1); // one call, one trip
  expect(await lin.ownPatients('booked')).toEqual(expect.arrayContaining([li.name, sun.name, wu.name]));

  await lin.defers(zhang, 'tumour_markers', THURSDAY, 'away');
  await lin.hearsRefusal(liu, 'colonoscopy', { because: 'afraid', askAgainOn: SATURDAY });
  expect(await lin.reads('returned')).toEqual([]);

  const [first, second] = [patients[38]!, patients[39]!];
  expect((await headNurse.unownedPatients()).sort()).toEqual([first.id, second.id].sort());
  await headNurse.gives(first, lin);
  await headNurse.gives(second, zhao);
  expect(await headNurse.unownedPatients()).toEqual([]);

  await zhao.handsOverTo(lin, WEDNESDAY, FRIDAY);
});

test('Tuesday: one of three comes, one does not, the hospital cancels the third; a CEA is high; a death is entered', async () => {
  await ward.begins(TUESDAY);
  await lin.records(visitOfLi, 'attended');
  await lin.records(visitOfSun, 'not_attended');
  await lin.records(visitOfWu, 'cancelled_by_hospital');
  expect(await lin.ownPatients('not_attended')).toEqual([sun.name]);
  expect(await lin.ownPatients('to_book')).toContain(wu.name);
  visitOfWu = await lin.books(wu, { on: FRIDAY });

  await lin.calls(sun, 'no_answer');
  expect(await lin.ownPatients('not_attended')).toEqual([]); // until tomorrow

  const highCea = [{ code: 'CEA', value: 12.4, unit: 'ng/mL' }];
  await lin.completes(li, 'tumour_markers', { date: TUESDAY, values: highCea });
  const { reasons } = await drChen.reviewOf(li);
  expect(reasons.map(({ message }) => message)).toEqual([
    'CEA 12.4 ng/mL is not within the reference limit of 5 ng/mL.',
  ]);
  await drChen.decides(li, 'mri');
  expect(await lin.looksAt(li, 'mri_liver')).toMatchObject({ due: TUESDAY, status: 'due' });
  await lin.books(li, { on: WEDNESDAY, activities: ['mri_liver'] });

  await zhao.books(he, { on: FRIDAY, activities: ['tumour_markers'] });
  await zhao.defers(he, 'liver_ultrasound', SATURDAY, 'no_slot');
  deathOfHe = await zhao.recordsEvent(he, { type: 'death', date: MONDAY });
  expect(await zhao.looksUp(he)).toEqual([]);
});

test('Wednesday: Lin has the patients of Zhao; the death was an error; the MRI shows a recurrence', async () => {
  await ward.begins(WEDNESDAY);
  expect(await lin.ownPatients('to_book')).toContain(patients[22]!.name);
  expect(await zhao.ownPatients('to_book')).toEqual([]);
  expect(await lin.ownPatients('not_attended')).toEqual([sun.name]);

  await lin.takesBackEvent(he, deathOfHe, 'entered for the wrong patient');
  expect(await lin.looksAt(he, 'tumour_markers')).toMatchObject({ step: 'booked', stepOn: FRIDAY });
  expect(await lin.looksAt(he, 'liver_ultrasound')).toMatchObject({ step: 'deferred', stepUntil: SATURDAY });

  const lesion = [{ kind: 'liver_lesion', count: 2, largestMm: 14, segments: ['VII', 'VIII'] }];
  await lin.completes(li, 'mri_liver', { date: WEDNESDAY, outcome: 'suspicious', findings: lesion });
  await drChen.decides(li, 'recurrence', { site: 'liver' });
  // The follow-up after the resection ends; what was examined on Tuesday still awaits its results.
  expect((await lin.looksUp(li)).map(({ step }) => step)).toEqual(['attended', 'attended']);
});

test('Thursday: what was deferred until today is back and stands first; two records become one', async () => {
  await ward.begins(THURSDAY);
  expect(await lin.ownPatients('returned')).toEqual([zhang.name]);
  expect((await lin.ownPatients('to_book'))[0]).toBe(zhang.name);
  await lin.books(zhang, { on: FRIDAY, activities: ['tumour_markers'] });
  expect(await lin.ownPatients('returned')).toEqual([]);

  const [goesOn, ends] = wangTwice;
  await headNurse.merges(ends, goesOn, 'the same identity card');
  expect((await headNurse.reads('to_book')).filter((name) => name === goesOn.name)).toHaveLength(1);

  await drChen.recordsEvent(li, { type: 'conversion_therapy_started', date: THURSDAY, mmr: 'pMMR' });
  expect(await lin.looksAt(li, 'ct_abdomen_pelvis')).toMatchObject({ status: 'upcoming' });
});

test('Friday: an examination must not be done, and another one takes its place; a normal result is seen by a second person', async () => {
  await ward.begins(FRIDAY);
  await drChen.contraindicates(patients[6]!, 'ct_chest_abdomen_pelvis', {
    ...{ because: 'contrast_allergy', substitute: 'mri_liver' },
  });
  await lin.records(visitOfWu, 'attended');
  const result = await lin.completes(wu, 'tumour_markers', {
    ...{ date: FRIDAY, values: [{ code: 'CEA', value: 2.1, unit: 'ng/mL' }] },
  });
  await zhao.sees(result);
  await lin.completes(sun, 'tumour_markers', { date: FRIDAY, place: '华山医院' }); // done elsewhere
  expect(await lin.ownPatients('booked')).toEqual(expect.arrayContaining([zhang.name, he.name]));
});

test('Saturday: the patients of Zhao are hers again by themselves; the patient who declined is asked again', async () => {
  await ward.begins(SATURDAY);
  expect(await zhao.ownPatients('returned')).toEqual([he.name]);
  expect(await lin.ownPatients('to_book')).not.toContain(patients[22]!.name);
  expect(await zhao.ownPatients('to_book')).toContain(patients[22]!.name);

  expect(await lin.ownPatients('ask_again')).toEqual([liu.name]);
  await lin.calls(liu, 'reached');
  await lin.books(liu, { on: NEXT_TUESDAY, activities: ['colonoscopy'], because: 'patient_wish' });
  expect(await lin.ownPatients('ask_again')).toEqual([]);

  expect(await lin.ownPatients('booked_passed')).toEqual([zhang.name]);
  await lin.completes(zhang, 'tumour_markers', { date: FRIDAY });
  expect(await lin.ownPatients('booked_passed')).toEqual([]);
});

test('Sunday: no open item is without an owner, and no living patient without a next step', async () => {
  await ward.begins(SUNDAY);
  const whole = await wholeWard(t, headNurse.caller);
  expect(whole.today).toBe(SUNDAY);
  expect(whole.patients).toHaveLength(39); // two of forty were one person
  expect(gapsOf(whole)).toEqual(NO_GAPS);
  expect(await headNurse.unownedPatients()).toEqual([]);
});
