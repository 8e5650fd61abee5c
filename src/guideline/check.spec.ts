import { drafted, look, protocol, scope, visit } from '../../test/support/protocol.js';
import { problemsOf } from './check.js';
import type { Guideline, Rule } from './guideline.js';
import { type Message, rendered } from './message.js';
import { GUIDELINE_MESSAGES } from './messages.js';

const inEnglish = (message: Message): string => rendered(message, 'en', GUIDELINE_MESSAGES);

const TEXT = { zh: '一', en: 'one' };
const OK = visit([{ every: 'P6M', until: 'P24M' }]);

/** Problems of a protocol with these rules, one line each. */
const problemTexts = (rules: readonly Rule[], more: Partial<Guideline> = {}): string[] =>
  problemsOf(drafted(rules, more)).map(
    ({ pointer, code, message }) => `${pointer} ${code}: ${inEnglish(message)}`,
  );

const cases = (one: object, more: Parameters<typeof scope>[1] = {}): string[] =>
  problemTexts([scope([{ when: {}, from: 'last', due: 'P12M', limit: false, ...one }], more)]);

test('a valid protocol has no problems', () => {
  expect(problemTexts([OK, scope([{ when: {}, from: 'last', due: 'P12M', limit: false }])])).toEqual([]);
  expect(problemsOf(protocol([OK]))).toEqual([]);
});

describe('names that lead nowhere', () => {
  const after = (text: string): string => text.slice(0, text.indexOf(';'));

  test('an activity that is neither known nor declared', () => {
    const [line, ...others] = problemTexts([{ ...OK, activity: 'xray_of_toe' }]);
    expect(others).toEqual([]);
    expect(after(line!)).toBe('/rules/0/activity unknown-activity: There is no activity xray_of_toe');
    expect(line!.split('; there are ')[1]).toContain(', mri_liver');
    expect(problemTexts([{ ...OK, activity: 'dre' }], { activities: { dre: { title: TEXT } } })).toEqual([]);
  });

  test.each([
    [
      'satisfiedBy',
      { ...OK, satisfiedBy: ['nothing'] },
      '/rules/0/satisfiedBy unknown-activity: There is no activity nothing',
    ],
    [
      'pathway',
      { ...OK, pathway: 'nowhere' },
      '/rules/0/pathway unknown-pathway: There is no pathway nowhere',
    ],
    [
      'pathways of a chain',
      scope([], { pathways: ['nowhere'] }),
      '/rules/0/pathways unknown-pathway: There is no pathway nowhere',
    ],
    [
      'pathways of a finding',
      look({ event: 'started' }, 'P4W', { pathways: ['nowhere'] }),
      '/rules/0/pathways unknown-pathway: There is no pathway nowhere',
    ],
    [
      'an activity in a pattern',
      look({ event: 'exam', where: { activity: ['nothing'] } }, 'P4W'),
      '/rules/0/after/where/activity unknown-activity: There is no activity nothing',
    ],
  ])('%s', (_, rule, line) => {
    expect(problemTexts([rule]).map(after)).toEqual([line]);
  });

  test('the problem of a pathway names the pathway', () => {
    expect(problemTexts([{ ...OK, pathway: 'nowhere' }])).toEqual([
      '/rules/0/pathway unknown-pathway: There is no pathway nowhere; there are follow_up.',
    ]);
  });

  test('covers', () => {
    expect(
      problemTexts([OK], { covers: { nothing: ['mri_liver'], mri_liver: ['never'] } }).map(after),
    ).toEqual([
      '/covers/nothing unknown-activity: There is no activity nothing',
      '/covers/mri_liver unknown-activity: There is no activity never',
    ]);
  });

  const event = (pointer: string): RegExp =>
    new RegExp(
      `^${pointer} unknown-event: There is no event strange: declare it under /events, or use birth, .*, started, ended\\.$`,
    );
  const strange = { event: 'strange' };
  test.each([
    [
      'a clock',
      [OK],
      { pathways: [{ ...drafted([]).pathways[0]!, clock: strange }] },
      '/pathways/0/clock/event',
    ],
    [
      'an end',
      [OK],
      { pathways: [{ ...drafted([]).pathways[0]!, endedBy: ['strange'] }] },
      '/pathways/0/endedBy',
    ],
    ['what is counted from', [{ ...OK, countedFrom: strange }], {}, '/rules/0/countedFrom/event'],
    ['a condition', [{ ...OK, given: [{ recorded: strange }] }], {}, '/rules/0/given/0/recorded/event'],
    [
      'a condition that it never happened',
      [{ ...OK, given: [{ neverRecorded: strange }] }],
      {},
      '/rules/0/given/0/neverRecorded/event',
    ],
    ['a finding', [look(strange, 'P4W')], {}, '/rules/0/after/event'],
    ['the clock of a chain', [scope([], { clock: strange })], {}, '/rules/0/clock/event'],
    [
      'what a chain counts',
      [scope([], { counts: strange, assumed: undefined })],
      {},
      '/rules/0/counts/event',
    ],
    [
      'a condition of a case',
      [scope([{ when: { given: [{ recorded: strange }] }, from: 'last', due: 'P1Y', limit: false }])],
      {},
      '/rules/0/cases/0/when/given/0/recorded/event',
    ],
    [
      'a flag',
      [OK],
      { flags: [{ code: 'f', message: TEXT, when: { recorded: strange } }] },
      '/flags/0/when/recorded/event',
    ],
    [
      'a flag while a pathway runs',
      [OK],
      { flags: [{ code: 'f', message: TEXT, when: { running: 'follow_up', neverRecorded: strange } }] },
      '/flags/0/when/neverRecorded/event',
    ],
  ] as [string, Rule[], Partial<Guideline>, string][])('an event in %s', (_, rules, more, pointer) => {
    const lines = problemTexts(rules, more);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(event(pointer));
  });

  test('flags name rules and pathways', () => {
    const flag = (when: object, more: object = {}): string[] =>
      problemTexts([OK], {
        flags: [{ code: 'f', message: TEXT, when, ...more } as Guideline['flags'][number]],
      });
    expect(flag({ otherMethodFor: ['nobody'] }, { settledBy: ['nothing'] })).toEqual([
      '/flags/0/settledBy unknown-rule: There is no rule nothing; there are visit.',
      '/flags/0/when/otherMethodFor unknown-rule: There is no rule nobody; there are visit.',
    ]);
    expect(flag({ onsetBefore: 50 }, { settledBy: ['nothing'] })).toEqual([
      '/flags/0/settledBy unknown-rule: There is no rule nothing; there are visit.',
    ]);
    expect(flag({ running: 'nowhere', liverImaging: 'ct' }, { settledBy: ['nothing'] })).toEqual([
      '/flags/0/settledBy unknown-rule: There is no rule nothing; there are visit.',
      '/flags/0/when/running unknown-pathway: There is no pathway nowhere; there are follow_up.',
    ]);
    expect(flag({ running: 'nowhere', where: { site: ['colon'] } })).toHaveLength(1);
    expect(flag({ running: 'follow_up', where: { size: ['big'] } })).toEqual([
      '/flags/0/when/where/size unknown-field: started has no field size; it has none.',
    ]);
    expect(flag({ running: 'follow_up', liverImaging: 'ct' }, { settledBy: ['visit'] })).toEqual([]);
    expect(flag({ otherMethodFor: ['visit'] })).toEqual([]);
  });

  test('two pathways or rules of one name', () => {
    expect(problemTexts([OK, { ...OK }])).toEqual([
      '/rules/1/id id-twice: There is another visit: each needs a name of its own.',
    ]);
    const [pathway] = drafted([]).pathways;
    expect(problemTexts([OK], { pathways: [pathway!, pathway!] })).toEqual([
      '/pathways/1/id id-twice: There is another follow_up: each needs a name of its own.',
    ]);
  });
});

describe('conditions that would never hold', () => {
  test('a field that the event does not have', () => {
    expect(
      problemTexts([{ ...OK, countedFrom: { event: 'primary_resection', where: { sit: ['colon'] } } }]),
    ).toEqual([
      '/rules/0/countedFrom/where/sit unknown-field: primary_resection has no field sit; it has site, stage, intent, preoperativeColonoscopy.',
    ]);
    expect(problemTexts([{ ...OK, where: { stage: ['II'] } }])).toEqual([
      '/rules/0/where/stage unknown-field: started has no field stage; it has none.',
    ]);
  });

  test('a value that the field cannot have', () => {
    const line = 'finding is never fine; it is normal, abnormal, incomplete.';
    expect(
      problemTexts([
        { ...OK, given: [{ recorded: { event: 'colonoscopy', where: { finding: ['normal', 'fine'] } } }] },
      ]),
    ).toEqual([`/rules/0/given/0/recorded/where/finding unknown-value: ${line}`]);
    expect(cases({ when: { last: ['fine'] } })).toEqual([
      `/rules/0/cases/0/when/last/finding unknown-value: ${line}`,
    ]);
    const counts = { event: 'colonoscopy', field: 'finding', results: ['normal', 'fine'] };
    expect(cases({}, { counts })).toEqual([`/rules/0/counts/results/finding unknown-value: ${line}`]);
    expect(
      cases({ when: { clock: { site: ['liver'] } } }, { clock: { event: 'primary_resection' } }),
    ).toEqual(['/rules/0/cases/0/when/clock/site unknown-value: site is never liver; it is colon, rectum.']);
  });

  test('any text where the field has any; declared fields and values in addition to the known ones', () => {
    expect(
      problemTexts([look({ event: 'recurrence', where: { site: ['anywhere at all'] } }, 'P4W')]),
    ).toEqual([]);
    const events = {
      started: { title: TEXT, fields: { arm: ['a', 'b'] } },
      colonoscopy: { fields: { finding: ['doubtful'], prep: ['good'] } },
      exam: { fields: { activity: ['own'] } },
    };
    const recorded = (event: string, where: Record<string, string[]>): Rule => ({
      ...OK,
      given: [{ recorded: { event, where } }],
    });
    expect(problemTexts([{ ...OK, where: { arm: ['a'] } }], { events })).toEqual([]);
    expect(problemTexts([{ ...OK, where: { arm: ['c'] } }], { events })).toEqual([
      '/rules/0/where/arm unknown-value: arm is never c; it is a, b.',
    ]);
    expect(
      problemTexts([recorded('colonoscopy', { finding: ['doubtful', 'normal'], prep: ['good'] })], {
        events,
      }),
    ).toEqual([]);
    expect(problemTexts([recorded('colonoscopy', { prep: ['bad'] })], { events })).toEqual([
      '/rules/0/given/0/recorded/where/prep unknown-value: prep is never bad; it is good.',
    ]);
    expect(problemTexts([recorded('exam', { activity: ['mri_liver'] })], { events })).toEqual([]);
  });

  test('the same words as every event has', () => {
    expect(
      problemTexts([OK], { events: { started: { title: TEXT, fields: { date: ['x'], size: ['x'] } } } }),
    ).toEqual(['/events/started/fields/date reserved: Every event has its date: name the field otherwise.']);
  });

  test('what a chain assumes must be one of the results that count', () => {
    expect(cases({}, { assumed: 'incomplete' })).toEqual([
      '/rules/0/assumed not-counted: incomplete is none of the results that count.',
    ]);
    expect(cases({}, { assumed: undefined })).toEqual([
      '/rules/0/assumed not-counted: Nothing is none of the results that count.',
    ]);
    expect(cases({}, { counts: { event: 'colonoscopy' }, assumed: undefined })).toEqual([]);
    expect(
      cases({ when: { last: ['anything'] } }, { counts: { event: 'colonoscopy' }, assumed: undefined }),
    ).toEqual([]);
  });
});

test('a known activity declared again, an activity that is also called no routine', () => {
  expect(problemTexts([OK], { activities: { mri_liver: { title: TEXT }, dre: { title: TEXT } } })).toEqual([
    '/activities/mri_liver already-known: mri_liver is an activity of the house: it needs no declaring.',
  ]);
  const notRoutine = [{ activities: ['tumour_markers', 'mri_liver'], section: '1.3', sentence: TEXT }];
  expect(problemTexts([OK], { notRoutine })).toEqual([
    '/rules/0/activity not-routine: The guideline itself calls it no routine (1.3).',
  ]);
  expect(problemTexts([{ ...OK, activity: ['colonoscopy', 'mri_liver'] }], { notRoutine })).toHaveLength(1);
  expect(problemTexts([{ ...OK, activity: 'colonoscopy' }], { notRoutine })).toEqual([]);
});

describe('a rule that would require itself forever', () => {
  const asks = (found: string, activity: string, id: string): Rule =>
    look({ event: 'exam', where: { activity: [found] } }, 'P4W', { activity, id });
  const cycle = (index: number, found: string): string =>
    `/rules/${index}/after cycle: A finding of ${found} leads back to ${found}: it would ask for itself for ever.`;

  test('a finding of an examination, by one rule or several', () => {
    expect(problemTexts([asks('mri_liver', 'mri_liver', 'a')])).toEqual([cycle(0, 'mri_liver')]);
    expect(
      problemTexts([
        asks('mri_liver', 'ct_chest_abdomen', 'a'),
        asks('ct_chest_abdomen', 'mri_liver', 'b'),
        asks('ct_chest_abdomen', 'colonoscopy', 'c'),
      ]),
    ).toEqual([cycle(0, 'mri_liver'), cycle(1, 'ct_chest_abdomen')]);
    expect(
      problemTexts([asks('liver_ultrasound', 'mri_liver', 'a'), asks('ct_chest_abdomen', 'mri_liver', 'b')]),
    ).toEqual([]);
    expect(
      problemTexts([asks('liver_ultrasound', 'mri_liver', 'a'), asks('mri_liver', 'mri_liver', 'b')]),
    ).toEqual([cycle(1, 'mri_liver')]);
  });

  test('any examination, or a colonoscopy', () => {
    expect(problemTexts([look({ event: 'exam' }, 'P4W')]).at(0)).toMatch(
      /^\/rules\/0\/after cycle: A finding of mri_liver/,
    );
    expect(problemTexts([look({ event: 'colonoscopy' }, 'P4W', { activity: 'colonoscopy' })])).toEqual([
      cycle(0, 'colonoscopy'),
    ]);
    expect(problemTexts([look({ event: 'colonoscopy' }, 'P4W')])).toEqual([]);
    expect(problemTexts([look({ event: 'recurrence' }, 'P4W', { activity: 'colonoscopy' })])).toEqual([]);
  });

  test('an examination that includes itself by way of another', () => {
    const covers = {
      ct_chest_abdomen_pelvis: ['ct_chest_abdomen'],
      ct_chest_abdomen: ['ct_chest_abdomen_pelvis'],
      mri_liver: ['ct_chest_abdomen'],
    };
    expect(problemTexts([OK], { covers })).toEqual([
      '/covers/ct_chest_abdomen_pelvis cycle: ct_chest_abdomen_pelvis would include itself.',
      '/covers/ct_chest_abdomen cycle: ct_chest_abdomen would include itself.',
    ]);
    expect(problemTexts([OK], { covers: { mri_liver: ['ct_chest_abdomen'] } })).toEqual([]);
  });
});
