import type { Person } from './person.entity.js';

/** The context in which the secret of a person's authenticator is sealed with the master key. */
export const totpContext = ({ id, hospitalId }: Pick<Person, 'id' | 'hospitalId'>): string =>
  `person|totp_secret|${hospitalId}|${id}`;

/** The context in which the client secret of a sign-on provider is sealed with the master key. */
export const clientSecretContext = (providerId: string): string => `sso_provider|client_secret|${providerId}`;
