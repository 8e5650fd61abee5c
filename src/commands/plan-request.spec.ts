import { look, protocol, scope, visit } from '../../test/support/protocol.js';
import type { Guideline, Rule } from '../guideline/guideline.js';
import { GUIDELINES } from '../guideline/published/index.js';
import { planRequest } from './plan-request.js';

const RESECTION = { type: 'primary_resection', date: '2024-01-15' };
const COMPLETE = {
  ...RESECTION,
  ...{ site: 'colon', stage: 'II', intent: 'curative', preoperativeColonoscopy: 'complete' },
};

/** The fields of the event that are missing or wrong. */
const faults = (guideline: Guideline, event: Record<string, unknown>): string[] => {
  const read = planRequest(guideline).safeParse({
    ...{ birthDate: '1950-05-05', diagnosisDate: '2011-12-20', events: [event] },
  });
  return read.success ? [] : read.error.issues.map(({ path }) => path.slice(2).join('/')).sort();
};
const own = (rule: Rule, more: Partial<Guideline> = {}) => protocol([rule], more);
const once = visit([{ at: ['P6M'] }]);
const resected = (fields: Record<string, string[]>) => ({ event: 'primary_resection', where: fields });

describe('of a protocol from a file', () => {
  test('a field that it nowhere asks about may be left out', () => {
    expect(faults(own(once), RESECTION)).toEqual([]);
    expect(faults(own(once), { type: 'conversion_therapy_started', date: '2024-01-15' })).toEqual([]);
  });

  const stage = { stage: ['II'] };
  test.each<[string, Guideline]>([
    ['a condition', own(visit([{ at: ['P6M'] }], { given: [{ recorded: resected(stage) }] }))],
    ['its contrary', own(visit([{ at: ['P6M'] }], { given: [{ not: { neverRecorded: resected(stage) } }] }))],
    ['an event after which it asks', own(look(resected(stage), 'P6M'))],
    ['an event that it counts from', own(visit([{ at: ['P6M'] }], { countedFrom: resected(stage) }))],
    ['the clock of a chain', own(scope([], { clock: resected(stage) }))],
    [
      'a case',
      own(
        scope([{ when: { clock: stage }, from: 'clock', due: 'P1Y', limit: false }], {
          clock: { event: 'primary_resection' },
        }),
      ),
    ],
    [
      'a condition of a case',
      own(
        scope([
          { when: { given: [{ recorded: resected(stage) }] }, from: 'clock', due: 'P1Y', limit: false },
        ]),
      ),
    ],
    [
      'what a chain counts',
      own(scope([], { counts: { event: 'primary_resection', field: 'stage' }, assumed: 'I' })),
    ],
    [
      'a flag',
      own(once, {
        flags: [{ code: 'a', message: { zh: '甲', en: 'A' }, when: { recorded: resected(stage) } }],
      }),
    ],
  ])('one that it asks about in %s is required, and no other', (_, guideline) => {
    expect(faults(guideline, RESECTION)).toEqual(['stage']);
  });

  test('one about the clock of its pathway is required by a rule and by a flag', () => {
    const pathways = [
      { ...own(once).pathways[0]!, clock: { event: 'primary_resection', where: { intent: ['curative'] } } },
    ];
    const flags = [
      {
        code: 'a',
        message: { zh: '甲', en: 'A' },
        when: { running: 'follow_up', where: { site: ['rectum'] } },
      },
    ];
    const rule = visit([{ at: ['P6M'] }], { where: { stage: ['II'] } });

    expect(faults(own(rule, { pathways, flags }), RESECTION)).toEqual(['intent', 'site', 'stage']);
  });

  test('a wrong value is refused all the same, and so are an examination without its kind and a misspelt field', () => {
    expect(faults(own(once), { ...RESECTION, stage: 'V' })).toEqual(['stage']);
    expect(faults(own(once), { type: 'exam', date: '2024-01-15' })).toEqual(['activity']);
    expect(faults(own(once), { type: 'colonoscopy', date: '2024-01-15' })).toEqual(['finding']);
    expect(faults(own(once), { ...RESECTION, stag: 'I' })).toHaveLength(1);
    expect(faults(own(once), { type: 'primary_resection' })).toEqual(['date']);
  });
});

test('a published guideline asks for every field that the program records', () => {
  for (const guideline of GUIDELINES) {
    expect(faults(guideline, RESECTION)).toEqual(['intent', 'preoperativeColonoscopy', 'site', 'stage']);
    expect(faults(guideline, COMPLETE)).toEqual([]);
  }
});
