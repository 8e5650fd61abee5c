import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { StructureCheck } from './structure.js';

const problemsOf = (resource: unknown): string[] => {
  const check = new StructureCheck(true);
  check.resource(resource, (resource as { resourceType?: string } | null)?.resourceType ?? 'Resource');
  return check.problems.map(({ expression, kind, expected }) =>
    `${expression} ${kind} ${expected ?? ''}`.trim(),
  );
};

const cea = {
  resourceType: 'Observation',
  status: 'final',
  code: { coding: [{ system: 'http://loinc.org', code: '2039-6' }] },
  subject: { reference: 'Patient/1' },
  effectiveDateTime: '2026-11-09',
  valueQuantity: { value: 3.2, unit: 'ng/mL', system: 'http://unitsofmeasure.org', code: 'ng/mL' },
};

describe('the structure of a resource', () => {
  test('a laboratory value as R4 has it is right', () => expect(problemsOf(cea)).toEqual([]));

  test.each([
    [
      'an element that R4 does not have',
      { ...cea, valeuQuantity: {} },
      'Observation.valeuQuantity unknown-element',
    ],
    ['a missing status', { ...cea, status: undefined }, 'Observation.status wrong-format code'],
    ['a status of another list', { ...cea, status: 'done' }, 'Observation.status not-in-list'],
    ['two values of one choice', { ...cea, valueString: '3.2' }, 'Observation.value one-of-choice'],
    [
      'a day that does not exist',
      { ...cea, effectiveDateTime: '2026-02-30' },
      'Observation.effective wrong-format dateTime',
    ],
    [
      'a time without an offset',
      { ...cea, effectiveDateTime: '2026-11-09T08:00:00' },
      'Observation.effective wrong-format dateTime',
    ],
    ['one thing where a list belongs', { ...cea, category: {} }, 'Observation.category wrong-type list'],
    ['an empty list', { ...cea, category: [] }, 'Observation.category empty'],
    [
      'a number as text',
      { ...cea, valueQuantity: { value: '3.2' } },
      'Observation.value.value wrong-format decimal',
    ],
    [
      'a modifier extension',
      { ...cea, modifierExtension: [{ url: 'urn:x', valueBoolean: true }] },
      'Observation.modifierExtension[0] modifier-extension',
    ],
    [
      'rules that are not known',
      { ...cea, implicitRules: 'urn:x' },
      'Observation.implicitRules implicit-rules',
    ],
    [
      'a unit code without its system',
      { ...cea, valueQuantity: { value: 1, code: 'ng/mL' } },
      'Observation.value invariant qty-3',
    ],
    [
      'a reason why there is no value, beside the value',
      { ...cea, dataAbsentReason: { text: 'lost' } },
      'Observation invariant obs-6',
    ],
  ])('%s is found', (_, resource, problem) => {
    expect(problemsOf(resource).some((one) => one.startsWith(problem))).toBe(true);
  });

  test('a period that ends before it begins is found, also across time zones', () => {
    const effectivePeriod = { start: '2026-11-09T01:00:00Z', end: '2026-11-09T08:00:00+08:00' };
    expect(problemsOf({ ...cea, effectiveDateTime: undefined, effectivePeriod })).toContain(
      'Observation.effective invariant per-1',
    );
  });

  test('a booked appointment needs its start', () => {
    const participant = [{ actor: { reference: 'Patient/1' }, status: 'accepted' }];
    expect(problemsOf({ resourceType: 'Appointment', status: 'booked', participant })).toEqual([
      'Appointment invariant app-3',
    ]);
  });

  test('scripts in the text for people are found, also as an attribute', () => {
    const withText = (div: string) => problemsOf({ ...cea, text: { status: 'generated', div } });
    expect(withText('<div xmlns="http://www.w3.org/1999/xhtml"><p>CEA</p></div>')).toEqual([]);
    for (const div of ['<div><script>x</script></div>', '<div onclick="x">a</div>', '<div>&nbsp;</div>'])
      expect(withText(div)).toEqual(['Observation.text.div wrong-format xhtml']);
  });

  test('a null in a list of texts stands for its extension', () => {
    const name = [
      { given: ['Li', null], _given: [null, { extension: [{ url: 'urn:x', valueCode: 'masked' }] }] },
    ];
    expect(problemsOf({ resourceType: 'Patient', name })).toEqual([]);
  });

  test('no value of JSON makes the check throw, and the number of problems is bounded', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...Object.keys(cea), 'component', 'x'), fc.jsonValue()),
        (changes) => {
          expect(problemsOf({ ...cea, ...changes }).length).toBeLessThanOrEqual(50);
        },
      ),
    );
  });
});
