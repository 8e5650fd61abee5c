import type { Dispatcher } from 'undici';

const READ_AT_MOST = 64 * 1024;

/** The beginning of what somebody answered, and what broke it off, if anything did. Throws nothing. */
export async function beginningOf(
  body: Dispatcher.ResponseData['body'],
): Promise<{ readonly text: string; readonly broken: Error | undefined }> {
  const chunks: Buffer[] = [];
  let size = 0;
  let broken: Error | undefined;
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      size += chunk.length;
      if (size >= READ_AT_MOST) break;
    }
  } catch (error) {
    broken = error as Error;
  }
  return { text: clean(Buffer.concat(chunks).toString('utf8')), broken };
}

/** PostgreSQL stores no NUL in a text. */
export const clean = (text: string): string => text.replaceAll('\0', '\uFFFD');
