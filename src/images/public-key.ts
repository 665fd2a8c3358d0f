import { type Problem } from '../model';
import { locateTool } from '../tools';
import { publicKeyCall } from './cosign';
import { lastWords } from './explain-failure';
import { missingTool } from './find-chain-tools';
import { keyRemedy } from './prepare-key';
import { signingKeyOf, unusablePublicKey } from './signing-keys';
import { callTool, type ToolCaller } from './tool-call';
import { newCaller, withScratch, type CallerOptions } from './tool-caller';

/** How cosign is found and called. */
export interface PublicKeyOptions extends Omit<CallerOptions, 'dockerConfig'> {
  /** Platform folder, whose installed tools come before those on PATH. */
  readonly directory: string;
}

/**
 * Asks cosign for the public key that belongs to a key.
 *
 * @param key `azurekms://<vault>/<key>/<version>`, or a private key file of cosign
 * @returns the key in PEM form, or why there is none
 */
export async function publicKeyOf(key: string, options: PublicKeyOptions): Promise<string | Problem> {
  const usable = signingKeyOf(key, options.environment);
  if (typeof usable !== 'string') return usable;
  const cosign = locateTool('cosign', options.directory, options.environment);
  if (cosign === undefined) return missingTool('cosign');
  return withScratch((scratch) => askPublicKey(newCaller({ cosign }, options, scratch), usable));
}

/** {@link publicKeyOf} for a key that is known to be one that cosign takes. */
export async function askPublicKey(caller: ToolCaller, key: string): Promise<string | Problem> {
  const result = await callTool(caller, publicKeyCall(key));
  const problem = (message: string, remedy: string): Problem => ({ location: { file: key }, message, remedy });
  if (result.code !== 0) {
    const said = result.failure ?? lastWords(result.stderr);
    return problem(`does not tell its public key: cosign: ${said}`, keyRemedy(key, result.stderr));
  }
  const read = readPublicKey(result.stdout);
  return 'wrong' in read
    ? problem(`cosign printed something else than its public key: it ${read.wrong}`, 'Run `npx k8s-gitops tools install cosign`.')
    : read.text;
}

/** Nothing else stands in the text: what is recorded and compared is the key alone. */
const ONE_PUBLIC_KEY = /^-----BEGIN PUBLIC KEY-----\n[A-Za-z0-9+/=\n]+-----END PUBLIC KEY-----\n$/;

/** A public key in PEM form as it is recorded, with the line ends of YAML; or what keeps it from being one. */
export function readPublicKey(text: string): { readonly text: string } | { readonly wrong: string } {
  const normal = `${text.replace(/\r\n?/g, '\n').trim()}\n`;
  const wrong = ONE_PUBLIC_KEY.test(normal) ? unusablePublicKey(normal) : 'is not a public key in PEM form';
  return wrong === undefined ? { text: normal } : { wrong };
}
