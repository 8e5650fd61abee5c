/** A callable number, with the text beside it. */
export interface Phone {
  readonly number: string;
  readonly note: string;
}

const NUMBER = /(?<!\d)1\d{10}(?!\d)|\+?\d[\d -]{5,}\d/g;

/** The numbers of a field that may have several, each with a note: `13800000001 本人, 010-62345678 女儿`. */
export function phonesIn(text: string): readonly Phone[] {
  const found = [...text.matchAll(NUMBER)];
  return found.map((match, place) => {
    const end = match.index + match[0].length;
    const rest = text.slice(end, found[place + 1]?.index ?? text.length);
    return { number: match[0], note: rest.replace(/[,，;；、/()（）]/g, ' ').trim() };
  });
}

/** `tel:` takes digits and a leading plus. */
export const dialled = (number: string): string => `tel:${number.replace(/[^\d+]/g, '')}`;
