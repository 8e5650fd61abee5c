/** A text, or a function that puts values into one. */
type Text = string | ((...values: never[]) => string);
export interface Texts {
  readonly [key: string]: Text | Texts;
}

/** The same keys, and functions of the same values; only the words differ. */
export type Translated<Original> = {
  readonly [Key in keyof Original]: Original[Key] extends string
    ? string
    : Original[Key] extends (...values: never[]) => string
      ? Original[Key]
      : Translated<Original[Key]>;
};

export interface Dictionary<Original> {
  readonly zh: Translated<Original>;
  readonly en: Translated<Original>;
}

/** The texts of one room. It does not compile unless both languages have the same keys. */
export const dictionary = <Original extends Texts>(
  zh: Original,
  en: Translated<Original>,
): Dictionary<Original> => ({ zh: zh as Translated<Original>, en });

/** The text of a code that the server sent; the code itself where the pages do not know it. */
export const textOf = (texts: Readonly<Record<string, string>>, code: string): string =>
  Object.prototype.hasOwnProperty.call(texts, code) ? (texts[code] ?? code) : code;
