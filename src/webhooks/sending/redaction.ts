const HIDDEN = '•••';

// Field names of personal data in error pages and answers of hospital systems. Covers JSON, XML and lines of the form
// "name: value".
const IDENTIFYING =
  'patient_?name|full_?name|real_?name|given_?name|family_?name|name|xm|hzxm|phone|mobile|tel|telephone|lxdh|id_?card|id_?number|identity_?number|sfzh|zjhm|address|dz|姓名|患者|电话|手机号?|身份证号?|证件号码?|地址|住址';

const FIELD = new RegExp(
  // a key of its own, with or without quotes or a bracket, then : or = or >, then the value up to its end
  `((?:^|[\\s"'<{,;(&?])(?:${IDENTIFYING})["']?\\s*[:=>：]\\s*["']?)([^"'<>,;&}\\n]+)`,
  'giu',
);

/** Phone and identity numbers in any grouping; the 8 digits of a date, and times, stay. */
const LONG_NUMBER = /(?<![\w-])\+?\d(?:[ -]?\d){8,}[\dXx]?(?![\w-])/gu;

/**
 * Redacts a text of another system: removes values under field names of personal data, and numbers of nine digits or
 * more. Free text stays.
 */
export const redacted = (text: string): string =>
  text.replace(FIELD, `$1${HIDDEN}`).replace(LONG_NUMBER, HIDDEN);
