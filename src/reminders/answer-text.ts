import type { Dispatcher } from 'undici';

const READ_AT_MOST = 64 * 1024;

/** The beginning of what somebody answered. The status has decided already, so an answer that breaks off or never ends changes nothing. */
export async function beginningOf(body: Dispatcher.ResponseData['body']): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      size += chunk.length;
      if (size >= READ_AT_MOST) break;
    }
  } catch {
    // What was read so far is the answer.
  }
  return clean(Buffer.concat(chunks).toString('utf8'));
}

/** PostgreSQL stores no NUL in a text. */
export const clean = (text: string): string => text.replaceAll('\0', '\uFFFD');
