import ipaddr from 'ipaddr.js';

const OCTET = '(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const DOTTED_END = new RegExp(`^(.*:)${[OCTET, OCTET, OCTET, OCTET].join('\\.')}(%.*)?$`);

/**
 * The parsed address; undefined for an invalid one. An IPv4 address mapped to IPv6 (::ffff:192.0.2.1) becomes that
 * IPv4 address.
 */
export function addressOf(written: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  // The library treats every dotted suffix as a mapped address, also in ::192.0.2.1.
  const [, start, a, b, c, d, zone = ''] = DOTTED_END.exec(written) ?? [];
  const hex = (high = '', low = ''): string => (Number(high) * 256 + Number(low)).toString(16);
  const plain = start === undefined ? written : `${start}${hex(a, b)}:${hex(c, d)}${zone}`;
  return ipaddr.isValid(plain) ? ipaddr.process(plain) : undefined;
}

/** Whether `address` lies in one of the CIDR ranges. */
export function isWithin(address: string, ranges: readonly string[]): boolean {
  const asked = addressOf(address);
  if (!asked) return false;
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

/** The address itself; for IPv6 its /64 network, which one household or host gets. */
export function networkOf(address: string): string {
  const parsed = addressOf(address);
  if (!parsed) return address;
  if (!(parsed instanceof ipaddr.IPv6)) return parsed.toString();
  return parsed.parts
    .slice(0, 4)
    .map((part) => part.toString(16))
    .join(':');
}

/** A range, or one address as a range of its own; undefined where it is neither. */
export function rangeOf(written: string): string | undefined {
  const [address = '', bits, ...rest] = written.split('/');
  // The library also accepts 10.1 and 0x7f.1, which are typing errors.
  const readable = address.includes(':')
    ? ipaddr.IPv6.isValid(address)
    : ipaddr.IPv4.isValidFourPartDecimal(address);
  if (!readable || rest.length > 0) return undefined;
  const range = `${address}/${bits ?? (address.includes(':') ? 128 : 32)}`;
  return ipaddr.isValidCIDR(range) ? range : undefined;
}
