import { createHash, randomUUID } from 'node:crypto';
import type { FilledHospital } from '../filled-hospital.js';

/** The cookie of a nurse of the hospital who has just signed in. */
export async function signInCookie(
  origin: string,
  { id, key }: FilledHospital,
): Promise<{ readonly name: string; readonly value: string; readonly url: string }> {
  const login = `bench-${randomUUID()}`;
  const post = async (path: string, body: object, headers = {}): Promise<Response> => {
    const answer = await fetch(`${origin}/api/v1${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-requested-with': 'bench', ...headers },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
    return answer;
  };
  const made = await post(
    '/people',
    { login, name: 'Bench', roles: ['nurse'] },
    { authorization: `Bearer ${key}` },
  );
  const { setupCode } = (await made.json()) as { readonly setupCode: string };
  const hospital = `b${createHash('md5').update(id).digest('hex').slice(0, 8)}`; // as filledHospital names it
  const signedIn = await post('/sign-in', { hospital, login, setupCode, newPassword: randomUUID() });
  const [cookie = ''] = signedIn.headers.getSetCookie().filter((one) => one.includes('-session='));
  const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
  return { name, value, url: origin };
}
