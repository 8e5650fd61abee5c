import { queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import type { PeopleController } from '../../src/accounts/people/people.controller.js';
import type { PersonInput, PersonPatch, PersonView, ResetInput } from '../../src/accounts/person-schemas.js';
import type { DepartmentsController } from '../../src/patients/departments.controller.js';
import type { NurseNamesController } from '../../src/patients/nurse-names.controller.js';
import type { Role } from '../../src/tenancy/caller.js';
import { type AnswerOf, call, get } from './http.js';
import { allOf } from './pages.js';

export type { Role };
export type Person = PersonView;
export type NewPerson = z.input<typeof PersonInput>;
export type PersonChange = z.input<typeof PersonPatch>;
export type Department = AnswerOf<DepartmentsController['list']>['items'][number];
export type NurseName = AnswerOf<NurseNamesController['list']>['items'][number];
export type Session = AnswerOf<PeopleController['sessions']>['items'][number];

/** The people of the hospital. Administrators and auditors may read it. */
export const peopleQuery = queryOptions({
  queryKey: ['people'],
  queryFn: ({ signal }) => allOf<Person>('/people', {}, signal),
});

export const registerPerson = (input: NewPerson): Promise<AnswerOf<PeopleController['register']>> =>
  call('POST', '/people', { body: input });

export const changePerson = (id: string, change: PersonChange): Promise<Person> =>
  call('PATCH', `/people/${id}`, { body: change });

export const resetPerson = (
  id: string,
  input: z.input<typeof ResetInput>,
): Promise<AnswerOf<PeopleController['reset']>> => call('POST', `/people/${id}/reset`, { body: input });

export const sessionsQuery = (personId: string) =>
  queryOptions({
    queryKey: ['people', personId, 'sessions'],
    queryFn: async ({ signal }) =>
      (await get<AnswerOf<PeopleController['sessions']>>(`/people/${personId}/sessions`, undefined, signal))
        .items,
  });

export const endSessions = (personId: string): Promise<void> =>
  call('DELETE', `/people/${personId}/sessions`);

export const endSession = (personId: string, sessionId: string): Promise<void> =>
  call('DELETE', `/people/${personId}/sessions/${sessionId}`);

/** The departments of patients and people. */
export const departmentsQuery = queryOptions({
  queryKey: ['departments'],
  queryFn: async ({ signal }) =>
    (await get<AnswerOf<DepartmentsController['list']>>('/departments', undefined, signal)).items,
});

/** The names of nurses in imported files. */
export const nurseNamesQuery = queryOptions({
  queryKey: ['nurse-names'],
  queryFn: ({ signal }) => allOf<NurseName>('/nurse-names', {}, signal),
});

export const assignNurseName = (
  name: string,
  personId: string | null,
  author: string,
): Promise<AnswerOf<NurseNamesController['map']>> =>
  call('PUT', '/nurse-names', { body: { name, personId, author } });
