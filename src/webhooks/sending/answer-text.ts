/** What somebody answered, as it may be stored. */
export const answerText = (body: Buffer): string => clean(body.toString('utf8'));

/** PostgreSQL stores no NUL in a text. */
export const clean = (text: string): string => text.replaceAll('\0', '\uFFFD');
