import { z } from 'zod';
import { organizationOutputsFile } from './organization-outputs-file';

/** The schema of what `pulumi stack output --json` prints of the stack `organization`; outputs of other names are ignored. */
export const organizationStackOutputs = z
  .object(organizationOutputsFile.shape)
  .describe('The outputs of the stack `organization`.');
