import type { Endpoint, EndpointInput, EndpointPatch } from '../calls/systems.js';

/** `keep`: as it is stored; `none`: nothing; `new`: what is typed, in place of all that is stored. */
export type Choice = 'keep' | 'none' | 'new';

/** How an endpoint is reached, as typed. What is stored is secret and never comes back to the page. */
export interface TransportDraft {
  readonly tls: Choice;
  readonly ca: string;
  readonly certificate: string;
  readonly key: string;
  readonly oauth2: Choice;
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scope: string;
}

type Shown = Endpoint['transport'];

export const hasTls = ({ privateCa, certificateUntil }: Shown): boolean =>
  privateCa || certificateUntil !== null;

/** What the form begins with; without a stored transport nothing is chosen. */
export const transportDraft = (stored?: Shown): TransportDraft => ({
  tls: stored && hasTls(stored) ? 'keep' : 'none',
  ...{ ca: '', certificate: '', key: '' },
  oauth2: stored?.oauth2 ? 'keep' : 'none',
  // A new secret mostly belongs to the same client.
  tokenUrl: stored?.oauth2?.tokenUrl ?? '',
  clientId: stored?.oauth2?.clientId ?? '',
  clientSecret: '',
  scope: stored?.oauth2?.scope ?? '',
});

/** The fields of the call: left out what stays, null what is taken away. */
export function transportIn(draft: TransportDraft, stored?: Shown): Pick<EndpointPatch, 'tls' | 'oauth2'> {
  const { tls, oauth2, ca, certificate, key, tokenUrl, clientId, clientSecret, scope } = draft;
  return {
    ...(tls === 'new' && { tls: filled({ ca, certificate, key }) }),
    ...(tls === 'none' && stored && hasTls(stored) && { tls: null }),
    ...(oauth2 === 'new' && {
      oauth2: { tokenUrl: tokenUrl.trim(), clientId: clientId.trim(), clientSecret, ...filled({ scope }) },
    }),
    ...(oauth2 === 'none' && stored?.oauth2 && { oauth2: null }),
  };
}

/** The same for an endpoint that is registered: there is nothing to take away. */
export const newTransport = (draft: TransportDraft): Pick<EndpointInput, 'tls' | 'oauth2'> => {
  const { tls, oauth2 } = transportIn(draft);
  return { ...(tls && { tls }), ...(oauth2 && { oauth2 }) };
};

/** The texts that are not blank. */
const filled = <Name extends string>(texts: Readonly<Record<Name, string>>): Partial<Record<Name, string>> =>
  Object.fromEntries(
    Object.entries<string>(texts).flatMap(([name, text]) =>
      text.trim() === '' ? [] : [[name, text.trim()]],
    ),
  ) as Partial<Record<Name, string>>;
