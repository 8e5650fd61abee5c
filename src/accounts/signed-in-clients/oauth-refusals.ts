import type { Message } from '../../guideline/message.js';
import { DomainError } from '../../platform/domain-error.js';
import type { Problem } from '../../platform/http/problem.js';
import type { RefusalForm } from '../../platform/http/refusal-forms.js';
import { TOKEN_PATH } from './own-addresses.js';

/** The codes of RFC 6749 section 5.2 that a token endpoint for machines answers. */
const CODES = ['invalid_request', 'invalid_client', 'unsupported_grant_type', 'invalid_scope'] as const;
export type OAuthCode = (typeof CODES)[number];

/** A refusal by a code of RFC 6749: 401 for a client that is not accepted, else 400. */
export const oauthRefusal = (code: OAuthCode, text: Message): DomainError =>
  new DomainError(code === 'invalid_client' ? 'unauthenticated' : 'malformed', code, text);

/** Every refusal of the token endpoint has the form of RFC 6749. Limits and faults of the program have no code there. */
export const OAUTH_REFUSALS: RefusalForm = {
  path: TOKEN_PATH,
  contentType: 'application/json; charset=utf-8',
  // RFC 6749 section 5.2 has these two statuses for requests that are wrong.
  statusOf: (status) => (status >= 500 || status === 401 || status === 429 ? status : 400),
  write: ({ status, code, title }: Problem) => ({
    error:
      CODES.find((one) => one === code) ?? (status < 429 ? 'invalid_request' : 'temporarily_unavailable'),
    error_description: title,
  }),
};
