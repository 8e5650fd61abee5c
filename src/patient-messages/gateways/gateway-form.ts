/** The address as it was written: `new URL` encodes braces. */
export const decodedBraces = (url: string): string => url.replaceAll(/%7B(\w+)%7D/gi, '{$1}');

/** Whether the text is a JSON object in which words in braces stand inside strings alone. */
export function isJsonTemplate(body: string): boolean {
  const parsed = parsedJson(body);
  return typeof parsed === 'object' && parsed !== null;
}

const STEP = /^[^.[\]]+(?:\[\d{1,4}\])*$/;
/** Whether the text names a field: names separated by dots, places of a list in brackets. */
export const isPath = (path: string): boolean => path.split('.').every((step) => STEP.test(step));

/** Undefined: it is no JSON. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
