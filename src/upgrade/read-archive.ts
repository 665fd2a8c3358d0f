import { Parser, type ReadEntry } from 'tar';

/** More than this unpacked is no distribution but a bomb. */
const MAX_UNPACKED_BYTES = 512 * 1024 * 1024;

/**
 * Reads the wanted files of a compressed tar archive, in memory; links and devices are skipped.
 *
 * @param wanted decides by the path, without a leading `./`
 * @returns text by path
 * @throws Error when it cannot be unpacked
 */
export function readArchive(archive: Buffer, wanted: (path: string) => boolean): Promise<ReadonlyMap<string, string>> {
  return new Promise((resolve, reject) => {
    const files = new Map<string, string>();
    let unpacked = 0;
    const parser = new Parser({
      strict: true,
      onReadEntry: (entry: ReadEntry) => {
        const path = entry.path.replace(/^\.\//, '');
        const chunks: Buffer[] = [];
        const isWanted = (entry.type === 'File' || entry.type === 'OldFile') && !path.split('/').includes('..') && wanted(path);
        entry.on('data', (chunk: Buffer) => {
          unpacked += chunk.length;
          if (unpacked > MAX_UNPACKED_BYTES) parser.abort(new Error(`it unpacks to more than ${MAX_UNPACKED_BYTES} bytes`));
          else if (isWanted) chunks.push(chunk);
        });
        entry.on('end', () => {
          if (isWanted) files.set(path, Buffer.concat(chunks).toString('utf8'));
        });
      },
    });
    parser.on('error', reject);
    parser.on('end', () => {
      resolve(files);
    });
    parser.end(archive);
  });
}
