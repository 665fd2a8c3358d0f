import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { fileSystemProblem, makeFolder, type Location, type Problem } from '../model';
import { ALGORITHM_NAMES, type Checksum } from './checksum';
import { fetchedAddress, shownAddress } from './download-address';
import { sizeFailure } from './http-failure';
import { get, limitsOf, type DownloadContext, type HttpResponse } from './http-request';
import { redact } from './redact';
import { temporaryName } from './temporary-name';
import { interrupted, ToolFailure } from './tool-failure';

/** Larger texts are no lists of checksums. */
const MAX_TEXT_BYTES = 8 * 1024 * 1024;

/** What is to be downloaded. */
export interface DownloadRequest {
  /** Address where the publisher has it; `supplyChain.downloads` says where it is fetched. */
  readonly url: string;
  /** Absolute path of the file that it becomes. */
  readonly file: string;
  readonly checksum: Checksum;
  /** What it is, as problems call it. */
  readonly what: string;
  /** Where the address and the checksum stand. */
  readonly location: Location;
  /** What to do when the checksum is another one. */
  readonly mismatchRemedy: string;
  /** Told how much came of how much. @default - nobody is told */
  readonly onProgress?: (received: number, total?: number) => void;
}

/**
 * Downloads a file. It gets its name only when it is whole and its checksum is right; otherwise nothing of it stays.
 *
 * @returns what kept it from coming about
 */
export async function download(wanted: DownloadRequest, context: DownloadContext): Promise<Problem | undefined> {
  const temporary = temporaryName(wanted.file);
  try {
    makeFolder(path.dirname(wanted.file));
    const address = fetchedAddress(wanted.url, context.downloads);
    await get(address, context, async (response) => {
      const received = await receive(response, temporary, wanted, context);
      if (received.checksum !== wanted.checksum.value) throw mismatch(wanted, received);
    });
    // The signal may have come with the last byte.
    if (context.signal?.aborted === true) throw interrupted();
    fs.renameSync(temporary, wanted.file);
    return undefined;
  } catch (error) {
    // Where it could not even be made, there is nothing to remove.
    if (fs.existsSync(temporary)) fs.rmSync(temporary);
    const problem = asProblem(error, wanted, `${wanted.what} cannot be downloaded from`, context);
    if (problem === undefined) throw error;
    return problem;
  }
}

interface Received {
  readonly bytes: number;
  readonly checksum: string;
  readonly contentType: string | undefined;
}

/** Into a file, never into memory. */
async function receive(
  response: HttpResponse,
  file: string,
  { checksum, onProgress }: DownloadRequest,
  context: DownloadContext,
): Promise<Received> {
  const total = announcedSize(response);
  const { maxBytes } = limitsOf(context);
  if (total !== undefined && total > maxBytes) throw sizeFailure(`it has ${total} bytes`, maxBytes);
  const hash = createHash(checksum.algorithm);
  const output = fs.openSync(file, 'w', 0o644);
  let bytes = 0;
  try {
    for await (const chunk of response.body) {
      bytes += chunk.length;
      if (bytes > maxBytes) throw sizeFailure('it has no end', maxBytes);
      hash.update(chunk);
      await writeAll(output, file, chunk);
      onProgress?.(bytes, total);
    }
    fs.fsyncSync(output);
  } catch (error) {
    throw afterBytes(error, bytes, total);
  } finally {
    fs.closeSync(output);
  }
  const contentType = response.headers['content-type'];
  return { bytes, checksum: hash.digest('hex'), contentType: typeof contentType === 'string' ? contentType : undefined };
}

function announcedSize({ headers }: HttpResponse): number | undefined {
  const length = headers['content-length'];
  return typeof length === 'string' && /^\d+$/.test(length) ? Number(length) : undefined;
}

function writeAll(output: number, file: string, chunk: Buffer, offset = 0): Promise<void> {
  return new Promise((resolve, reject) => {
    fs.write(output, chunk, offset, chunk.length - offset, null, (error, written) => {
      // The error of a descriptor does not know the file.
      if (error !== null) reject(Object.assign(error, { path: file }));
      else if (offset + written < chunk.length) writeAll(output, file, chunk, offset + written).then(resolve, reject);
      else resolve();
    });
  });
}

function afterBytes(error: unknown, bytes: number, total: number | undefined): unknown {
  if (!(error instanceof ToolFailure) || error.transient === false) return error;
  const progress = `after ${bytes} ${total === undefined ? 'bytes' : `of ${total} bytes`}`;
  return new ToolFailure(`${error.message}, ${progress}`, error.remedy, error.transient);
}

function mismatch({ checksum, mismatchRemedy }: DownloadRequest, { bytes, checksum: found, contentType }: Received): ToolFailure {
  // What a proxy answers when it wants a login or forbids something.
  const page = contentType?.startsWith('text/html') === true ? ', a web page' : '';
  return new ToolFailure(
    `its ${ALGORITHM_NAMES[checksum.algorithm]} should be ${checksum.value}, but what came (${bytes} bytes${page}) has ${found}`,
    mismatchRemedy,
  );
}

/** What stands in a small text, such as a list of checksums. */
export async function fetchText(
  url: string,
  what: string,
  location: Location,
  context: DownloadContext,
): Promise<string | Problem> {
  return told(url, `${what} cannot be read from`, location, context, () =>
    get(fetchedAddress(url, context.downloads), context, readText),
  );
}

async function readText({ body }: HttpResponse): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > MAX_TEXT_BYTES) throw sizeFailure('it has no end', MAX_TEXT_BYTES);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Where an address redirects to. */
export async function fetchRedirect(
  url: string,
  what: string,
  location: Location,
  context: DownloadContext,
): Promise<string | Problem> {
  const address = fetchedAddress(url, context.downloads);
  const readTarget = ({ headers }: HttpResponse): Promise<string> => Promise.resolve(String(headers['location'] ?? ''));
  return told(url, `${what} cannot be read from`, location, context, () =>
    get(address, context, readTarget, { followRedirects: false }),
  );
}

async function told(
  url: string,
  what: string,
  location: Location,
  context: DownloadContext,
  work: () => Promise<string>,
): Promise<string | Problem> {
  try {
    return await work();
  } catch (error) {
    const problem = asProblem(error, { url, location }, what, context);
    if (problem === undefined) throw error;
    return problem;
  }
}

function asProblem(
  error: unknown,
  { url, location }: Pick<DownloadRequest, 'url' | 'location'>,
  what: string,
  { environment, downloads }: DownloadContext,
): Problem | undefined {
  if (!(error instanceof ToolFailure)) return fileSystemProblem(error, process.cwd());
  const address = fetchedAddress(url, downloads);
  const shown = shownAddress(address, environment);
  const place = address === url ? shown : `${shown} (in place of ${shownAddress(url, environment)})`;
  const { message, remedy } = error;
  return { location, message: `${what} ${place}: ${redact(message, environment)}`, remedy };
}
