import { type Signer } from '../model';

/** Identities of GitHub Actions. */
const ISSUER = 'https://token.actions.githubusercontent.com';

const keyless = (organization: string): Signer => ({
  issuer: ISSUER,
  identity: String.raw`^https://github\.com/${organization}/.*$`,
});

/** Who signs what the platform itself runs; the beginning of a repository decides. */
const SIGNERS: readonly (readonly [prefix: string, signer: Signer])[] = [
  ['ghcr.io/fluxcd/', keyless('fluxcd')],
  ['ghcr.io/controlplaneio-fluxcd/', keyless('controlplaneio-fluxcd')],
];

/** Who signs Flux and the Flux Operator, for a new entry of the lock. */
export function defaultSigner(repository: string): Signer {
  return SIGNERS.find(([prefix]) => repository.startsWith(prefix))![1];
}
