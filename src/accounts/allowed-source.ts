/** Whether keys may come from the address: over https, or also http where requests to this machine are allowed. */
export function isAllowedSource(address: string, loopback: boolean): boolean {
  const { protocol, hostname, search, hash } = new URL(address);
  if (search !== '' || hash !== '') return false;
  if (protocol === 'https:') return true;
  return protocol === 'http:' && loopback && ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
}
