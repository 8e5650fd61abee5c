import { createHash } from 'node:crypto';
import { createWriteStream, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, posix } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { pack } from 'tar-stream';

export const SUMS = 'SHA256SUMS';

/**
 * Writes the files, and a list of their SHA-256, to the gzipped tar `path`, and the SHA-256 of that beside it.
 * The same files give the same bytes: their order, owner and time do not depend on the machine.
 */
export async function writeBundle(path, folder, files, time) {
  const tar = pack();
  const written = pipeline(tar, createGzip({ level: 6 }), createWriteStream(`${path}.partial`));
  written.catch(() => undefined); // awaited below, after all files are added
  const byName = new Map(files.map((file) => [file.name, file]));
  let sums = '';
  try {
    for (const file of files) {
      const header = { name: `${folder}/${file.name}`, mtime: time, uid: 0, gid: 0, mode: modeOf(file) };
      const content = contentOf(byName, file);
      sums += `${sha256(content)}  ${file.name}\n`;
      if (file.link === undefined) await entry(tar, header, content);
      else await entry(tar, { ...header, type: 'symlink', linkname: file.link });
    }
    await entry(
      tar,
      { name: `${folder}/${SUMS}`, mtime: time, uid: 0, gid: 0, mode: 0o644 },
      Buffer.from(sums),
    );
    tar.finalize();
    await written;
  } catch (error) {
    tar.destroy();
    rmSync(`${path}.partial`, { force: true });
    throw error;
  }
  renameSync(`${path}.partial`, path);
  const digest = sha256(readFileSync(path));
  writeFileSync(`${path}.sha256`, `${digest}  ${basename(path)}\n`);
  return { digest, bytes: statSync(path).size };
}

function modeOf({ from, mode }) {
  return mode ?? (from !== undefined && statSync(from).mode & 0o100 ? 0o755 : 0o644);
}

/** For a link, the content of its target, so that every name in the list can be checked in the same way. */
function contentOf(byName, { name, content, from, link }) {
  if (link === undefined) return content ?? readFileSync(from);
  const target = posix.join(posix.dirname(name), link);
  const file = byName.get(target);
  if (!file) throw new Error(`${name} leads to ${target}, which is not in the bundle.`);
  return contentOf(byName, file);
}

function sha256(content) {
  return createHash('sha256').update(content).digest('hex');
}

function entry(tar, header, content) {
  return new Promise((resolve, reject) => {
    const done = (error) => (error ? reject(error) : resolve());
    if (content === undefined) tar.entry(header, done);
    else tar.entry(header, content, done).on('error', reject);
  });
}
