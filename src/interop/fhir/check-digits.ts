/** The last digit of a LOINC number (LOINC Users' Guide, appendix C: the Mod 10 algorithm) for the digits before it. */
export function loincCheckDigit(digits: string): number {
  const sum = [...digits].reverse().reduce((total, digit, at) => {
    const value = at % 2 === 0 ? Number(digit) * 2 : Number(digit);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return (10 - (sum % 10)) % 10;
}

/** Whether `code` is written as a LOINC number and its check digit is right. */
export function isLoinc(code: string): boolean {
  const [, digits, check] = /^(\d{1,7})-(\d)$/.exec(code) ?? [];
  return digits !== undefined && loincCheckDigit(digits) === Number(check);
}

// Verhoeff's tables: multiplication in the dihedral group of order 10, and the permutation of each place.
const PRODUCT = [
  ...['0123456789', '1234067895', '2340178956', '3401289567', '4012395678'],
  ...['5987604321', '6598710432', '7659821043', '8765932104', '9876543210'],
];
const PLACE = [
  '0123456789',
  '1576283094',
  '5803796142',
  '8916043527',
  '9453126870',
  '4286573901',
  '2793806415',
  '7046913258',
];

/** Whether `code` has the form of a SNOMED CT identifier and its check digit is right (Verhoeff). */
export function isSnomed(code: string): boolean {
  if (!/^[1-9]\d{5,17}$/.test(code)) return false;
  const check = [...code].reverse().reduce((sum, digit, at) => {
    const permuted = Number(PLACE[at % 8]?.[Number(digit)]);
    return Number(PRODUCT[sum]?.[permuted]);
  }, 0);
  return check === 0;
}
