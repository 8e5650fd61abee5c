import { expect, test } from '@jest/globals';
import { transportDraft, transportIn } from './transport.js';

const NOTHING = { privateCa: false, certificateUntil: null, receiverCertificateUntil: null, oauth2: null };
const STORED = {
  ...{ privateCa: true, certificateUntil: '2027-01-01T00:00:00.000Z', receiverCertificateUntil: null },
  oauth2: { tokenUrl: 'https://id.example/token', clientId: 'nedwatch', scope: null },
};

test('an endpoint that is left as it is sends nothing about its transport', () => {
  expect(transportIn(transportDraft())).toEqual({});
  expect(transportIn(transportDraft(NOTHING), NOTHING)).toEqual({});
  expect(transportIn(transportDraft(STORED), STORED)).toEqual({});
});

test('what is stored is taken away by null, and only where something is stored', () => {
  const none = { ...transportDraft(STORED), tls: 'none', oauth2: 'none' } as const;
  expect(transportIn(none, STORED)).toEqual({ tls: null, oauth2: null });
  expect(transportIn(none, NOTHING)).toEqual({});
});

test('new certificates and credentials replace all that was; blank fields are left out', () => {
  const typed = {
    ...transportDraft(STORED),
    ...({ tls: 'new', ca: ' PEM\n', oauth2: 'new', clientSecret: ' secret ' } as const),
  };
  expect(transportIn(typed, STORED)).toEqual({
    tls: { ca: 'PEM' },
    oauth2: { tokenUrl: 'https://id.example/token', clientId: 'nedwatch', clientSecret: ' secret ' },
  });
});
