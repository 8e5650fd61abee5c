import type { Operation } from './draft.js';

/** The password of all people here. */
export const PASSWORD = 'Plum tree by the river gate 7';
/** A person that the fuzzer does not change, so that signing in can succeed. */
export const RESIDENT = 'fuzz.resident';

/**
 * Calls that no random request can make successfully: they need a signed assertion, a current code, a new password, a program without
 * people, a person with another session, a provider that answers, or an SMS gateway that does not. They are made like all others, and each has a test of its own.
 */
const OUT_OF_REACH =
  /^(POST \/(first-run|token|me\/(password|totp\/confirm))|DELETE \/(me\/totp|people\/\{id\}\/sessions\/.*)|\w+ \/sso\/.*|POST \/people\/\{id\}\/identities|POST \/patient-messages\/\{id\}\/settle)$/;
export const mayBeReached = ({ name }: Operation): boolean => !OUT_OF_REACH.test(name);

/** Calls about the signed-in person: a key cannot make them. */
const PERSONAL = /^\w+ \/(me(\/.*)?|sign-out)$/;

type Ask = (method: string, path: string, body?: unknown, bearer?: string) => Promise<unknown>;

/** A person who makes the calls that a key cannot make, and signs in again when a call has ended the session. */
export class Visitor {
  private token: string | undefined;
  private visits = 0;

  constructor(private readonly ask: Ask) {}

  /** Registers the resident; returns the id. */
  async settle(): Promise<string> {
    const { id } = await this.register(RESIDENT);
    return id;
  }

  /** The credential for the call: the session's, or none. */
  async credentialFor(operation: Operation): Promise<string | undefined> {
    if (!PERSONAL.test(operation.name)) return undefined;
    this.token ??= (await this.register(`fuzz.visitor.${++this.visits}`)).token;
    return this.token;
  }

  /** After a personal call that may have ended the session, treats it as ended. */
  noteAnswer({ name }: Operation, status: number): void {
    const ends = /^(POST \/(sign-out|me\/password)|DELETE )/.test(name) && status < 300;
    if (PERSONAL.test(name) && (ends || status === 401)) this.token = undefined;
  }

  private async register(login: string): Promise<{ id: string; token: string }> {
    const facts = { login, name: `Name ${login}`, roles: ['nurse'] };
    const { id, setupCode } = (await this.ask('POST', '/api/v1/people', facts)) as Record<string, string>;
    const signIn = { hospital: 'nedwatch', login, setupCode, newPassword: PASSWORD, as: 'token' };
    const answer = (await this.ask('POST', '/api/v1/sign-in', signIn)) as Record<string, string>;
    const { token } = answer;
    if (id === undefined || token === undefined) throw new Error(`${login}: ${JSON.stringify(answer)}`);
    return { id, token };
  }
}
