import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import * as tar from 'tar';
import { temporaryFolder, writeFile } from '../support/platform-folder';

/** Answers from `answers.json` beside it, and writes down what it was asked. */
const SCRIPT = `#!${process.execPath}
const fs = require('node:fs');
const path = require('node:path');
const call = process.argv.slice(2).join(' ');
fs.appendFileSync(path.join(__dirname, 'calls.txt'), call + '\\n');
const answer = JSON.parse(fs.readFileSync(path.join(__dirname, 'answers.json'), 'utf8'))[call];
if (answer === undefined) {
  console.error('Error: fetching ' + process.argv[3] + ': GET https://registry/v2/: MANIFEST_UNKNOWN: manifest unknown');
  process.exit(1);
} else if (answer.error !== undefined) {
  console.error(answer.error);
  process.exit(1);
} else if (answer.hangs) {
  setInterval(() => {}, 1000);
} else {
  process.stdout.write(Buffer.from(answer.base64, 'base64'));
}
`;

type StandInAnswer = { readonly base64: string } | { readonly error: string } | { readonly hangs: true };

/** A stand-in for `crane` on a PATH of its own. */
export class StandInCrane {
  private readonly folder = temporaryFolder();
  private readonly answers: Record<string, StandInAnswer> = {};

  public constructor() {
    fs.writeFileSync(path.join(this.folder, 'crane'), SCRIPT, { mode: 0o755 });
    fs.writeFileSync(path.join(this.folder, 'calls.txt'), '');
    this.answer('nothing', { error: '' });
  }

  public get environment(): Record<string, string> {
    return { PATH: this.folder };
  }

  /** What it was asked, in order. */
  public get calls(): readonly string[] {
    return fs.readFileSync(path.join(this.folder, 'calls.txt'), 'utf8').split('\n').filter((line) => line !== ''); // prettier-ignore
  }

  public answer(call: string, answer: StandInAnswer): void {
    this.answers[call] = answer;
    fs.writeFileSync(path.join(this.folder, 'answers.json'), JSON.stringify(this.answers));
  }

  /** @returns the digest of the manifest */
  public publish(reference: string, manifest: object = { schemaVersion: 2, config: reference }): string {
    const content = Buffer.from(JSON.stringify(manifest));
    this.answer(`manifest ${reference}`, { base64: content.toString('base64') });
    return digestOf(content);
  }

  /** Publishes files as an artifact of one layer. @returns the digest of its manifest */
  public publishFiles(
    repository: string,
    tag: string,
    files: Readonly<Record<string, string>>,
    mediaType = 'application/vnd.cncf.flux.content.v1.tar+gzip',
  ): string {
    const content = archive(files);
    const digest = digestOf(content);
    this.answer(`blob ${repository}@${digest}`, { base64: content.toString('base64') });
    return this.publish(`${repository}:${tag}`, { schemaVersion: 2, layers: [{ mediaType, digest, size: content.length }] });
  }

  public publishTags(repository: string, tags: readonly string[]): void {
    this.answer(`ls ${repository}`, { base64: Buffer.from(`${tags.join('\n')}\n`).toString('base64') });
  }
}

export const digestOf = (content: Buffer): string => `sha256:${createHash('sha256').update(content).digest('hex')}`;

function archive(files: Readonly<Record<string, string>>): Buffer {
  const folder = temporaryFolder();
  for (const [file, content] of Object.entries(files)) writeFile(folder, file, content);
  const file = path.join(temporaryFolder(), 'archive.tar.gz');
  tar.c({ gzip: true, cwd: folder, file, portable: true, sync: true }, fs.readdirSync(folder));
  return fs.readFileSync(file);
}
