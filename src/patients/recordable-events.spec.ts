import { protocol, visit } from '../../test/support/protocol.js';
import { eventForm } from './clinical-event-input.js';
import type { Guideline } from '../guideline/guideline.js';
import { GUIDELINES } from '../guideline/published/index.js';
import { type RecordableEvent, recordableEvents } from '../guideline/recordable-events.js';

/** An event with the first value of each field. */
const first = ({ type, fields }: RecordableEvent, leftOut?: string): Record<string, unknown> => ({
  ...{ type, date: '2024-01-15' },
  ...Object.fromEntries(
    fields
      .filter(({ name }) => name !== leftOut)
      .map(({ name, values }) => [name, values?.[0]?.value ?? 'text']),
  ),
});

const own: Guideline = protocol([visit([{ at: ['P6M'] }])], {
  events: {
    endoscopy: { title: { zh: '内镜', en: 'endoscopy' }, fields: { says: ['clear', 'doubtful'] } },
    primary_resection: { fields: { site: ['appendix'], margin: ['free', 'involved'] } },
  },
});

describe.each([...GUIDELINES, own])('the entry form of $id', (guideline) => {
  const form = eventForm(guideline);
  const types = recordableEvents(guideline, true);

  test('every type with all its fields is accepted when it is recorded', () => {
    for (const type of types)
      expect([type.type, form.safeParse(first(type)).error]).toEqual([type.type, undefined]);
  });

  test('a field is required where the record requires it', () => {
    for (const type of types)
      for (const { name, isRequired } of type.fields)
        expect([type.type, name, form.safeParse(first(type, name)).success]).toEqual([
          ...[type.type, name, !isRequired],
        ]);
  });
});

test('a hospital names its own types, fields and values', () => {
  const types = recordableEvents(own, false);
  expect(types.find(({ type }) => type === 'endoscopy')?.title.zh).toBe('内镜');
  const resection = types.find(({ type }) => type === 'primary_resection');
  expect(resection?.fields.find(({ name }) => name === 'site')?.values?.map(({ value }) => value)).toEqual([
    ...['colon', 'rectum', 'appendix'],
  ]);
  expect(resection?.fields.map(({ name, isRequired }) => [name, isRequired])).toContainEqual([
    'stage',
    false,
  ]);
});

test('the types that start a pathway are marked', () => {
  for (const guideline of GUIDELINES) {
    const clocks = recordableEvents(guideline, true).filter(({ isClock }) => isClock);
    expect(clocks.map(({ type }) => type)).toEqual(
      expect.arrayContaining(guideline.pathways.map(({ clock }) => clock.event)),
    );
  }
});
