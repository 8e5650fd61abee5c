import { formOf, isComplete, NEW_PERSON, rangesIn, settingsOf } from './person-form.js';

const endOfDay = (day: string): string => `${day}T15:59:00.000Z`;

test('what is left empty is no limit', () => {
  expect(settingsOf({ ...NEW_PERSON, name: ' 李敏 ' }, endOfDay)).toEqual({
    ...{ name: '李敏', language: 'zh', roles: ['nurse'], departments: null, ownPatientsOnly: false },
    ...{ expiresAt: null, addresses: null },
  });
});

test('a limit to departments without any department cannot be sent', () => {
  expect(isComplete({ ...NEW_PERSON, departments: [] })).toBe(false);
  expect(isComplete({ ...NEW_PERSON, departments: ['胃肠外科'] })).toBe(true);
  expect(isComplete({ ...NEW_PERSON, roles: [] })).toBe(false);
});

test('a person is shown as stored, on the clock of the hospital', () => {
  const form = formOf(
    {
      ...{ id: 'p', login: 'li.min', name: '李敏', roles: ['nurse'], departments: ['胃肠外科'] },
      ...{ ownPatientsOnly: true, language: 'zh', addresses: ['10.1.0.0/16'], state: 'active' },
      ...{ passwordSet: true, secondFactor: false, setupExpiresAt: null, createdBy: 'x' },
      ...{ createdAt: '2026-01-01T00:00:00Z', expiresAt: '2026-12-31T15:59:00.000Z' },
    },
    'Asia/Shanghai',
  );
  expect(form.lastDay).toBe('2026-12-31');
  expect(settingsOf(form, endOfDay).expiresAt).toBe('2026-12-31T15:59:00.000Z');
});

test('ranges are typed with any separator', () => {
  expect(rangesIn('10.1.0.0/16\n10.2.0.1， 10.3.0.0/24')).toEqual(['10.1.0.0/16', '10.2.0.1', '10.3.0.0/24']);
});
