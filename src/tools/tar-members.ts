import { createReadStream } from 'node:fs';
import { PassThrough, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { Parser, type ReadEntry } from 'tar';
import { installedPath, safePath, unusable, UnpackedSize, type MemberWork, type WantedMembers } from './member-path';

const REGULAR_FILES = ['File', 'OldFile', 'ContiguousFile'];

/** Reads the wanted members of a .tar.gz. */
export async function readTar(wanted: WantedMembers, work: MemberWork): Promise<void> {
  const { archive, signal } = wanted;
  const sink = new TarSink(wanted, work);
  try {
    await pipeline(createReadStream(archive), createGunzip(), sink, { ...(signal === undefined ? {} : { signal }) });
  } finally {
    // Whoever removes what was written must not race with a writer.
    await sink.settled();
  }
}

/** Takes the bytes of a tar and gives its wanted members on; ends when the work on each of them has. */
class TarSink extends Writable {
  private readonly parser = new Parser();
  private readonly bytes: UnpackedSize;
  private readonly entryBytes: UnpackedSize;
  private readonly contents: PassThrough[] = [];
  private readonly works: Promise<void>[] = [];
  private ended = false;

  public constructor(
    private readonly wanted: WantedMembers,
    private readonly work: MemberWork,
  ) {
    super();
    this.bytes = new UnpackedSize(wanted.maxBytes);
    // A compressed tar inside the compression would be unpacked by the parser.
    this.entryBytes = new UnpackedSize(wanted.maxBytes);
    this.parser.on('warn', (code: string, message: string) => {
      if (code === 'TAR_BAD_ARCHIVE' || code === 'TAR_ENTRY_INVALID') this.destroy(unusable(`it is damaged (${message})`));
    });
    this.parser.on('error', (error: Error) => this.destroy(error));
    this.parser.on('eof', () => (this.ended = true));
    this.parser.on('entry', (entry: ReadEntry) => {
      this.take(entry);
    });
  }

  /** When the work on every member has ended, well or not. */
  public async settled(): Promise<void> {
    await Promise.all(this.works);
  }

  public override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error) => void): void {
    try {
      this.bytes.add(chunk.length);
    } catch (error) {
      done(error as Error);
      return;
    }
    // The parser would keep whatever follows its end.
    if (this.ended || this.parser.write(chunk)) done();
    else this.parser.once('drain', done);
  }

  public override _final(done: (error?: Error) => void): void {
    this.parser.once('end', () => {
      void Promise.all(this.works).then(() => {
        done();
      });
    });
    this.parser.end();
  }

  public override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    // A member that will not get its end has to know.
    for (const content of this.contents) content.destroy(error ?? undefined);
    void Promise.all(this.works).then(() => {
      done(error);
    });
  }

  private take(entry: ReadEntry): void {
    try {
      this.entryBytes.add(entry.size);
      const file = installedPath(safePath(entry.path), this.wanted.members);
      if (file === undefined || entry.type === 'Directory') {
        entry.resume();
        return;
      }
      if (!REGULAR_FILES.includes(entry.type)) throw unusable(`its member '${entry.path}' is no file but a ${entry.type}`);
      const content = new PassThrough();
      content.on('error', () => undefined);
      this.contents.push(content);
      this.works.push(
        this.work(file, content).catch((error: unknown) => {
          this.destroy(error as Error);
        }),
      );
      entry.pipe(content);
    } catch (error) {
      entry.resume();
      this.destroy(error as Error);
    }
  }
}
