import { z } from 'zod';
import type { Transport } from './endpoint-transport.js';
import type { OutboundClient } from '../../platform/outbound/outbound-client.js';
import { type Receiver, waysTo } from './receiver.js';
import { issue, readIssue } from '../../platform/messages/issues.js';
import { render } from '../../platform/messages/dictionary.js';

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

// If the server does not give the lifetime of a token (section 5.1 only recommends it).
const HOLDS_S = 300;
// A token must not expire while a request is on its way.
const RENEWED_BEFORE_MS = 30_000;
const TOKENS = 1000;

interface Held {
  readonly token: Promise<string>;
  untilMs: number;
}

/** The owner of a token: no hospital uses another one's token. */
type Asking = Pick<Receiver, 'hospitalId' | 'networks' | 'transport'>;

/** Access tokens by client credentials (RFC 6749, section 4.4), each cached until it expires. */
export class AccessTokens {
  private readonly held = new Map<string, Held>();

  constructor(private readonly client: OutboundClient) {}

  /**
   * One request at a time for each client of a hospital; undefined where the receiver requires no token. Throws
   * `TokenRefused`, or the error of the connection to the server.
   */
  async get(asking: Asking, signal: AbortSignal): Promise<string | undefined> {
    const { oauth2 } = asking.transport;
    if (!oauth2) return undefined;
    const key = keyOf(asking);
    const known = this.held.get(key);
    if (known && performance.now() < known.untilMs) return known.token;
    const asked: Held = {
      untilMs: Infinity,
      token: this.ask(oauth2, asking, signal).then(({ access_token: token, expires_in: holds = HOLDS_S }) => {
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

  /** The receiver refused the token. */
  forget(asking: Asking): void {
    if (asking.transport.oauth2) this.held.delete(keyOf(asking));
  }

  private async ask(
    { tokenUrl, clientId, clientSecret, scope }: Client,
    asking: Asking,
    signal: AbortSignal,
  ): Promise<z.output<typeof TokenAnswer>> {
    const basic = Buffer.from(`${formEncoded(clientId)}:${formEncoded(clientSecret)}`).toString('base64');
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      ...(scope !== undefined && { scope }),
    });
    const { status, body } = await this.client.ask(
      {
        ...{ ...waysTo(asking), url: tokenUrl, method: 'POST', body: form.toString() },
        headers: {
          authorization: `Basic ${basic}`,
          'content-type': 'application/x-www-form-urlencoded',
          accept: 'application/json',
        },
      },
      signal,
    );
    if (status !== 200) throw new TokenRefused(`the authorization server answered ${status}`);
    const parsed = TokenAnswer.safeParse(jsonOf(body.toString('utf8')));
    if (!parsed.success)
      throw new TokenRefused(
        parsed.error.issues
          .map(({ path, message }) => `${path.map(String).join('.')}: ${render(readIssue(message), 'en')}`)
          .join('; '),
      );
    return parsed.data;
  }
}

const keyOf = ({ hospitalId, networks, transport: { oauth2, tls } }: Asking): string =>
  JSON.stringify([hospitalId, oauth2, tls, networks]);

/** RFC 6749, section 2.3.1. */
const formEncoded = (value: string): string => new URLSearchParams({ v: value }).toString().slice(2);

function jsonOf(answer: string): unknown {
  try {
    return JSON.parse(answer);
  } catch {
    return undefined;
  }
}
