import { request, type Dispatcher } from 'undici';
import { z } from 'zod';
import { beginningOf } from './answer-text.js';
import type { Transport } from './endpoint-transport.js';
import { issue, readIssue } from '../platform/messages/issues.js';
import { render } from '../platform/messages/dictionary.js';

type Client = NonNullable<Transport['oauth2']>;

/** RFC 6749, section 5.1. */
const TokenAnswer = z.object({
  access_token: z.string().min(1).max(10_000),
  token_type: z.string().regex(/^bearer$/i, issue('not-a-bearer-token')),
  expires_in: z.coerce.number().positive().optional(),
});

/** The endpoint's authorization server gave no token. */
export class TokenRefused extends Error {
  constructor(why: string) {
    super(`no access token: ${why}`);
    this.name = 'TokenRefused';
  }
}

// Where the server does not say how long a token holds (section 5.1 only recommends it).
const HOLDS_S = 300;
// A token must not end on its way.
const RENEWED_BEFORE_MS = 30_000;
const TOKENS = 1000;

interface Held {
  readonly token: Promise<string>;
  untilMs: number;
}

/** Access tokens by client credentials (RFC 6749, section 4.4), each kept as long as it holds. */
export class AccessTokens {
  private readonly held = new Map<string, Held>();

  /** One question at a time for each client. Throws `TokenRefused`, or what reaching the server throws. */
  async get(client: Client, dispatcher: Dispatcher, signal: AbortSignal): Promise<string> {
    const key = keyOf(client);
    const known = this.held.get(key);
    if (known && performance.now() < known.untilMs) return known.token;
    const asked: Held = {
      untilMs: Infinity,
      token: ask(client, dispatcher, signal).then(({ access_token: token, expires_in: holds = HOLDS_S }) => {
        asked.untilMs = performance.now() + holds * 1000 - RENEWED_BEFORE_MS;
        return token;
      }),
    };
    this.held.delete(key);
    this.held.set(key, asked);
    const [eldest] = this.held.keys();
    if (eldest !== undefined && this.held.size > TOKENS) this.held.delete(eldest);
    return asked.token.catch((error: unknown) => {
      if (this.held.get(key) === asked) this.held.delete(key);
      throw error;
    });
  }

  /** The receiver did not take it. */
  forget(client: Client): void {
    this.held.delete(keyOf(client));
  }
}

const keyOf = (client: Client): string => JSON.stringify(client);

async function ask(
  { tokenUrl, clientId, clientSecret, scope }: Client,
  dispatcher: Dispatcher,
  signal: AbortSignal,
): Promise<z.output<typeof TokenAnswer>> {
  const { statusCode, body } = await request(tokenUrl, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${formEncoded(clientId)}:${formEncoded(clientSecret)}`).toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
      accept: 'application/json',
    },
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      ...(scope !== undefined && { scope }),
    }).toString(),
    dispatcher,
    signal,
  });
  const { text: answer } = await beginningOf(body);
  if (statusCode !== 200) throw new TokenRefused(`the authorization server answered ${statusCode}`);
  const parsed = TokenAnswer.safeParse(jsonOf(answer));
  if (!parsed.success)
    throw new TokenRefused(
      parsed.error.issues
        .map(({ path, message }) => `${path.map(String).join('.')}: ${render(readIssue(message), 'en')}`)
        .join('; '),
    );
  return parsed.data;
}

/** RFC 6749, section 2.3.1. */
const formEncoded = (value: string): string => new URLSearchParams({ v: value }).toString().slice(2);

function jsonOf(answer: string): unknown {
  try {
    return JSON.parse(answer);
  } catch {
    return undefined;
  }
}
