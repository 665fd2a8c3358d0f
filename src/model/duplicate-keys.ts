import { isScalar, visit, type Document, type Scalar } from 'yaml';

/**
 * Keys that stand again in their mapping, in the order of the document. The parser's own check compares every two keys of a mapping,
 * which for a mapping of tens of thousands takes minutes.
 */
export function duplicateKeys(document: Document): readonly Scalar[] {
  const duplicates: Scalar[] = [];
  visit(document, {
    Map: (_key, { items }) => {
      const seen = new Set<unknown>();
      for (const { key } of items) {
        // A merge may stand more than once.
        if (!isScalar(key) || key.value === '<<') continue;
        if (seen.has(key.value)) duplicates.push(key);
        seen.add(key.value);
      }
    },
  });
  return duplicates;
}
