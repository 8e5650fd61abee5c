import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import { addAdministratorKey } from '../../src/accounts/api-keys/administrator-keys.js';
import type { Answer, TestApp } from './app.js';

interface Another {
  readonly id: string;
  readonly code: string;
  readonly key: string;
  readonly get: TestApp['get'];
  readonly post: TestApp['post'];
}

/** A second hospital, called with a key of all its rights. */
export async function anotherHospital(t: TestApp): Promise<Another> {
  const code = `h${randomUUID().slice(0, 8)}`;
  const administrator = { login: `admin.${code}`, name: 'Administrator' };
  const { status, body } = await t.post('/hospitals', { name: code, code, administrator });
  expect(status).toBe(201);
  const { id } = body as { id: string };
  const key = `nw_${randomUUID()}${randomUUID()}`;
  await addAdministratorKey(t.dataSource.manager, id, key);
  const authorization = `Bearer ${key}`;
  return {
    ...{ id, code, key },
    get: (path): Promise<Answer> => t.get(path, { authorization }),
    post: (path, payload): Promise<Answer> => t.post(path, payload, { authorization }),
  };
}
