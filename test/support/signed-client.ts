import { randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import type { Answer, TestApp } from './app.js';

/** The address of the program for its callers in a test without a server. */
export const ORIGIN = 'https://nedwatch.example';

/** A machine with a private key of its own, as another system would have it. */
export class SignedClient {
  id = '';

  private constructor(
    readonly t: TestApp,
    readonly alg: 'RS384' | 'ES384',
    private readonly keys: Awaited<ReturnType<typeof generateKeyPair>>,
  ) {}

  static async made(t: TestApp, alg: 'RS384' | 'ES384' = 'ES384'): Promise<SignedClient> {
    return new SignedClient(t, alg, await generateKeyPair(alg));
  }

  async publicKey(): Promise<object> {
    return { ...(await exportJWK(this.keys.publicKey)), kid: 'one', use: 'sig', alg: this.alg };
  }

  /** Registers the machine with these limits, by an administrator's key. */
  async register(limits: object = {}, key: string = this.t.adminKey): Promise<Answer> {
    const answer = await this.t.post(
      '/api-clients',
      { name: 'a machine', roles: ['integration'], keySet: { keys: [await this.publicKey()] }, ...limits },
      { authorization: `Bearer ${key}` },
    );
    if (answer.status === 201) this.id = answer.body.id as string;
    return answer;
  }

  async assertion(claims: JWTPayload = {}, header: object = {}): Promise<string> {
    const now = Math.floor((await this.t.now()).getTime() / 1000);
    const usual = { iss: this.id, sub: this.id, aud: `${ORIGIN}/api/v1/token`, jti: randomUUID() };
    return new SignJWT({ ...usual, iat: now, exp: now + 120, ...claims })
      .setProtectedHeader({ alg: this.alg, kid: 'one', typ: 'JWT', ...header })
      .sign(this.keys.privateKey);
  }

  /** Asks for a token with the assertion, or one of its own. */
  async token(scope: string, assertion?: string, form: object = {}): Promise<Answer> {
    const fields = {
      ...{ grant_type: 'client_credentials', scope },
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion ?? (await this.assertion()),
      ...form,
    };
    return this.t.request('POST', '/token', {
      headers: { authorization: '', 'content-type': 'application/x-www-form-urlencoded' },
      payload: new URLSearchParams(fields).toString(),
    });
  }

  /** The header of a call with a new token. */
  async bearer(scope: string): Promise<{ authorization: string }> {
    const { body } = await this.token(scope);
    return { authorization: `Bearer ${body.access_token as string}` };
  }

  /** Signs one call of CDS Hooks. */
  async signed(path: string, claims: JWTPayload = {}): Promise<{ authorization: string }> {
    const usual = {
      iss: 'https://records.example',
      sub: undefined,
      tenant: this.id,
      aud: `${ORIGIN}${path}`,
    };
    return { authorization: `Bearer ${await this.assertion({ ...usual, ...claims })}` };
  }
}
