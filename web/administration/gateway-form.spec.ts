import { formOf, gatewayOf, headersIn, NEW_GATEWAY } from './gateway-form.js';

test('headers are typed one a line, with any colon', () => {
  expect(headersIn('Authorization: Bearer a:b\nX-App： ward\n\nno header')).toEqual({
    Authorization: 'Bearer a:b',
    'X-App': 'ward',
  });
});

test('what is left empty is left to the server', () => {
  const url = 'https://sms.example/send';
  expect(gatewayOf({ ...NEW_GATEWAY, url })).toEqual({
    ...{ url, method: 'POST', headers: {}, bodyFormat: 'json', body: NEW_GATEWAY.body },
    ...{ deduplicates: false, perMinute: 60, templates: {} },
  });
});

test('a hidden query of the address has to be typed again', () => {
  const stored = {
    ...{ url: 'https://sms.example/send?key=***', method: 'GET', headers: ['Authorization'] },
    ...{ bodyFormat: 'form', body: null, success: { path: 'Code', values: ['OK', '0'] }, codePath: null },
    ...{ errorPath: 'Error', referencePath: null, throttled: ['a', 'b*'], final: [], unclear: [] },
    ...{ deduplicates: true, repeated: [], templates: {}, perMinute: 30, pausedUntil: null },
    ...{ waiting: 0, uncertain: 0, changedBy: 'x', changedAt: '2026-01-01T00:00:00Z' },
  };
  const form = formOf(stored);
  expect(form.url).toBe('');
  expect(gatewayOf({ ...form, url: 'https://sms.example/send?key=k' })).toMatchObject({
    ...{ success: { path: 'Code', values: ['OK', '0'] }, throttled: ['a', 'b*'] },
    ...{ errorPath: 'Error', deduplicates: true, perMinute: 30 },
  });
});
