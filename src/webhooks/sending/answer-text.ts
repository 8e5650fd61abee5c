/** An answer in the form in which it may be stored. */
export const answerText = (body: Buffer): string => clean(body.toString('utf8'));

/** PostgreSQL cannot store NUL in a text. */
export const clean = (text: string): string => text.replaceAll('\0', '\uFFFD');
