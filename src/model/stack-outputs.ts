import { z } from 'zod';
import { clusterFacts, identityFacts, registryFacts, signingKey, vaultFacts } from './outputs-file';

const stackKey = signingKey.pick({ id: true, publicKey: true }).partial({ publicKey: true });

/** The schema of what `pulumi stack output --json` prints of an environment's stack; outputs of other names are ignored. */
export const stackOutputs = z
  .object({
    cluster: clusterFacts.required(),
    identities: identityFacts,
    registry: registryFacts.optional(),
    vault: vaultFacts.optional(),
    signingKeys: z
      .strictObject({
        platform: stackKey.describe("The newest key of the platform's images."),
        applications: stackKey.describe("The newest key of applications' images."),
      })
      .describe('The newest version of each signing key, where the environment owns a Key Vault.')
      .optional(),
  })
  .describe("The outputs of an environment's stack.");

export type StackOutputs = z.output<typeof stackOutputs>;
