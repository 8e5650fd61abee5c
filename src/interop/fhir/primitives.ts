/** The formats of R4's primitive types (http://hl7.org/fhir/R4/datatypes.html#primitive). */
const YEAR = '([0-9]([0-9]([0-9][1-9]|[1-9]0)|[1-9]00)|[1-9]000)';
const MONTH = '(0[1-9]|1[0-2])';
const DAY = '(0[1-9]|[1-2][0-9]|3[0-1])';
const TIME = '([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)(\\.[0-9]{1,9})?';
const OFFSET = '(Z|[+-]((0[0-9]|1[0-3]):[0-5][0-9]|14:00))';

const FORMATS: Readonly<Record<string, RegExp>> = {
  base64Binary: /^[0-9a-zA-Z+/=\s]+$/,
  canonical: /^\S+$/,
  code: /^[^\s]+( [^\s]+)*$/,
  date: new RegExp(`^${YEAR}(-${MONTH}(-${DAY})?)?$`),
  dateTime: new RegExp(`^${YEAR}(-${MONTH}(-${DAY}(T${TIME}${OFFSET})?)?)?$`),
  id: /^[A-Za-z0-9\-.]{1,64}$/,
  instant: new RegExp(`^${YEAR}-${MONTH}-${DAY}T${TIME}${OFFSET}$`),
  markdown: /\S/,
  oid: /^urn:oid:[0-2](\.(0|[1-9][0-9]*))+$/,
  string: /\S/,
  time: new RegExp(`^${TIME}$`),
  uri: /^\S+$/,
  url: /^\S+$/,
  uuid: /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/,
  xhtml: /^<div[\s>]/,
};
/** Scripts, handlers of events, and entities that XML does not know (`&nbsp;`). */
const ACTIVE_XHTML =
  /<\s*(script|iframe|object|embed|form|input|link|style|base|head|body)\b|\son\w+\s*=|javascript:|<!|&(?!(amp|lt|gt|quot|apos|#\d+|#x[0-9a-f]+);)/i;

const NUMBERS: Readonly<Record<string, (value: number) => boolean>> = {
  decimal: () => true,
  integer: (value) => Number.isInteger(value) && Math.abs(value) <= 2_147_483_648,
  positiveInt: (value) => Number.isInteger(value) && value >= 1 && value <= 2_147_483_647,
  unsignedInt: (value) => Number.isInteger(value) && value >= 0 && value <= 2_147_483_647,
};

export const isPrimitive = (type: string): boolean =>
  type === 'boolean' || Object.hasOwn(FORMATS, type) || Object.hasOwn(NUMBERS, type);

/** Whether a value of JSON has the form of the primitive type. */
export function isPrimitiveValue(type: string, value: unknown): boolean {
  if (type === 'boolean') return typeof value === 'boolean';
  const number = NUMBERS[type];
  if (number !== undefined) return typeof value === 'number' && Number.isFinite(value) && number(value);
  if (typeof value !== 'string' || FORMATS[type]?.test(value) !== true) return false;
  if (type === 'xhtml') return !ACTIVE_XHTML.test(value);
  return !['date', 'dateTime', 'instant'].includes(type) || isExistingDay(value);
}

/** 30 February has the form of a date, and is none. */
function isExistingDay(value: string): boolean {
  if (value.length < 10) return true;
  const day = value.slice(0, 10);
  const read = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(read.getTime()) && read.toISOString().startsWith(day);
}
