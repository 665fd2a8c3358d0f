import { Document, visit } from 'yaml';
import { type JsonValue } from '../src/model';

/** Numbers of YAML 1.2 that are texts in 1.1, and the other way round, and the value key of 1.1; Flux's reader knows all of them. */
const SPECIAL_IN_SOME_VERSION =
  /^=$|^[-+]?(?:0[oO][0-7_]+|0[xX][0-9a-fA-F_]+|0[bB][01_]+|[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?)$/;

/**
 * Data as YAML documents that every reader takes for the same: keys in order, so that bytes depend on nothing else, and texts in quotes
 * wherever some version of YAML would read something else.
 */
export function stringify(...documents: readonly JsonValue[]): string {
  return documents.map(stringifyDocument).join('---\n');
}

function stringifyDocument(data: JsonValue): string {
  const document = new Document(data, { version: '1.1', sortMapEntries: true, aliasDuplicateObjects: false });
  visit(document, {
    Scalar: (_key, scalar) => {
      if (typeof scalar.value === 'string' && SPECIAL_IN_SOME_VERSION.test(scalar.value)) scalar.type = 'QUOTE_DOUBLE';
    },
  });
  return document.toString({ lineWidth: 0, directives: false });
}
