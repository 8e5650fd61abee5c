import { EVENT_HEADINGS, ROSTER_HEADINGS } from './roster-dictionary.js';
import { TITLED_EVENT_FIELDS, TITLED_ROSTER_FIELDS } from './roster-fields.js';

test('every field whose headings are known has a title, and no two fields have the same', () => {
  const named = (fields: typeof TITLED_ROSTER_FIELDS): string[] => fields.map(({ field }) => field);
  expect(named(TITLED_ROSTER_FIELDS)).toEqual(
    expect.arrayContaining([...Object.keys(ROSTER_HEADINGS), 'visit_date', 'cea', 'ca19-9']),
  );
  expect(named(TITLED_EVENT_FIELDS)).toEqual(Object.keys(EVENT_HEADINGS));
  for (const language of ['zh', 'en'] as const) {
    const titles = TITLED_ROSTER_FIELDS.map(({ title }) => title[language]);
    expect(new Set(titles).size).toBe(titles.length);
  }
});
