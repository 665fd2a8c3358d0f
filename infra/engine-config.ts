import { type z } from 'zod';
import { parseBySchema, stackFile, YamlFile, type Problem } from '../src/model';
import { stringify } from 'yaml';

/** Keys that hold an object; the engine hands them over as JSON. */
const isObject = (key: string, value: string): boolean => key.startsWith('k8s-gitops:') && /^\s*[[{]/.test(value);

/**
 * The configuration that the engine hands over, which may differ from the committed file (`--config`, `--config-file`), checked by the same
 * schema.
 *
 * @param schema that of the settings file of the stack
 * @param values as `pulumi.runtime.allConfig()` has them
 */
export function engineConfig<Config>(
  schema: z.ZodType<{ readonly config: Config }>,
  values: Readonly<Record<string, string>>,
  stack: string,
): { readonly config: Config } | { readonly problems: readonly Problem[] } {
  const config: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(values)) {
    try {
      config[key] = isObject(key, value) ? (JSON.parse(value) as unknown) : value;
    } catch {
      config[key] = value;
    }
  }
  const yaml = YamlFile.parse(stringify({ config }), stackFile(stack));
  if (!(yaml instanceof YamlFile)) return { problems: yaml };
  const checked = parseBySchema(schema, yaml);
  // Lines would be those of a text that nobody wrote.
  if ('problems' in checked)
    return { problems: checked.problems.map((problem) => ({ ...problem, location: { file: problem.location.file } })) };
  return { config: checked.data.config };
}
