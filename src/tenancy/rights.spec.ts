import { expect, test } from '@jest/globals';
import { refuseUnproven, RIGHTS } from './rights.js';

/** These calls end sessions, which adds no rights, and an administrator in a hurry must not be stopped. */
const ENDING_SESSIONS = ['DELETE /people/:id/sessions', 'DELETE /people/:id/sessions/:sessionId'];

/** They change no rights: where the pages begin, and what a registered provider answers. */
const CHANGING_NO_RIGHTS = ['POST /first-run/finish', 'POST /sso-providers/:id/test'];
const WITHOUT_PROOF = [...ENDING_SESSIONS, ...CHANGING_NO_RIGHTS];

/** They decide who else learns the names and numbers of patients. */
const TELLING_OTHERS = ['POST /webhook-endpoints/:id/identity-approval', 'PUT /message-gateway'];

test('every call that changes access rights, or who else learns of patients, asks people to prove who they are once more, and no other does', () => {
  const changes = Object.entries(RIGHTS)
    .filter(([call, { scope }]) => !call.startsWith('GET ') && /^(people|hospitals):write$/.test(scope))
    .map(([call]) => call);
  const expected = changes.filter((call) => !WITHOUT_PROOF.includes(call));
  const asking = Object.entries(RIGHTS).filter(([, { stepUp }]) => stepUp);
  expect(asking.map(([call]) => call).sort()).toEqual([...expected, ...TELLING_OTHERS].sort());
});

test('a session is asked for the proof, and a key, which has limits of its own, is not', () => {
  const right = RIGHTS['PUT /nurse-names']!;
  const session = { id: 's', kind: 'token', steppedUp: false, lacksSecondFactor: false } as const;
  expect(() => refuseUnproven('PUT /nurse-names', { session }, right)).toThrow(
    expect.objectContaining({ code: 'step-up-required' }),
  );
  expect(() => refuseUnproven('PUT /nurse-names', {}, right)).not.toThrow();
  expect(() =>
    refuseUnproven('PUT /nurse-names', { session: { ...session, steppedUp: true } }, right),
  ).not.toThrow();
});
