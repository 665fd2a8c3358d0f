import { stringify } from 'yaml';
import { type SchemaNode } from './helm-schema';

/** Columns of a comment. */
const WIDTH = 120;

/**
 * `values.yaml` of a chart: every field with its sentence and its default; a field without a default stands as a comment.
 *
 * @param head first line, as a comment
 */
export function valuesText(schema: SchemaNode, head: string): string {
  return `${[`# ${head}`, '', ...fields(schema)].join('\n')}\n`;
}

function fields({ properties, required = [] }: SchemaNode): readonly string[] {
  return Object.entries(properties ?? {})
    .filter(([name]) => name !== 'global')
    .flatMap(([name, field]) => [...comment(field.description), ...declaration(name, field, required.includes(name))]);
}

function declaration(name: string, field: SchemaNode, required: boolean): readonly string[] {
  if (field.default !== undefined) return [`${name}: ${stringify(field.default, { collectionStyle: 'flow' }).trim()}`];
  const below = field.properties === undefined ? [] : fields(field).map((line) => `  ${line}`);
  if (!required || below.length === 0) return [`# ${name}:`, ...below.map((line) => `# ${line.replace('# ', '')}`)];
  return [below.some((line) => !line.startsWith('  #')) ? `${name}:` : `${name}: {}`, ...below];
}

/** A sentence in lines of comments. */
function comment(sentence = ''): readonly string[] {
  const lines: string[] = [];
  for (const word of sentence === '' ? [] : sentence.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length >= WIDTH) lines.push(`# ${word}`);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}
