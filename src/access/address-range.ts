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

/** Whether every address of the range lies in one of the others. */
export function isRangeWithin(range: string, ranges: readonly string[]): boolean {
  const [base, bits] = ipaddr.parseCIDR(range);
  return ranges.some((one) => {
    const [outer, outerBits] = ipaddr.parseCIDR(one);
    return base.kind() === outer.kind() && bits >= outerBits && base.match(outer, outerBits);
  });
}

/** The address; of IPv6 the network of 64 bits, which is what one household or host gets. */
export function networkOf(address: string): string {
  if (!ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  if (!(parsed instanceof ipaddr.IPv6)) return parsed.toString();
  return parsed.parts
    .slice(0, 4)
    .map((part) => part.toString(16))
    .join(':');
}

/** A range, or one address as the range it alone is in; undefined where it is neither. */
export function rangeOf(written: string): string | undefined {
  const [address = '', bits, ...rest] = written.split('/');
  // The library also reads 10.1 and 0x7f.1, which people do not mean.
  const readable = address.includes(':')
    ? ipaddr.IPv6.isValid(address)
    : ipaddr.IPv4.isValidFourPartDecimal(address);
  if (!readable || rest.length > 0) return undefined;
  const range = `${address}/${bits ?? (address.includes(':') ? 128 : 32)}`;
  return ipaddr.isValidCIDR(range) ? range : undefined;
}
