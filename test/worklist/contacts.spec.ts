import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Answer, TestApp } from '../support/app.js';
import { columnsContaining } from '../support/columns-containing.js';
import { nextApp } from '../support/next-app.js';
import { person } from '../support/prepared-calls.js';
import { as, givenPerson } from '../support/signed-in.js';

let t: TestApp;
beforeEach(async () => {
  t = await nextApp(t, { clock: '2026-11-01T09:00:00+08:00', role: 'api' });
});
afterAll(() => t.close());

const RESECTION = {
  ...{ type: 'primary_resection', date: '2026-01-15', site: 'colon', stage: 'III', intent: 'curative' },
  preoperativeColonoscopy: 'complete',
};

async function givenPatient(facts: object = {}): Promise<string> {
  const { body } = await t.post('/patients', { ...person(), phone: '13812345678', ...facts });
  await t.post(`/patients/${body.id as string}/events`, RESECTION);
  return body.id as string;
}
const contacts = (id: string): string => `/patients/${id}/contacts`;
const attempt = (id: string, facts: object = {}): Promise<Answer> =>
  t.post(contacts(id), { channel: 'telephone', outcome: 'failed', cause: 'no_answer', ...facts });

describe('an attempt', () => {
  test('answers with what was counted, when the patient returns, and what the ladder proposes', async () => {
    const id = await givenPatient();
    const answer = await attempt(id, { note: 'rings, nobody answers', number: '138-1234-5678' });
    expect(answer).toMatchObject({
      status: 201,
      body: {
        contact: {
          ...{ channel: 'telephone', outcome: 'failed', cause: 'no_answer', contactedOn: '2026-11-01' },
          ...{ note: 'rings, nobody answers', number: '13812345678', voidedAt: null },
        },
        state: {
          ...{ tried: 1, reached: 0, failed: 1, sinceReached: 1, restsUntil: '2026-11-02' },
          nextStep: { channel: 'telephone', attempt: 2 },
          knownAliveOn: '2026-01-15',
          lossProposal: null,
        },
      },
    });
    expect((await t.get(contacts(id))).body).toMatchObject({
      items: [answer.body.contact],
      nextCursor: null,
      state: answer.body.state,
    });
  });

  test('may name its cause as the outcome, and fails without a stated cause where none is given', async () => {
    const id = await givenPatient();
    const { body: short } = await t.post(contacts(id), { channel: 'telephone', outcome: 'busy' });
    const { body: silent } = await t.post(contacts(id), { channel: 'home_visit', outcome: 'failed' });
    expect([short.contact, silent.contact]).toMatchObject([
      { outcome: 'failed', cause: 'busy' },
      { outcome: 'failed', cause: 'not_stated' },
    ]);
  });

  test('by a message that was not delivered is counted as failed, and is no contact', async () => {
    const id = await givenPatient();
    const { body } = await t.post(contacts(id), { channel: 'message', outcome: 'not_delivered' });
    expect(body.state).toMatchObject({
      ...{ tried: 1, reached: 0, failed: 1, sinceReached: 0, restsUntil: null },
      nextStep: { channel: 'telephone', attempt: 1 },
      lastReachedOn: null,
    });
  });

  test('is recorded under the name of the person who made it', async () => {
    const id = await givenPatient();
    const nurse = await givenPerson(t, { name: 'Li Min' });
    const { body } = await t.post(
      contacts(id),
      { channel: 'telephone', outcome: 'reached', author: 'somebody else' },
      as(nurse.session),
    );
    expect(body.contact.author).toBe('Li Min');
  });

  test('that was recorded wrongly is voided: it stays on record and counts no longer', async () => {
    const id = await givenPatient();
    await attempt(id);
    const { body: wrong } = await t.post(contacts(id), { channel: 'telephone', outcome: 'reached' });
    expect(wrong.state).toMatchObject({ restsUntil: '2026-11-08', sinceReached: 0 });
    const path = `${contacts(id)}/${wrong.id as string}/void`;
    const voided = await t.post(path, { reason: 'of the neighbour', author: 'Li Min' });
    expect(voided).toMatchObject({
      status: 200,
      body: {
        contact: { voidedBy: 'Li Min', voidReason: 'of the neighbour' },
        state: { tried: 1, reached: 0, restsUntil: '2026-11-02', sinceReached: 1 },
      },
    });
    expect((await t.post(path, { reason: 'again' })).body).toEqual(voided.body);
    expect((await t.get(contacts(id))).body.items).toHaveLength(2);
  });

  test.each([
    ['a cause of a success', { outcome: 'reached', cause: 'busy' }, '/cause'],
    ['a call that was sent', { outcome: 'sent', cause: undefined }, '/outcome'],
    ['a call that was not delivered', { cause: 'not_delivered' }, '/cause'],
    ['a life that nobody confirmed', { confirmsAlive: true }, '/confirmsAlive'],
    ['a day in the future', { contactedOn: '2026-11-02' }, '/contactedOn'],
    ['a next day that is over', { nextActionOn: '2026-10-31' }, '/nextActionOn'],
    ['a next day after a quarter', { nextActionOn: '2027-02-02' }, '/nextActionOn'],
    ['no number', { number: '12345' }, '/number'],
    ['an unknown relative', { relativeId: '00000000-0000-7000-8000-000000000000' }, '/relativeId'],
    ['an unknown channel', { channel: 'pigeon' }, '/channel'],
    ['an unknown field', { mood: 'good' }, '/mood'],
  ])('with %s is refused with its field, and stores nothing', async (_, facts, pointer) => {
    const id = await givenPatient();
    expect(await attempt(id, facts)).toMatchObject({ status: 422, body: { errors: [{ pointer }] } });
    expect((await t.get(contacts(id))).body.items).toEqual([]);
  });

  test('pages from the newest to the oldest, complete and without repeats', async () => {
    const id = await givenPatient();
    for (const day of ['2026-10-01', '2026-10-03', '2026-10-02', '2026-10-03'])
      await attempt(id, { contactedOn: day });
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const { body } = await t.get(`${contacts(id)}?limit=1${cursor && `&cursor=${cursor}`}`);
      seen.push(...(body.items as { contactedOn: string }[]).map(({ contactedOn }) => contactedOn));
      cursor = body.nextCursor as string | null;
    }
    expect(seen).toEqual(['2026-10-03', '2026-10-03', '2026-10-02', '2026-10-01']);
  });
});

describe('a loss to follow-up', () => {
  const LADDER = [
    { channel: 'telephone', attempts: 1 },
    { channel: 'letter', attempts: 1 },
  ];

  test('is proposed with its evidence at the end of the ladder, and decided by a person alone', async () => {
    await t.request('PUT', '/worklist-settings', { payload: { contacts: { ladder: LADDER } } });
    const id = await givenPatient();
    expect((await attempt(id)).body.state.lossProposal).toBeNull();
    const { body } = await t.post(contacts(id), { channel: 'letter', outcome: 'sent' });
    expect(body.state).toMatchObject({
      nextStep: null,
      lossProposal: {
        ...{ proposedOn: '2026-11-01', because: 'ladder_exhausted', attempts: 2 },
        ...{ firstTriedOn: '2026-11-01', lastTriedOn: '2026-11-01' },
      },
    });
    const events = (await t.get(`/patients/${id}/events`)).body.items as { type: string }[];
    expect(events.map(({ type }) => type)).toEqual(['primary_resection']);
    await t.setClock('2026-11-09T09:00:00+08:00');
    expect((await t.get('/calls/next?list=contact_lost')).body.call).toMatchObject({ patient: { id } });

    await t.post(`/patients/${id}/events`, { type: 'lost_to_follow_up', date: '2026-11-09' });
    expect((await t.get(contacts(id))).body.state.lossProposal).toBeNull();
    expect((await t.get('/calls/next?list=contact_lost')).body.call).toBeNull();
  });

  test('is no longer proposed once an examination shows that the patient came', async () => {
    await t.request('PUT', '/worklist-settings', { payload: { contacts: { ladder: LADDER } } });
    const id = await givenPatient();
    await attempt(id, { contactedOn: '2026-10-01' });
    await t.post(contacts(id), { channel: 'letter', outcome: 'sent', contactedOn: '2026-10-05' });
    const lost = async () => (await t.get('/calls/next?list=contact_lost')).body.call as object | null;
    expect(await lost()).toMatchObject({ patient: { id }, contact: { lossProposal: { attempts: 2 } } });
    const exam = { type: 'exam', activity: 'tumour_markers', outcome: 'normal', date: '2026-10-20' };
    await t.post(`/patients/${id}/events`, exam);
    expect(await lost()).toBeNull();
    expect((await t.get(contacts(id))).body.state).toMatchObject({
      ...{ knownAliveOn: '2026-10-20', lossProposal: null, sinceReached: 0 },
      nextStep: { channel: 'telephone', attempt: 1 },
    });
  });
});

describe('relatives', () => {
  const SON = { name: '李明', relation: 'son', phone: '139 1234 5678', note: 'works nights' };
  const relatives = (id: string): string => `/patients/${id}/relatives`;

  test('are several, in the order of calling, and can be corrected', async () => {
    const id = await givenPatient();
    const { body: son } = await t.post(relatives(id), SON);
    const { body: wife } = await t.post(relatives(id), { name: '孙丽', relation: 'spouse' });
    expect([son, wife]).toMatchObject([
      { ...SON, phone: '13912345678', rank: 1 },
      { phone: null, rank: 2 },
    ]);
    const path = `${relatives(id)}/${son.id as string}`;
    const { body } = await t.request('PATCH', path, { payload: { rank: 3, note: null } });
    expect(body).toMatchObject({ name: '李明', phone: '13912345678', note: null, rank: 3 });
    expect((await t.get(relatives(id))).body.items).toEqual([wife, body]);
    expect((await t.request('PATCH', path, { payload: {} })).status).toBe(422);
  });

  test('who were removed are gone with name and phone, and the attempts to reach them stay', async () => {
    const id = await givenPatient();
    const { body: son } = await t.post(relatives(id), SON);
    await attempt(id, { channel: 'relative', relativeId: son.id as string });
    const { status } = await t.request('DELETE', `${relatives(id)}/${son.id as string}`);
    expect(status).toBe(204);
    expect((await t.get(relatives(id))).body.items).toEqual([]);
    expect((await t.get(contacts(id))).body.items).toMatchObject([{ relativeId: son.id }]);
    expect((await t.request('DELETE', `${relatives(id)}/${son.id as string}`)).status).toBe(404);
  });

  test('of another patient are not found here', async () => {
    const [id, other] = [await givenPatient(), await givenPatient()];
    const { body: son } = await t.post(relatives(other), SON);
    expect(await attempt(id, { relativeId: son.id as string })).toMatchObject({ status: 422 });
    const path = `${relatives(id)}/${son.id as string}`;
    expect((await t.request('PATCH', path, { payload: { rank: 2 } })).status).toBe(404);
  });

  test('are 20 at most', async () => {
    const id = await givenPatient();
    for (let count = 0; count < 20; count++) await t.post(relatives(id), SON);
    expect(await t.post(relatives(id), SON)).toMatchObject({
      status: 409,
      body: { code: 'too-many-relatives' },
    });
  });
});

test('names, numbers and notes stand in clear in no column of the database', async () => {
  const id = await givenPatient();
  const relative = { name: '李明远', relation: 'son', phone: '13911112222', note: 'night shift' };
  await t.post(`/patients/${id}/relatives`, relative);
  const { body } = await attempt(id, { number: '13911112222', note: 'son was short' });
  const path = `${contacts(id)}/${body.id as string}/void`;
  await t.post(path, { reason: 'of a neighbour' }, { 'idempotency-key': 'once' });
  const words = ['李明远', '13911112222', 'night shift', 'son was short', 'of a neighbour'];
  expect(await columnsContaining(t, words)).toEqual([]);
});
