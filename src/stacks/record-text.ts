import { Document } from 'yaml';
import { outputsFile, type OutputsFile } from '../model';

/** The text of `outputs/<environment>.yaml`: the same facts, the same bytes. */
export function outputsText(environment: string, outputs: OutputsFile): string {
  // The schema gives the order of the keys, whatever order a stack has them in.
  const document = new Document(outputsFile.parse(outputs), { aliasDuplicateObjects: false });
  const head = `# Recorded by \`k8s-gitops outputs record --env ${environment}\` from the outputs of the stack; not written by hand.
# yaml-language-server: $schema=../schemas/outputs.schema.json
`;
  return `${head}${document.toString({ lineWidth: 0, blockQuote: 'literal' })}`;
}
