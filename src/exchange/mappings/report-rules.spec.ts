import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import type { IncomingReport } from './incoming-facts.js';
import { type Mapping, readMappingFile } from './mapping-file.js';
import { mappingProblems } from './mapping-problems.js';
import { interpretReport } from './report-rules.js';

const read = readMappingFile(readFileSync('docs/examples/mapping.json', 'utf8'));
const mapping = (read as { mapping: Mapping }).mapping;

type Observed = readonly [code: string, value: string | number, isFinal?: boolean];
const report = (
  code: string,
  system: string,
  observed: readonly Observed[],
  sender = 'RIS',
): IncomingReport => ({
  sender,
  codes: [{ code, system }],
  observations: observed.map(([observation, value, isFinal = true]) => ({
    codes: [{ code: observation }],
    isFinal,
    values: [typeof value === 'number' ? { number: value, codes: [] } : { text: value, codes: [] }],
  })),
});
const colonoscopy = (...observed: Observed[]) => interpretReport(mapping, report('CJ01', 'ENDO', observed));
const ct = (...observed: Observed[]) => interpretReport(mapping, report('CT0312', 'RIS', observed));

test('the sample can be used with the program’s own activities', () => {
  expect(read).not.toHaveProperty('faults');
  expect(mappingProblems(mapping, undefined)).toEqual([]);
});

describe('a report has the outcome of the rules that match', () => {
  test.each([
    ['a positive CT', ct(['YYX', '阳性'], ['YXJL', '肝S6段结节，考虑转移']), 'suspicious'],
    ['a negative CT', ct(['YYX', '阴性'], ['YXJL', '未见明确转移征象']), 'normal'],
    [
      'a scope that did not reach the caecum',
      colonoscopy(['HMB', '否'], ['NJZD', '肠道准备差']),
      'incomplete',
    ],
    ['a polyp', colonoscopy(['HMB', '是'], ['BBPS', 8], ['NJZD', '升结肠息肉']), 'abnormal'],
    ['nothing found', colonoscopy(['HMB', 'Y'], ['BBPS', 9], ['NJZD', '所见未见异常']), 'normal'],
  ])('%s', (_, interpreted, outcome) => {
    expect(interpreted).toMatchObject({ is: 'interpreted', outcome });
  });
});

describe('nothing is assumed', () => {
  test.each([
    ['a negative CT whose text advises more', ct(['YYX', '阴性'], ['YXJL', '建议肝脏MRI'])],
    ['a CT without a result', ct(['YXJL', '未见转移'])],
    ['a preliminary result', ct(['YYX', '阴性', false], ['YXJL', '未见转移'])],
    ['two results that contradict each other', ct(['YYX', '阴性'], ['YYX', '阳性'], ['YXJL', '未见转移'])],
    ['poor preparation', colonoscopy(['HMB', '是'], ['BBPS', 4], ['NJZD', '未见异常'])],
    [
      'a normal scope whose pathology is still pending',
      colonoscopy(['HMB', '是'], ['BBPS', 8], ['NJZD', '未见异常'], ['BLJG', '待出', false]),
    ],
  ])('%s', (_, interpreted) => {
    expect(interpreted).toMatchObject({ is: 'uninterpreted' });
  });

  test('a code of another system is no code of the table', () => {
    expect(interpretReport(mapping, report('CT0312', 'LIS', [['YYX', '阴性']]))).toEqual({ is: 'unmapped' });
    expect(interpretReport(mapping, report('CT0312', 'urn:example:ris', [['YYX', '1']]))).toMatchObject({
      outcome: 'suspicious',
    });
  });

  test('rules that disagree decide nothing', () => {
    const also = { ...mapping.reports[0]!, outcome: 'inconclusive' };
    expect(
      interpretReport(
        { ...mapping, reports: [...mapping.reports, also] },
        report('CT0312', 'RIS', [['YYX', '1']]),
      ),
    ).toMatchObject({ is: 'uninterpreted', reason: { key: 'mapping-rules-disagree' } });
  });
});

test('the order of rules and observations has no effect', () => {
  const observed: fc.Arbitrary<Observed> = fc.oneof(
    fc.tuple(fc.constantFrom('YYX', 'HMB'), fc.constantFrom('1', '0', 'Y', 'N'), fc.boolean()),
    fc.tuple(fc.constant('BBPS'), fc.integer({ min: 0, max: 9 }), fc.boolean()),
    fc.tuple(fc.constantFrom('YXJL', 'NJZD'), fc.constantFrom('息肉', '未见异常', '考虑转移'), fc.boolean()),
  );
  fc.assert(
    fc.property(
      fc
        .array(observed, { maxLength: 6 })
        .chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))),
      fc.shuffledSubarray(mapping.reports, { minLength: mapping.reports.length }),
      fc.constantFrom(['CJ01', 'ENDO'] as const, ['CT0312', 'RIS'] as const),
      ([list, shuffled], reports, [code, system]) => {
        const asked = (rules: Mapping['reports'], observations: readonly Observed[]) =>
          interpretReport({ ...mapping, reports: rules }, report(code, system, observations));
        const outcome = (one: ReturnType<typeof asked>) => (one.is === 'interpreted' ? one.outcome : one.is);
        expect(outcome(asked(reports, shuffled))).toBe(outcome(asked(mapping.reports, list)));
      },
    ),
  );
});
