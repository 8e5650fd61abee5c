import { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { ServerCertificates } from './server-certificates.js';

/** A connection to a server whose certificate expires at this instant. */
const shown = (valid_to: string): TLSSocket =>
  Object.assign(new TLSSocket(new Socket()), { getPeerCertificate: () => ({ valid_to }) });

const END = 'Mar 10 10:00:00 2027 GMT';

test('of each server the last one counts, by its origin', () => {
  const certificates = new ServerCertificates();
  certificates.note('https://his.example', shown(END));
  certificates.note('https://his.example:8443', shown('Mar 10 10:00:00 2026 GMT'));
  certificates.note('https://his.example:8443', shown('Mar 10 10:00:00 2028 GMT'));
  const ends = ['https://his.example:443/hook', 'https://his.example:8443/', 'https://lab.example/'];
  expect(ends.map((url) => certificates.endAt(url)?.getUTCFullYear())).toEqual([2027, 2028, undefined]);
});

test('what is not by TLS, or cannot be read, is not noted', () => {
  const certificates = new ServerCertificates();
  certificates.note('http://his.example', new Socket());
  certificates.note('https://his.example', shown('some day'));
  expect(['http://his.example', 'https://his.example'].map((url) => certificates.endAt(url))).toEqual([
    null,
    null,
  ]);
});

test('those of the thousand servers that were connected to last are kept', () => {
  const certificates = new ServerCertificates();
  const origins = Array.from({ length: 1001 }, (_, n) => `https://his-${n}.example`);
  const [first, second] = origins;
  const socket = shown(END);
  for (const origin of origins.slice(0, 1000)) certificates.note(origin, socket);
  certificates.note(first!, socket);
  certificates.note(origins[1000]!, socket);
  expect(origins.filter((origin) => certificates.endAt(origin) === null)).toEqual([second]);
});
