import { type z } from 'zod';
import { dotted, parseBySchema, YamlFile, type PathSegment, type Problem } from '../model';

/** What the outputs of one kind of stack look like. */
export interface PrintedOutputs<Schema extends z.ZodObject> {
  /** Outputs of names that it does not have are ignored. */
  readonly schema: Schema;
  /** Whose outputs they are, for sentences such as "the outputs of an environment's stack". */
  readonly of: string;
}

/** What Pulumi prints in place of a secret. */
const MASKED = '[secret]';

const NO_SECRETS = 'What is recorded stands in Git, so none of it may be a secret: mend the Pulumi program and run `pulumi up`.';

/**
 * Checks the text that `pulumi stack output --json` printed.
 *
 * @param file where the text is from, for problems
 */
export function parsePrinted<Schema extends z.ZodObject>(
  text: string,
  file: string,
  { schema, of }: PrintedOutputs<Schema>,
): { readonly outputs: z.output<Schema> } | { readonly problems: readonly Problem[] } {
  const mend = `Give the outputs of ${of} as \`pulumi stack output --json\` prints them; run \`pulumi up\` first where the stack is older than this program.`;
  const problem = (message: string, remedy = mend): Problem => ({ location: { file }, message, remedy });
  try {
    const value = knownOutputs(text, schema);
    if (value === undefined) return { problems: [problem('is not a JSON object')] };
    const masked = maskedPaths(value, []);
    if (masked.length > 0) {
      return { problems: masked.map((path) => problem(`'${dotted(path)}' is a secret, which Pulumi does not tell`, NO_SECRETS)) };
    }
    // Places would be those of this text, which nobody has seen; the messages name the path of the key.
    const yaml = YamlFile.parse(JSON.stringify(value), file);
    const result = yaml instanceof YamlFile ? parseBySchema(schema, yaml) : { problems: yaml };
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
function knownOutputs(text: string, schema: z.ZodObject): object | undefined {
  const value: unknown = JSON.parse(text, (_key, part: unknown) =>
    typeof part === 'string' ? part.replace(/\r\n?/g, '\n').replace(/(?!\n)[\p{Cc}\p{Cs}\u2028\u2029\ufeff]/gu, '\ufffd') : part,
  );
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return Object.fromEntries(Object.entries(value).filter(([name]) => Object.hasOwn(schema.shape, name)));
}

function maskedPaths(value: unknown, path: readonly PathSegment[]): readonly (readonly PathSegment[])[] {
  if (value === MASKED) return [path];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => maskedPaths(part, [...path, key]));
}
