import { generateKeyPairSync } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { temporaryFolder } from '../support/platform-folder';

/** A public key as Key Vault's would be. */
export const newPublicKey = (): string =>
  generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'pem', type: 'spki' }) as string;

const SCRIPT = `#!${process.execPath}
const fs = require('node:fs');
const path = require('node:path');
const tool = path.basename(__filename);
const call = tool + ' ' + process.argv.slice(2).join(' ');
fs.appendFileSync(path.join(__dirname, 'calls.txt'), call + '\\n');
const answers = JSON.parse(fs.readFileSync(path.join(__dirname, 'answers.json'), 'utf8'));
const answer = answers[call] ?? { error: 'error: nobody expected: ' + call };
fs.writeFileSync(path.join(__dirname, tool + '-folder.txt'), process.cwd());
if (answer.error === undefined) process.stdout.write(answer.text);
else { console.error(answer.error.replaceAll('{token}', process.env.PULUMI_ACCESS_TOKEN ?? '')); process.exitCode = 1; }
`;

/** Stand-ins for `pulumi` and `cosign` on a PATH of their own. */
export class StandInTools {
  public readonly folder = temporaryFolder();
  private readonly answers: Record<string, { readonly text: string } | { readonly error: string }> = {};

  public constructor(...names: readonly ('pulumi' | 'cosign')[]) {
    for (const name of names) fs.writeFileSync(path.join(this.folder, name), SCRIPT, { mode: 0o755 });
    fs.writeFileSync(path.join(this.folder, 'calls.txt'), '');
    this.save();
  }

  /** What they were asked, in order. */
  public get calls(): readonly string[] {
    return fs.readFileSync(path.join(this.folder, 'calls.txt'), 'utf8').trim().split('\n');
  }

  /** The folder in which one of them ran last. */
  public folderOf(name: 'pulumi' | 'cosign'): string {
    return fs.readFileSync(path.join(this.folder, `${name}-folder.txt`), 'utf8');
  }

  /** What `pulumi stack output` prints. */
  public stackPrints(stack: string, answer: { readonly text: string } | { readonly error: string }): void {
    this.answers[`pulumi stack output --json --stack ${stack} --non-interactive`] = answer;
    this.save();
  }

  /** What `cosign public-key` prints for a key of the vault `my-org-dev`. */
  public keyIs(nameAndVersion: string, answer: { readonly text: string } | { readonly error: string }): void {
    this.answers[`cosign public-key --key azurekms://my-org-dev.vault.azure.net/${nameAndVersion}`] = answer;
    this.save();
  }

  private save(): void {
    fs.writeFileSync(path.join(this.folder, 'answers.json'), JSON.stringify(this.answers));
  }
}
