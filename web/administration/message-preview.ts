/** The template with its words in braces filled; words without a sample stay as they are. */
export const previewOf = (template: string, samples: Readonly<Record<string, string>>): string =>
  template.replace(/\{(\w+)\}/g, (whole, name: string) => samples[name] ?? whole).replace(/ {2,}/g, ' ');

// GSM 03.38, without the characters that count twice.
const GSM = /^[A-Za-z0-9 \r\n@£$¥èéùìòÇØøÅåÆæßÉ!"#%&'()*+,\-./:;<=>?¡ÄÖÑÜ§¿äöñüà_]*$/;

/** How many messages a gateway charges for a text: 70 characters in Chinese, 67 of each where it is split. */
export function partsOf(text: string): number {
  const [alone, split] = GSM.test(text) ? [160, 153] : [70, 67];
  return text.length <= alone ? 1 : Math.ceil(text.length / split);
}
