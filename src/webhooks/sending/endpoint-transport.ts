import { createPrivateKey, X509Certificate } from 'node:crypto';
import { z } from 'zod';
import type { FieldFault } from '../../platform/domain-error.js';
import type { Message } from '../../guideline/message.js';
import { text } from '../../platform/text.js';
import { msg } from '../../platform/messages/dictionary.js';
import { issue } from '../../platform/messages/issues.js';

const Pem = z.string().min(1).max(100_000).describe('PEM');

export const TlsInput = z.strictObject({
  ca: Pem.optional().describe('Certificates that are trusted there instead of the public ones; PEM'),
  certificate: Pem.optional().describe(
    'What is shown to a server that asks who we are (mTLS), chain included; PEM',
  ),
  key: Pem.optional().describe('Its private key, without a passphrase; PEM. Never shown again'),
});

/** RFC 6749, section 4.4: client credentials, sent by HTTP Basic. */
export const OAuth2Input = z.strictObject({
  tokenUrl: z.url({ protocol: /^https?$/, error: issue('http-address') }).max(2000),
  clientId: text(500),
  clientSecret: text(2000).describe('Never shown again'),
  scope: text(1000).optional(),
});

/** How an endpoint is reached, apart from its address. */
export interface Transport {
  readonly tls?: z.output<typeof TlsInput> | undefined;
  readonly oauth2?: z.output<typeof OAuth2Input> | undefined;
}

/** The stored form, before it is sealed. */
export const transportIn = (stored: string): Transport => JSON.parse(stored) as Transport;

/** The parts that may be shown. */
export const TransportView = z.object({
  privateCa: z.boolean().describe('Whether certificates of its own are trusted there'),
  certificateUntil: z.iso
    .datetime()
    .nullable()
    .describe(
      'When the certificate that we show ends; null: none is shown. The log warns from 30 days before',
    ),
  receiverCertificateUntil: z.iso
    .datetime()
    .nullable()
    .describe(
      'When the certificate of the receiver ends, as last seen; null: none was seen yet, or the address is http. ' +
        'The log warns from 30 days before',
    ),
  oauth2: z.object({ tokenUrl: z.string(), clientId: z.string(), scope: z.string().nullable() }).nullable(),
});
export type TransportView = z.output<typeof TransportView>;

export const transportView = (
  { tls, oauth2 }: Transport,
  receiverCertificateUntil: Date | null,
): TransportView => ({
  privateCa: tls?.ca !== undefined,
  certificateUntil: tls?.certificate === undefined ? null : endOf(tls.certificate).toISOString(),
  receiverCertificateUntil: receiverCertificateUntil?.toISOString() ?? null,
  oauth2: oauth2
    ? { tokenUrl: oauth2.tokenUrl, clientId: oauth2.clientId, scope: oauth2.scope ?? null }
    : null,
});

/** When the first certificate of a PEM text ends. */
export const endOf = (pem: string): Date => new Date(new X509Certificate(pem).validTo);

/** The problems of a transport, at `now`, for an endpoint at `url`. */
export function transportFaults(url: string, { tls }: Transport, now: Date): FieldFault[] {
  if (!tls) return [];
  if (!url.startsWith('https:')) return [fault('', 'not-allowed', msg('tls-needs-https'))];
  const { ca, certificate, key } = tls;
  if ((certificate === undefined) !== (key === undefined))
    return [
      fault(certificate === undefined ? '/certificate' : '/key', 'required', msg('certificate-and-key')),
    ];
  const faults = [
    ...(ca === undefined ? [] : unreadable('/ca', 'not-a-certificate', () => new X509Certificate(ca))),
    ...(certificate === undefined
      ? []
      : unreadable('/certificate', 'not-a-certificate', () => new X509Certificate(certificate))),
    ...(key === undefined ? [] : unreadable('/key', 'not-a-private-key', () => createPrivateKey(key))),
  ];
  if (faults.length > 0 || certificate === undefined || key === undefined) return faults;
  if (!new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key)))
    return [fault('/key', 'mismatch', msg('key-mismatch'))];
  if (endOf(certificate) <= now)
    return [
      fault(
        '/certificate',
        'expired',
        msg('certificate-expired', { date: endOf(certificate).toISOString() }),
      ),
    ];
  return [];
}

function unreadable(
  pointer: string,
  what: 'not-a-certificate' | 'not-a-private-key',
  read: () => unknown,
): FieldFault[] {
  try {
    read();
    return [];
  } catch (error) {
    return [fault(pointer, 'invalid', msg(what, { detail: (error as Error).message }))];
  }
}

const fault = (pointer: string, code: string, message: Message): FieldFault => ({
  pointer: `/tls${pointer}`,
  code,
  message,
});
