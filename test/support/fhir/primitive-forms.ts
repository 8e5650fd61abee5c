import { DateTime } from 'luxon';

const DATE = /^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$/;
const TIME = /^([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?$/;
const OFFSET = /(Z|[+-]((0\d|1[0-3]):[0-5]\d|14:00))$/;
const TEXT = /^(?!\s*$)[^\0-\x08\x0b\x0c\x0e-\x1f]*$/;

const isDate = (value: string): boolean => DATE.test(value) && DateTime.fromISO(value).isValid;

function isMoment(value: string, mayBeDate: boolean): boolean {
  if (!value.includes('T')) return mayBeDate && isDate(value);
  const [day = '', rest = ''] = value.split('T');
  return day.length === 10 && isDate(day) && OFFSET.test(rest) && TIME.test(rest.replace(OFFSET, ''));
}

const matching =
  (form: RegExp) =>
  (value: unknown): boolean =>
    typeof value === 'string' && form.test(value);
const whole =
  (from: number) =>
  (value: unknown): boolean =>
    Number.isInteger(value) && Number(value) >= from && Number(value) <= 2_147_483_647;

/** Whether a JSON value has the form of a primitive type of R4 (HL7 FHIR R4, datatypes, section 2.24.0.1). */
export const PRIMITIVES: Readonly<Record<string, (value: unknown) => boolean>> = {
  boolean: (value) => typeof value === 'boolean',
  integer: whole(-2_147_483_648),
  unsignedInt: whole(0),
  positiveInt: whole(1),
  decimal: (value) => typeof value === 'number' && Number.isFinite(value),
  string: matching(TEXT),
  markdown: matching(TEXT),
  xhtml: matching(TEXT),
  code: matching(/^\S+( \S+)*$/),
  id: matching(/^[A-Za-z0-9\-.]{1,64}$/),
  uri: matching(/^\S+$/),
  url: matching(/^\S+$/),
  canonical: matching(/^\S+$/),
  oid: matching(/^urn:oid:[0-2](\.(0|[1-9]\d*))+$/),
  uuid: matching(/^urn:uuid:[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/),
  base64Binary: (value) =>
    typeof value === 'string' &&
    /^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(value.replace(/\s/g, '')),
  date: (value) => typeof value === 'string' && isDate(value),
  dateTime: (value) => typeof value === 'string' && isMoment(value, true),
  instant: (value) => typeof value === 'string' && isMoment(value, false),
  time: matching(TIME),
};
