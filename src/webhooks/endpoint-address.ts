import { z } from 'zod';
import { issue } from '../platform/messages/issues.js';
import { isMllpAddress } from './sending/mllp-exchange.js';

/** Where an endpoint takes messages: over HTTP, or HL7 v2 over MLLP. */
export const EndpointAddress = z
  .url({
    protocol: /^(https?|mllps?)$/,
    error: ({ code }) => (code === 'invalid_format' ? issue('endpoint-address') : undefined),
    abort: true,
  })
  .max(2000)
  .refine(isHttpOrHostAndPort, { error: issue('mllp-address'), abort: true })
  .refine(hasNoLogin, { error: issue('address-with-login') });

function isHttpOrHostAndPort(url: string): boolean {
  if (!isMllpAddress(url)) return true;
  const { hostname, port, pathname, search, hash } = new URL(url);
  return (
    hostname !== '' && port !== '' && port !== '0' && ['', '/'].includes(pathname) && search + hash === ''
  );
}

function hasNoLogin(url: string): boolean {
  const { username, password } = new URL(url);
  return username === '' && password === '';
}
