import ipaddr from 'ipaddr.js';

/** Whether `address` lies in one of the CIDR ranges; an IPv4 address written as IPv6 is the IPv4 one. */
export function isWithin(address: string, ranges: readonly string[]): boolean {
  if (!ipaddr.isValid(address)) return false;
  const asked = ipaddr.process(address);
  return ranges.some((range) => {
    const [base, bits] = ipaddr.parseCIDR(range);
    return base.kind() === asked.kind() && asked.match(base, bits);
  });
}
