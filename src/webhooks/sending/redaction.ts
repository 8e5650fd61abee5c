const HIDDEN = '•••';

// In error pages and answers of hospital systems, by the keys that such systems use. Values of JSON, XML and of
// "name: value" lines.
const IDENTIFYING =
  'patient_?name|full_?name|real_?name|given_?name|family_?name|name|xm|hzxm|phone|mobile|tel|telephone|lxdh|id_?card|id_?number|identity_?number|sfzh|zjhm|address|dz|姓名|患者|电话|手机号?|身份证号?|证件号码?|地址|住址';

const FIELD = new RegExp(
  // a key of its own, with or without quotes or a bracket, then : or = or >, then the value up to what ends it
  `((?:^|[\\s"'<{,;(&?])(?:${IDENTIFYING})["']?\\s*[:=>：]\\s*["']?)([^"'<>,;&}\\n]+)`,
  'giu',
);

/** Phone and identity numbers, however they are grouped; the 8 digits of a date, and times, stay. */
const LONG_NUMBER = /(?<![\w-])\+?\d(?:[ -]?\d){8,}[\dXx]?(?![\w-])/gu;

/**
 * A text of somebody else's system, without what may tell who a patient is: values under names that such systems use,
 * and numbers of nine digits or more. What it says in free words stays.
 */
export const redacted = (text: string): string =>
  text.replace(FIELD, `$1${HIDDEN}`).replace(LONG_NUMBER, HIDDEN);
