import * as fs from 'node:fs';
import * as path from 'node:path';
import { gzipSync } from 'node:zlib';
import { create, Header } from 'tar';
import { temporaryFolder } from '../support/platform-folder';

/** A .tar.gz as `tar` makes it. */
export function tarGz(files: Readonly<Record<string, string | Buffer>>): Buffer {
  const folder = temporaryFolder();
  const content = path.join(folder, 'content');
  for (const [file, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(content, file)), { recursive: true });
    fs.writeFileSync(path.join(content, file), text);
  }
  const archive = path.join(folder, 'archive.tar.gz');
  // The same files give the same bytes, whenever they were written.
  create(
    { gzip: true, sync: true, portable: true, mtime: new Date(0), cwd: content, file: archive },
    fs.readdirSync(content).sort(),
  );
  return fs.readFileSync(archive);
}

/** A member of a tar that no decent program makes. */
export interface RawMember {
  readonly path: string;
  readonly content?: string;
  readonly type?: 'File' | 'SymbolicLink' | 'Link' | 'CharacterDevice' | 'FIFO';
  readonly linkpath?: string;
}

/** A .tar.gz with whatever members. */
export function rawTarGz(members: readonly RawMember[]): Buffer {
  const blocks = members.flatMap(({ path: name, content = '', type = 'File', linkpath }) => {
    const header = new Header({ path: name, type, size: content.length, mode: 0o755, mtime: new Date(0) });
    if (linkpath !== undefined) header.linkpath = linkpath;
    header.encode();
    return [header.block!, Buffer.from(content), Buffer.alloc((512 - (content.length % 512)) % 512)];
  });
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]));
}
