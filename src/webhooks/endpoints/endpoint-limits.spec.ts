import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Caller, programIn } from '../../tenancy/caller.js';
import { type EndpointScope, givenReach, isWider, refuseWider } from './endpoint-limits.js';

const DEPARTMENTS = ['liver', 'colon', 'lung'];
const NURSES = ['Li', 'Wang'];
const PATIENTS = [...DEPARTMENTS, 'another', null].flatMap((department) =>
  [...NURSES, null].map((nurse) => ({ department, nurse })),
);

const departments = fc.option(fc.subarray(DEPARTMENTS, { minLength: 1 }));
const callers: fc.Arbitrary<Caller> = fc
  .record({ name: fc.constantFrom(...NURSES), departments, ownOnly: fc.boolean() })
  .map(({ name, ...patientScope }) => ({ ...programIn('h'), kind: 'person', id: name, name, patientScope }));

/** The definition of the patient scope, patient by patient. */
const seenBy = ({ name, patientScope }: Caller): Set<object> =>
  new Set(
    PATIENTS.filter(
      ({ department, nurse }) =>
        nurse === name ||
        (!patientScope.ownOnly &&
          (patientScope.departments === null ||
            department === null ||
            patientScope.departments.includes(department))),
    ),
  );
const visibleTo = (reach: EndpointScope | null): object[] =>
  PATIENTS.filter(({ department, nurse }) =>
    reach === null
      ? true
      : 'nurse' in reach
        ? nurse === reach.nurse
        : department === null || reach.departments.includes(department),
  );

const refused = (act: () => unknown): boolean => {
  try {
    act();
    return false;
  } catch {
    return true;
  }
};

const steps = fc.array(
  fc.record({
    caller: callers,
    asked: fc.option(
      departments.map((d) => ({ departments: d })),
      { nil: undefined },
    ),
  }),
  {
    minLength: 1,
    maxLength: 8,
  },
);

test('however an endpoint is registered and changed, it gets no message about a patient that its last editor cannot see', () => {
  fc.assert(
    fc.property(steps, (all) => {
      let reach: EndpointScope | null | undefined;
      for (const { caller, asked } of all) {
        const before = reach;
        if (before !== undefined && refused(() => refuseWider(caller, before))) {
          expect(visibleTo(before).every((patient) => seenBy(caller).has(patient))).toBe(false);
          continue;
        }
        if (
          refused(
            () => (reach = before !== undefined && asked === undefined ? before : givenReach(caller, asked)),
          )
        )
          continue;
        expect(visibleTo(reach ?? null).filter((patient) => !seenBy(caller).has(patient))).toEqual([]);
        if (before === undefined) continue;
        const isMore = visibleTo(reach ?? null).some((patient) => !visibleTo(before).includes(patient));
        const visible = { reach: reach ?? null, filter: null };
        if (isMore) expect(isWider(visible, { reach: before, filter: null })).toBe(true);
      }
    }),
  );
});
