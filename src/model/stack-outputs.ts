import { z } from 'zod';
import { dotted } from './describe-value';
import { clusterFacts, identityFacts, registryFacts, signingKey, vaultFacts } from './outputs-file';
import { type Problem } from './problem';
import { parseBySchema } from './schema-problems';
import { YamlFile } from './yaml-file';
import { type PathSegment } from './yaml-locator';

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

/** What Pulumi prints in place of a secret. */
const MASKED = '[secret]';

const REMEDY =
  "Give the outputs of an environment's stack as `pulumi stack output --json` prints them; run `pulumi up` first where the stack is older than this program.";
const NO_SECRETS = 'What is recorded stands in Git, so none of it may be a secret: mend the Pulumi program and run `pulumi up`.';

/** The outputs of a stack, or what is wrong with what was given as such. */
export type StackOutputsResult = { readonly outputs: StackOutputs } | { readonly problems: readonly Problem[] };

/**
 * Checks the text that `pulumi stack output --json` printed.
 *
 * @param file where the text is from, for problems
 */
export function parseStackOutputs(text: string, file: string): StackOutputsResult {
  const problem = (message: string, remedy = REMEDY): Problem => ({ location: { file }, message, remedy });
  try {
    const value = knownOutputs(text);
    if (value === undefined) return { problems: [problem('is not a JSON object')] };
    const masked = maskedPaths(value, []);
    if (masked.length > 0) {
      return { problems: masked.map((path) => problem(`'${dotted(path)}' is a secret, which Pulumi does not tell`, NO_SECRETS)) };
    }
    // Places would be those of this text, which nobody has seen; the messages name the path of the key.
    const yaml = YamlFile.parse(JSON.stringify(value), file);
    const result = yaml instanceof YamlFile ? parseBySchema(stackOutputs, yaml) : { problems: yaml };
    return 'problems' in result ? { problems: result.problems.map(({ message }) => problem(message)) } : { outputs: result.data };
  } catch (error) {
    if (error instanceof SyntaxError) return { problems: [problem('is not JSON')] };
    if (error instanceof RangeError) return { problems: [problem('is nested too deeply to be read')] };
    throw error;
  }
}

/**
 * The outputs that are looked at, `undefined` when the text holds something else. Line ends of Windows become those of YAML; characters
 * that YAML does not have become one that no value has, so that the schema names the key.
 */
function knownOutputs(text: string): object | undefined {
  const value: unknown = JSON.parse(text, (_key, part: unknown) =>
    typeof part === 'string' ? part.replace(/\r\n?/g, '\n').replace(/(?!\n)[\p{Cc}\p{Cs}\u2028\u2029\ufeff]/gu, '\ufffd') : part,
  );
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return Object.fromEntries(Object.entries(value).filter(([name]) => Object.hasOwn(stackOutputs.shape, name)));
}

function maskedPaths(value: unknown, path: readonly PathSegment[]): readonly (readonly PathSegment[])[] {
  if (value === MASKED) return [path];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => maskedPaths(part, [...path, key]));
}
