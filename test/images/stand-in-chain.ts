import { createHash, generateKeyPairSync } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { parse, stringify } from 'yaml';
import { type LockFile } from '../../src/model';
import { platformFolder, readFile, temporaryFolder, writeFile } from '../support/platform-folder';

/** An address of a key in Key Vault, behind which the stand-in has one. */
export const VAULT_KEY = 'azurekms://my-org-dev.vault.azure.net/platform/0123456789abcdef0123456789abcdef';

const CHART = JSON.stringify({ schemaVersion: 2, config: { mediaType: 'application/vnd.cncf.helm.config.v1+json' } });

/** Fails as often as `refusals.json` says, and writes down each call with where credentials are looked for. */
const PREAMBLE = `#!${process.execPath}
const fs = require('node:fs');
const path = require('node:path');
const crypto = require('node:crypto');
const args = process.argv.slice(2);
const kind = path.basename(__filename) + ' ' + args[0];
const at = (name) => path.join(__dirname, name);
fs.appendFileSync(at('calls.txt'), JSON.stringify({ kind, args, dockerConfig: process.env.DOCKER_CONFIG }) + '\\n');
const refusals = JSON.parse(fs.readFileSync(at('refusals.json'), 'utf8'));
const fail = (text) => { console.error(text); process.exit(1); };
if ((refusals[kind]?.times ?? 0) > 0) {
  refusals[kind].times -= 1;
  fs.writeFileSync(at('refusals.json'), JSON.stringify(refusals));
  fail(refusals[kind].says);
}
const option = (name) => args[args.indexOf(name) + 1];
`;

const CRANE = `${PREAMBLE}
const isUpstream = args[1].startsWith('ghcr.io/');
if (args[0] === 'copy') fs.writeFileSync(at('copied'), '');
else if (isUpstream || fs.existsSync(at('copied'))) process.stdout.write(${JSON.stringify(CHART)});
else fail('MANIFEST_UNKNOWN: manifest unknown');
`;

const COSIGN = `${PREAMBLE}
if (args[0] === 'version') console.log('{"gitVersion":"v2.6.5"}');
if (args[0] === 'public-key') process.stdout.write(fs.readFileSync(at('key.pub')));
if (args[0] === 'sign') fs.writeFileSync(at('signed'), '');
if (args[0] === 'sign-blob') {
  const signature = crypto.sign('sha256', fs.readFileSync(args.at(-1)), fs.readFileSync(at('key.pem')));
  fs.writeFileSync(option('--output-signature'), signature.toString('base64'));
}
if (args[0] === 'verify' && !fs.existsSync(at('signed'))) fail('Error: no signatures found');
if (args[0] === 'verify' && !fs.readFileSync(option('--key')).equals(fs.readFileSync(at('key.pub')))) fail('Error: invalid signature');
`;

interface Call {
  readonly kind: string;
  readonly args: readonly string[];
  readonly dockerConfig?: string;
}

/** Stand-ins for crane and cosign that release the operator's chart, and a platform whose lock names it. */
export class StandInChain {
  public readonly tools = temporaryFolder();
  public readonly folder = platformFolder();
  /** The public key of {@link VAULT_KEY} as a file. */
  public readonly publicKey = path.join(this.tools, 'key.pub');

  public constructor() {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    fs.writeFileSync(this.publicKey, publicKey.export({ format: 'pem', type: 'spki' }));
    fs.writeFileSync(path.join(this.tools, 'key.pem'), privateKey.export({ format: 'pem', type: 'pkcs8' }));
    fs.writeFileSync(path.join(this.tools, 'crane'), CRANE, { mode: 0o755 });
    fs.writeFileSync(path.join(this.tools, 'cosign'), COSIGN, { mode: 0o755 });
    this.refuse({});
    const lock = parse(readFile(this.folder, 'platform.lock.yaml')) as LockFile;
    lock.charts['flux-operator']!.digest = `sha256:${createHash('sha256').update(CHART).digest('hex')}`;
    writeFile(this.folder, 'platform.lock.yaml', stringify(lock));
  }

  /** Calls of this kind, such as `cosign sign`, fail so many times. */
  public refuse(refusals: Readonly<Record<string, { readonly times: number; readonly says: string }>>): void {
    fs.writeFileSync(path.join(this.tools, 'refusals.json'), JSON.stringify(refusals));
  }

  public get calls(): readonly Call[] {
    const file = path.join(this.tools, 'calls.txt');
    if (!fs.existsSync(file)) return [];
    return fs.readFileSync(file, 'utf8').trim().split('\n').map((line) => JSON.parse(line) as Call); // prettier-ignore
  }

  /** How often a kind of call was made. */
  public count(kind: string): number {
    return this.calls.filter((call) => call.kind === kind).length;
  }
}
