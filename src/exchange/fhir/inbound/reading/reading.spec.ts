import { describe, expect, test } from '@jest/globals';
import { GUIDELINES } from '../../../../guideline/published/index.js';
import { DomainError } from '../../../../platform/domain-error.js';
import { BUILT_IN_MAPPING } from '../../../mappings/built-in-mapping.js';
import { MappingFile } from '../../../mappings/mapping-file.js';
import { readAppointment } from './appointment.js';
import { readCondition } from './diagnosis.js';
import { measurementsIn } from './observation.js';
import { readPerson } from './person.js';
import { readProcedure } from './procedure.js';
import { identifierIn, referenceTarget, targetOf } from './references.js';
import { readReport } from './report.js';
import { dayAndTime, dayOf } from './when.js';

const guideline = GUIDELINES.at(-1)!;
const context = { timeZone: 'Asia/Shanghai', guideline, mapping: BUILT_IN_MAPPING, at: 'X' };
const subject = { reference: 'Patient/1' };

/** The expressions at which `read` refuses. */
function refusedBy(read: () => unknown): string[] {
  try {
    read();
  } catch (error) {
    if (error instanceof DomainError) return error.faults.map(({ pointer, code }) => `${pointer} ${code}`);
    throw error;
  }
  return [];
}

describe('the day of a time', () => {
  test.each([
    ['2026-11-09', '2026-11-09'],
    ['2026-11-09T15:59:59Z', '2026-11-09'],
    ['2026-11-09T16:00:00Z', '2026-11-10'], // midnight in Shanghai
    ['2026-11-09T00:30:00+08:00', '2026-11-09'],
    ['2016-12-31T23:59:60Z', '2017-01-01'], // a leap second
    ['2026-11', undefined],
    ['2026', undefined],
    [undefined, undefined],
  ])('of %s in Shanghai is %s', (time, day) => expect(dayOf(time, 'Asia/Shanghai')).toBe(day));

  test('and the time of day is that of the hospital', () =>
    expect(dayAndTime('2026-11-09T16:30:00Z', 'Asia/Shanghai')).toEqual({
      date: '2026-11-10',
      time: '00:30',
    }));
});

describe('a patient', () => {
  const patient = {
    resourceType: 'Patient' as const,
    identifier: [
      { system: 'http://hl7.org/fhir/sid/us-ssn', value: '999-50-3162', type: { coding: [{ code: 'SS' }] } },
      { system: 'urn:oid:1.2.3', value: 'Z100', type: { coding: [{ code: 'MR' }] } },
    ],
    name: [
      { use: 'maiden', family: '李', given: ['芳'] },
      { use: 'official', family: '王', given: ['建国'] },
    ],
    gender: 'male' as const,
    birthDate: '1958-11-06',
    telecom: [
      { system: 'phone', value: '13800138000', use: 'old' },
      { system: 'phone', value: '10000012345' },
      { system: 'phone', value: '13900139000', rank: 1 },
    ],
  };
  const read = (changes: object = {}) =>
    readPerson({ ...patient, ...changes }, { types: ['MR', 'PI'] }, 'Asia/Shanghai', 'Patient');

  test('has the number of type MR, the official name and the first callable phone', () =>
    expect(read()).toMatchObject({
      mrn: 'Z100',
      fields: { name: '王建国', sex: 'male', birthDate: '1958-11-06', phone: '13900139000' },
    }));
  test('of another language has the family name last', () =>
    expect(read({ name: [{ family: 'Chalmers', given: ['Peter', 'James'] }] }).fields.name).toBe(
      'Peter James Chalmers',
    ));
  test('of whose birth only the year is sent is refused: the day is not guessed', () =>
    expect(refusedBy(() => read({ birthDate: '1958' }))).toEqual(['Patient.birthDate whole-day-required']));
  test('with two numbers of no type is refused: neither is chosen', () =>
    expect(refusedBy(() => read({ identifier: [{ value: '1' }, { value: '2' }] }))).toEqual([
      'Patient.identifier required',
    ]));
  test('that replaces another one is refused', () =>
    expect(refusedBy(() => read({ link: [{ other: subject, type: 'replaces' }] }))).toEqual([
      'Patient.link[0].type not-supported',
    ]));
  test('who died in a month that is known, on a day that is not, has no day of death', () => {
    expect(read({ deceasedDateTime: '2026-10' }).died).toBe('unknown');
    expect(read({ deceasedDateTime: '2026-10-05T20:00:00Z' }).died).toBe('2026-10-06');
  });
});

describe('a condition', () => {
  const condition = (code: string, system: string, changes: object = {}) => ({
    ...{ resourceType: 'Condition' as const, subject, code: { coding: [{ system, code }] } },
    ...{ onsetDateTime: '2026-11-02', ...changes },
  });
  const ICD10 = 'http://hl7.org/fhir/sid/icd-10';
  const SNOMED = 'http://snomed.info/sct';
  const kindOf = (code: string, system: string, changes = {}) =>
    readCondition(condition(code, system, changes), context).kind;

  test.each([
    ['C18.7', ICD10, 'diagnosis'],
    ['C20', 'http://hl7.org/fhir/sid/icd-10-cm', 'diagnosis'],
    ['109838007', SNOMED, 'diagnosis'],
    ['C78.7', ICD10, 'event'],
    ['C18', 'http://terminology.hl7.org/CodeSystem/icd-o-3', 'noted'],
    ['94260004', SNOMED, 'noted'], // secondary cancer of the colon
    ['C180', 'urn:other', 'noted'],
    ['C50.9', ICD10, 'noted'],
    ['D12.6', ICD10, 'noted'],
  ])('%s of %s: %s', (code, system, kind) => expect(kindOf(code, system)).toBe(kind));

  test('begins on the day of the diagnosis where it differs from the onset', () => {
    const extension = [
      { url: 'http://hl7.org/fhir/StructureDefinition/condition-assertedDate', valueDateTime: '2026-11-05' },
    ];
    expect(readCondition(condition('C18.7', ICD10, { extension }), context)).toMatchObject({
      date: '2026-11-05',
    });
  });
  test('of which only the month is known is refused', () =>
    expect(refusedBy(() => kindOf('C18.7', ICD10, { onsetDateTime: '2026-11' }))).toEqual([
      'X.onset whole-day-required',
    ]));
  test('that was ruled out is taken back, and a suspicion changes nothing', () => {
    const status = (code: string) => ({
      verificationStatus: {
        coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-ver-status', code }],
      },
    });
    expect(kindOf('C18.7', ICD10, status('refuted'))).toBe('taken-back');
    expect(kindOf('C18.7', ICD10, status('provisional'))).toBe('noted');
  });
  test('that recurs without a day of the recurrence is refused', () => {
    const clinicalStatus = {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code: 'recurrence' }],
    };
    expect(refusedBy(() => kindOf('C18.7', ICD10, { clinicalStatus }))).toEqual([
      'X.clinicalStatus not-interpreted',
    ]);
  });
});

describe('a value', () => {
  const observation = (changes: object = {}) => ({
    ...{ resourceType: 'Observation' as const, status: 'final', subject, effectiveDateTime: '2026-11-09' },
    code: { coding: [{ system: 'http://loinc.org', code: '2039-6' }] },
    valueQuantity: {
      value: 0.5,
      comparator: '<' as const,
      unit: 'ng per mL',
      system: 'http://unitsofmeasure.org',
      code: 'ng/mL',
    },
    ...changes,
  });
  const read = (changes: object = {}) => measurementsIn(observation(changes), context);

  test('keeps comparator, UCUM unit and the upper limit of the laboratory', () =>
    expect(
      read({
        referenceRange: [
          { high: { value: 5, unit: 'ng per mL', system: 'http://unitsofmeasure.org', code: 'ng/mL' } },
        ],
      }),
    ).toMatchObject([
      { code: 'CEA', value: { value: 0.5, comparator: '<', unit: 'ng/mL', referenceLimit: 5 } },
    ]));
  test('has no limit where two ranges could be meant, or the limit has another unit', () => {
    const high = { value: 5, code: 'ng/mL' };
    expect(read({ referenceRange: [{ high }, { high }] })[0]?.value).not.toHaveProperty('referenceLimit');
    expect(read({ referenceRange: [{ high: { value: 5, code: 'ug/mL' } }] })[0]?.value).not.toHaveProperty(
      'referenceLimit',
    );
  });
  test('that is preliminary does not count, and one entered in error takes back', () => {
    expect(read({ status: 'preliminary' })).toEqual([]);
    expect(read({ status: 'entered-in-error' })).toMatchObject([{ code: 'CEA', value: undefined }]);
  });
  test('without a number is refused, with a reason for it noted', () => {
    expect(refusedBy(() => read({ valueQuantity: undefined }))).toEqual(['X.value required']);
    expect(read({ valueQuantity: undefined, dataAbsentReason: { text: 'haemolysed' } })).toEqual([]);
  });
  test('of another measurement is not read', () =>
    expect(read({ code: { coding: [{ system: 'http://loinc.org', code: '8302-2' }] } })).toEqual([]));
});

describe('what only the mapping file of the hospital can say', () => {
  const mapping = MappingFile.parse({
    ...{ id: 'h', version: '1.0.0', title: { zh: '院', en: 'h' }, patientNumber: { types: ['MR'] } },
    events: [
      { kind: 'procedure', system: 'urn:h', code: 'P1', event: { type: 'primary_resection', site: 'colon' } },
    ],
    exams: [{ system: 'urn:h', code: 'R1', activity: 'colonoscopy' }],
    reports: [
      {
        system: 'urn:h',
        code: 'R1',
        when: [{ observation: 'conclusion', has: ['未见异常'] }],
        outcome: 'normal',
      },
    ],
  });
  const coded = (code: string) => ({ coding: [{ system: 'urn:h', code }] });
  const procedure = { resourceType: 'Procedure' as const, status: 'completed', subject, code: coded('P1') };
  const report = { resourceType: 'DiagnosticReport' as const, status: 'final', subject, code: coded('R1') };

  test('a procedure of its table is the event, on the first day of its period', () => {
    const performedPeriod = { start: '2026-11-09T23:00:00+08:00', end: '2026-11-10T02:00:00+08:00' };
    expect(readProcedure({ ...procedure, performedPeriod }, { ...context, mapping })).toMatchObject({
      ...{ kind: 'event', input: { type: 'primary_resection', site: 'colon', date: '2026-11-09' } },
    });
    expect(readProcedure({ ...procedure, performedPeriod }, context).kind).toBe('noted');
  });
  test('a report is an exam by its rule, and refused where no rule fits', () => {
    const sent = { ...report, effectiveDateTime: '2026-11-09', conclusion: '全结肠未见异常。' };
    expect(readReport(sent, [], { ...context, mapping })).toMatchObject({
      ...{ kind: 'event', input: { type: 'colonoscopy', finding: 'normal', date: '2026-11-09' } },
    });
    expect(readReport({ ...sent, conclusion: '息肉' }, [], { ...context, mapping })).toMatchObject({
      ...{ kind: 'uninterpreted', activity: 'colonoscopy', at: 'X.code' },
    });
    expect(readReport(sent, [], context).kind).toBe('noted');
  });
  test('an appointment names what is booked by its service type', () => {
    const appointment = {
      ...{ resourceType: 'Appointment' as const, status: 'booked', serviceType: [coded('R1')] },
      ...{ start: '2026-11-09T00:30:00Z', participant: [{ actor: { ...subject } }] },
    };
    expect(readAppointment(appointment, { ...context, mapping })).toMatchObject({
      ...{ activities: ['colonoscopy'], day: '2026-11-09', time: '08:30', outcome: undefined },
    });
  });
});

describe('what is referred to', () => {
  test.each([
    ['Patient/1', { is: 'id', type: 'Patient', id: '1' }],
    ['https://h/fhir/Patient/1/_history/2', { is: 'id', type: 'Patient', id: '1' }],
    ['Patient?identifier=urn:h|Z%201', { is: 'search', type: 'Patient', system: 'urn:h', value: 'Z 1' }],
    ['Patient?name=wang', { is: 'unreadable' }],
    ['Patient?identifier=a|1&name=b', { is: 'unreadable' }],
    ['#contained', { is: 'unreadable' }],
  ])('%s', (url, target) => expect(targetOf(url)).toEqual(target));

  test('a relative reference counts first against the address of its own resource', () => {
    const entries = new Set(['https://a/fhir/Patient/1']);
    expect(referenceTarget(subject, entries, 'https://a/fhir/Condition/2')).toEqual({
      ...{ is: 'entry', fullUrl: 'https://a/fhir/Patient/1' },
    });
    expect(referenceTarget(subject, entries, 'https://b/fhir/Condition/2')).toMatchObject({ is: 'id' });
  });
  test('an identifier without a value names nothing', () =>
    expect(identifierIn('identifier=urn:h|')).toBeUndefined());
});
