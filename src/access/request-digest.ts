import { createHash, type Hash } from 'node:crypto';
import { pipeline, Transform } from 'node:stream';
import '@fastify/multipart'; // adds isMultipart() and parts() to the request
import type { FastifyRequest } from 'fastify';
import { DomainError } from '../platform/domain-error.js';
import { msg } from '../platform/messages/dictionary.js';

const sha256 = (): Hash => createHash('sha256');

const digestOf = ({ url }: FastifyRequest, body: unknown): Buffer =>
  sha256()
    .update(JSON.stringify([url, body ?? null]))
    .digest();

/** SHA-256 of the address and the body; undefined for a form with files, which is not read yet. */
export const bodyDigest = (request: FastifyRequest): Buffer | undefined =>
  request.isMultipart() ? undefined : digestOf(request, request.body);

type Parts = ReturnType<FastifyRequest['parts']>;
type Part = Parts extends AsyncIterableIterator<infer P> ? P : never;
type FilePart = Extract<Part, { type: 'file' }>;

/**
 * Digests everything that `request.parts()` reads from now on: names, values and the bytes of files, but not the
 * boundary, which differs for each sender. The returned function gives the digest of the parts read so far.
 */
export function digestWhileRead(request: FastifyRequest): () => Buffer {
  const read: unknown[][] = [];
  const parts = request.parts.bind(request);
  request.parts = async function* (options) {
    for await (const part of parts(options)) yield part.type === 'file' ? digested(part) : field(part);
  };
  const field = (part: Exclude<Part, FilePart>): Part => {
    read.push([part.fieldname, part.value]);
    return part;
  };
  const digested = (part: FilePart): Part => {
    const hash = sha256();
    const entry: unknown[] = [part.fieldname, part.filename];
    read.push(entry);
    const { file } = part;
    const through = new Transform({
      transform(chunk: Buffer, _, done) {
        hash.update(chunk);
        done(null, chunk);
      },
      flush(done) {
        entry.push(hash.digest('hex'));
        done();
      },
    });
    // The reader of the part asks its file whether it was cut off at the limit.
    Object.defineProperty(through, 'truncated', { get: () => file.truncated });
    pipeline(file, through, () => undefined); // the reader sees the error of the file in `through`
    return Object.assign(part, { file: through });
  };
  return () => digestOf(request, read);
}

/** Reads a form to its end without storing it, and returns the digest of `digestWhileRead`. */
export async function digestByReading(request: FastifyRequest): Promise<Buffer> {
  const digest = digestWhileRead(request);
  try {
    for await (const part of request.parts()) {
      if (part.type === 'file') for await (const chunk of part.file) void chunk;
    }
  } catch (error) {
    if (error instanceof Error && 'statusCode' in error) throw error;
    throw new DomainError('malformed', 'not-a-form', msg('not-a-form'));
  }
  return digest();
}
