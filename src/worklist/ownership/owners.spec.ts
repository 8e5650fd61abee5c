import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { addDays, calendarDate, type CalendarDate } from '../../guideline/calendar.js';
import type { Role } from '../../tenancy/caller.js';
import {
  canOwn,
  DUTIES,
  type NamedOwner,
  type OwnedPatient,
  type RunningHandover,
  seesPatient,
  Staff,
  type StaffMember,
} from './owners.js';

const member = (id: string, roles: Role[], facts: Partial<StaffMember> = {}): StaffMember => ({
  ...{ id, name: id, roles, active: true, departments: null, ownPatientsOnly: false },
  ...facts,
});
const LI = member('Li', ['nurse']);
const WANG = member('Wang', ['nurse']);
const DR_CHEN = member('Dr. Chen', ['clinician']);
const HEAD = member('head nurse', ['head_nurse']);
const HEAD_OF_LIVER = member('head nurse of liver', ['head_nurse'], { departments: ['liver'] });
const WARD = [LI, WANG, DR_CHEN, HEAD, HEAD_OF_LIVER];

const FRIDAY = calendarDate('2026-11-06');
const handover = (from: string, to: string, patients?: string[]): RunningHandover => ({
  ...{ id: `${from} to ${to}`, from, to, lastDay: FRIDAY },
  patientIds: patients ? new Set(patients) : null,
});
const patient = (facts: Partial<OwnedPatient> = {}): OwnedPatient => ({
  ...{ id: 'patient', department: 'liver', responsiblePersonId: 'Li' },
  ...facts,
});

const ownersIn = (
  staff: Staff,
  of: OwnedPatient,
  { named = [], activity = 'ct' }: { named?: NamedOwner[]; activity?: string | null } = {},
): readonly string[] => staff.ownerOf(of, named, { activity, duty: 'books' }).personIds;

describe('who books the CT of a patient', () => {
  const ward = new Staff(WARD, []);

  test('the responsible nurse, where no other person was named', () => {
    expect(ward.ownerOf(patient(), [], { activity: 'ct', duty: 'books' })).toEqual({
      ...{ personIds: ['Li'], by: 'responsible_nurse', insteadOf: null, until: null },
    });
  });

  test('who was named for booking this patient, and before them who was named for booking the CT', () => {
    const patientwide: NamedOwner = { activity: null, duty: 'books', personId: 'Wang' };
    const ofCt: NamedOwner = { activity: 'ct', duty: 'books', personId: 'Dr. Chen' };
    expect(ownersIn(ward, patient(), { named: [patientwide] })).toEqual(['Wang']);
    expect(ownersIn(ward, patient(), { named: [patientwide, ofCt] })).toEqual(['Dr. Chen']);
    expect(ownersIn(ward, patient(), { named: [patientwide, ofCt], activity: 'mri' })).toEqual(['Wang']);
  });

  test('not who was named for ordering or reading it', () => {
    const named: NamedOwner[] = [
      { activity: 'ct', duty: 'orders', personId: 'Dr. Chen' },
      { activity: null, duty: 'reads', personId: 'Dr. Chen' },
    ];
    expect(ownersIn(ward, patient(), { named })).toEqual(['Li']);
  });

  test('the head nurse of the department without a responsible nurse, else the one of the hospital', () => {
    expect(ownersIn(ward, patient({ responsiblePersonId: null }))).toEqual(['head nurse of liver']);
    expect(ownersIn(ward, patient({ responsiblePersonId: null, department: 'bowel' }))).toEqual([
      'head nurse',
    ]);
    expect(ownersIn(ward, patient({ responsiblePersonId: null, department: null }))).toEqual(['head nurse']);
  });

  test('all nurses who see the patient, in a hospital without a head nurse', () => {
    const staff = new Staff([LI, WANG, member('of bowel', ['nurse'], { departments: ['bowel'] })], []);
    expect(
      staff.ownerOf(patient({ responsiblePersonId: null }), [], { activity: null, duty: 'reads' }),
    ).toEqual({ personIds: ['Li', 'Wang'], by: 'nurse', insteadOf: null, until: null });
  });

  test('no person, before the hospital has a nurse', () => {
    const staff = new Staff([member('admin', ['hospital_admin'])], []);
    expect(staff.ownerOf(patient(), [], { activity: null, duty: 'books' }).by).toBe('nobody');
  });

  test('the head nurse at once, when the nurse is disabled, or is none any more', () => {
    for (const gone of [{ active: false }, { roles: ['auditor'] as Role[] }]) {
      const staff = new Staff([{ ...LI, ...gone }, WANG, HEAD], []);
      expect(ownersIn(staff, patient())).toEqual(['head nurse']);
    }
  });

  test('not a person who does not see the patient any more', () => {
    const staff = new Staff([LI, { ...WANG, departments: ['bowel'] }, HEAD], []);
    expect(
      ownersIn(staff, patient(), { named: [{ activity: 'ct', duty: 'books', personId: 'Wang' }] }),
    ).toEqual(['Li']);
  });
});

describe('while a handover runs', () => {
  test('the stand-in owns, and the answer says for whom and until when', () => {
    const staff = new Staff(WARD, [handover('Li', 'Wang')]);
    expect(staff.ownerOf(patient(), [], { activity: 'ct', duty: 'books' })).toEqual({
      ...{ personIds: ['Wang'], by: 'responsible_nurse', insteadOf: 'Li', until: FRIDAY },
    });
  });

  test('patients go on to the stand-in of the stand-in', () => {
    const staff = new Staff(WARD, [handover('Li', 'Wang'), handover('Wang', 'head nurse')]);
    expect(ownersIn(staff, patient())).toEqual(['head nurse']);
  });

  test('a patient who was handed over singly goes to whom they were handed, the others to the general stand-in', () => {
    const staff = new Staff(WARD, [handover('Li', 'Wang'), handover('Li', 'Dr. Chen', ['patient'])]);
    expect(ownersIn(staff, patient())).toEqual(['Dr. Chen']);
    expect(ownersIn(staff, patient({ id: 'another' }))).toEqual(['Wang']);
  });

  test('in a circle, or with a stand-in who is gone or does not see the patient, the head nurse owns', () => {
    const circle = [handover('Li', 'Wang'), handover('Wang', 'Li')];
    expect(ownersIn(new Staff([LI, WANG, HEAD], circle), patient())).toEqual(['head nurse']);
    for (const fault of [{ active: false }, { departments: ['bowel'] }, { ownPatientsOnly: true }]) {
      const staff = new Staff([LI, { ...WANG, ...fault }, HEAD], [handover('Li', 'Wang')]);
      expect(ownersIn(staff, patient())).toEqual(['head nurse']);
    }
  });

  test('the patients of a disabled nurse stay with the stand-in whom she named', () => {
    const staff = new Staff([{ ...LI, active: false }, WANG, HEAD], [handover('Li', 'Wang')]);
    expect(ownersIn(staff, patient())).toEqual(['Wang']);
  });
});

const IDS = ['a', 'b', 'c', 'd', 'e'];
const anyDepartments = fc.option(fc.uniqueArray(fc.constantFrom('liver', 'bowel'), { minLength: 1 }));
const anyPerson = (id: string): fc.Arbitrary<StaffMember> =>
  fc.record({
    ...{ id: fc.constant(id), name: fc.constant(id), active: fc.boolean(), departments: anyDepartments },
    roles: fc.subarray<Role>(['nurse', 'head_nurse', 'clinician', 'auditor'], { minLength: 1 }),
    ownPatientsOnly: fc.boolean(),
  });
const anyPatient: fc.Arbitrary<OwnedPatient> = fc.record({
  id: fc.constantFrom('p', 'q'),
  department: fc.constantFrom(null, 'liver', 'bowel', 'lung'),
  responsiblePersonId: fc.option(fc.constantFrom(...IDS)),
});
const anyHandover: fc.Arbitrary<RunningHandover> = fc
  .record({
    from: fc.constantFrom(...IDS),
    to: fc.constantFrom(...IDS),
    lastDay: fc.integer({ min: 0, max: 9 }).map((days): CalendarDate => addDays(FRIDAY, days)),
    patientIds: fc.option(fc.subarray(['p', 'q'], { minLength: 1 }).map((ids) => new Set(ids))),
  })
  .map((one) => ({ ...one, id: `${one.from}-${one.to}` }))
  .filter(({ from, to }) => from !== to);
const anyStaff = fc
  .tuple(fc.tuple(...IDS.map(anyPerson)), fc.array(anyHandover, { maxLength: 6 }))
  .map(([people, handovers]) => new Staff(people, handovers));
const anyNamed: fc.Arbitrary<NamedOwner[]> = fc.array(
  fc.record({
    activity: fc.constantFrom(null, 'ct', 'mri'),
    duty: fc.constantFrom(...DUTIES),
    personId: fc.constantFrom(...IDS),
  }),
  { maxLength: 5 },
);
const anyQuestion = fc.record({ activity: fc.constantFrom(null, 'ct'), duty: fc.constantFrom(...DUTIES) });

test('no item is without an owner once a nurse or head nurse sees the patient and has not handed over', () => {
  fc.assert(
    fc.property(anyStaff, anyPatient, anyNamed, anyQuestion, (staff, of, named, question) => {
      const someone = staff.people.some(
        (person) =>
          canOwn(person) &&
          person.roles.some((role) => role === 'nurse' || role === 'head_nurse') &&
          !person.ownPatientsOnly &&
          seesPatient(person, { ...of, responsiblePersonId: null }) &&
          staff.standInFor(person.id).person === person.id,
      );
      fc.pre(someone);
      const { personIds, by } = staff.ownerOf(of, named, question);
      expect([personIds.length > 0, by === 'nobody']).toEqual([true, false]);
    }),
    { numRuns: 2000 },
  );
});

test('an owner has an open account and a role that owns, and sees the patient', () => {
  fc.assert(
    fc.property(anyStaff, anyPatient, anyNamed, anyQuestion, (staff, of, named, question) => {
      for (const id of staff.ownerOf(of, named, question).personIds) {
        const owner = staff.person(id);
        expect(owner && canOwn(owner) && seesPatient(owner, of)).toBe(true);
      }
    }),
    { numRuns: 2000 },
  );
});
