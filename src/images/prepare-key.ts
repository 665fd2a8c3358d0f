import { createPublicKey, verify } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { type Environment, type Problem } from '../model';
import { signBlobCall } from './cosign';
import { lastWords } from './explain-failure';
import { type SigningKeys } from './signing-keys';
import { callTool, type ToolCaller } from './tool-call';

const PROBE = 'k8s-gitops: does this key sign, and does the public key belong to it?\n';

/** Signs a text and verifies it, so that a wrong key is found out before it leaves a signature in the registry. */
export async function prepareKey(
  { name: environment, vault }: Environment,
  { name, signer }: SigningKeys,
  caller: ToolCaller,
  scratch: string,
): Promise<readonly Problem[]> {
  if (signer === undefined) return [];
  const location = { file: signer.key };
  const file = path.join(scratch, 'probe.txt');
  const output = path.join(scratch, 'probe.sig');
  fs.writeFileSync(file, PROBE);
  const result = await callTool(caller, signBlobCall(signer.key, file, output));
  if (result.code !== 0) {
    const message = `does not sign: cosign: ${result.failure ?? lastWords(result.stderr)}`;
    return [{ location, message, remedy: keyRemedy(signer.key, result.stderr, vault.name) }];
  }
  const signature = Buffer.from(fs.readFileSync(output, 'utf8'), 'base64');
  if (belongs(signer.publicKey, signature)) return [];
  return [
    {
      location,
      message: `the public key ${path.basename(signer.publicKey)} does not belong to it`,
      remedy: `Give the ${name} key of '${environment}' and its own public key first, or record the outputs of the stack again.`,
    },
  ];
}

function belongs(publicKey: string, signature: Buffer): boolean {
  try {
    return verify('sha256', Buffer.from(PROBE), createPublicKey(fs.readFileSync(publicKey)), signature);
  } catch {
    // Of a kind that does not sign.
    return false;
  }
}

/** What to do about a key that cannot be used. */
export function keyRemedy(key: string, stderr: string, vault = key.split('/')[2] ?? key): string {
  if (key.startsWith('azurekms://')) return `Sign in to Azure, and check that you may sign with the keys of ${vault}.`;
  if (/decrypt/i.test(stderr)) return 'Set COSIGN_PASSWORD to the password of the key file.';
  return 'Give the private key file that `cosign generate-key-pair` made.';
}
