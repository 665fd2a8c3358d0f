import { Document } from 'yaml';

/** A file of recorded outputs, but for its facts. */
export interface OutputsTextProps {
  /** The option that names the stack, such as `--env dev`. */
  readonly option: string;
  /** Name of the JSON Schema of the file. */
  readonly schema: string;
}

/**
 * The text of a file below `outputs/`: the same facts, the same bytes.
 *
 * @param facts with their keys in the order of the file
 */
export function outputsText({ option, schema }: OutputsTextProps, facts: object): string {
  const document = new Document(facts, { aliasDuplicateObjects: false });
  const head = `# Recorded by \`k8s-gitops outputs record ${option}\` from the outputs of the stack; not written by hand.
# yaml-language-server: $schema=../schemas/${schema}.schema.json
`;
  return `${head}${document.toString({ lineWidth: 0, blockQuote: 'literal' })}`;
}
