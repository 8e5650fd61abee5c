import { expect, test } from '@jest/globals';
import { draftOf } from './entry-draft.js';

test('a report begins as an exam of its activity, on its day', () => {
  const entry = { subject: 'report', activity: 'mri_liver', proposed: { date: '2026-11-04' } } as const;
  expect(draftOf(entry)).toEqual({ type: 'exam', date: '2026-11-04', fields: { activity: 'mri_liver' } });
});

test('an event begins with the type and fields that the mapping names, without what is no text', () => {
  const proposed = { type: 'primary_resection', date: '2026-11-04', site: 'colon', nodes: [1] };
  expect(draftOf({ subject: 'event', activity: null, proposed })).toEqual({
    ...{ type: 'primary_resection', date: '2026-11-04', fields: { site: 'colon' } },
  });
  expect(draftOf({ subject: 'event', activity: null, proposed: null })).toEqual({ fields: {} });
});
