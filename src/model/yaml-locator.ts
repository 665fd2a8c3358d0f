import { isMap, isNode, isScalar, type Document, type LineCounter, type Node } from 'yaml';
import { type Location } from './problem';

/** A key of a mapping or an index of a sequence. */
export type PathSegment = string | number;

/** Finds the places of values in a parsed YAML document. */
export class YamlLocator {
  public constructor(
    /** Path of the file relative to the platform folder, with forward slashes. */
    public readonly file: string,
    private readonly document: Document,
    private readonly lines: LineCounter,
    /** Path of the value in the document that paths are relative to. */
    private readonly base: readonly PathSegment[] = [],
  ) {}

  /** A locator for paths relative to a value. */
  public below(base: readonly PathSegment[]): YamlLocator {
    return new YamlLocator(this.file, this.document, this.lines, [...this.base, ...base]);
  }

  /** Where a value stands: a scalar itself, the key of anything larger; of something absent, what should contain it. */
  public locate(relative: readonly PathSegment[]): Location {
    const path = [...this.base, ...relative];
    for (let length = path.length; length > 0; length--) {
      const value = this.document.getIn(path.slice(0, length), true);
      if (isScalar(value) && value.range && length === path.length && value.value !== null) return this.position(value);
      if (isNode(value)) return this.locateAbsoluteKey(path.slice(0, length)) ?? this.position(value);
    }
    return this.position(this.document.contents);
  }

  /** Where a key of a mapping stands, `undefined` when there is none. */
  public locateKey(relative: readonly PathSegment[]): Location | undefined {
    return this.locateAbsoluteKey([...this.base, ...relative]);
  }

  /** Where the first of these keys stands that there is. */
  public locateFirstKey(paths: readonly (readonly PathSegment[])[]): Location | undefined {
    return paths.map((path) => this.locateKey(path)).find((found) => found !== undefined);
  }

  private locateAbsoluteKey(path: readonly PathSegment[]): Location | undefined {
    const parent = path.length === 1 ? this.document.contents : this.document.getIn(path.slice(0, -1), true);
    if (!isMap(parent)) return undefined;
    const pair = parent.items.find((item) => isScalar(item.key) && String(item.key.value) === String(path.at(-1)));
    return pair !== undefined && isScalar(pair.key) ? this.position(pair.key) : undefined;
  }

  /** The place of a node. */
  public position(node: Node | null): Location {
    const offset = node?.range?.[0];
    if (offset === undefined) return { file: this.file };
    const { line, col } = this.lines.linePos(offset);
    return { file: this.file, line, column: col };
  }
}
