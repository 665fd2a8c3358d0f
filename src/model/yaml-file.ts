import { isMap, isScalar, isSeq, LineCounter, parseDocument, visit, type Alias, type Document, type YAMLError } from 'yaml';
import { type Location, type Problem } from './problem';
import { readTextFile } from './text-file';
import { YamlLocator } from './yaml-locator';

/** Larger input files are refused before they are parsed; a file written by people has a few kilobytes. */
const MAX_BYTES = 1024 * 1024;

/** Deeper nesting is refused: what works on the values may walk them recursively. */
const MAX_DEPTH = 64;

/** A parsed YAML file that knows where each of its values stands. */
export class YamlFile extends YamlLocator {
  /** The content as plain values. */
  public readonly content: unknown;

  private constructor(file: string, document: Document, lines: LineCounter) {
    super(file, document, lines);
    this.content = document.toJS({ maxAliasCount: 100 });
  }

  /**
   * Reads one YAML document.
   *
   * @param root platform folder
   * @param file path relative to it, with forward slashes
   * @returns the parsed file, or what is wrong with it (encoding, syntax, duplicate keys, aliases that expand without end, a symbolic link, ...)
   */
  public static read(root: string, file: string): YamlFile | Problem {
    const source = readTextFile(root, file, MAX_BYTES);
    return typeof source === 'string' ? YamlFile.parse(source, file) : source;
  }

  /** Parses one YAML document; see {@link read}. */
  public static parse(source: string, file: string): YamlFile | Problem {
    try {
      return YamlFile.parseShallow(source, file);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return problem({ file }, ...TOO_DEEP);
    }
  }

  /** @throws RangeError when the nesting exhausts the stack */
  private static parseShallow(source: string, file: string): YamlFile | Problem {
    const lines = new LineCounter();
    const document = parseDocument(source, { lineCounter: lines, prettyErrors: false });
    const error = document.errors[0] ?? document.warnings[0];
    if (error !== undefined) return syntaxProblem(error, file, lines);
    if (document.contents === null || (isScalar(document.contents) && document.contents.value === null)) {
      return problem({ file }, 'is empty', 'Write its content (see docs/model.md), or delete the file.');
    }
    const locator = new YamlLocator(file, document, lines);
    const cycle = findAlias(document, (alias, ancestors) =>
      ancestors.some((ancestor) => (isMap(ancestor) || isSeq(ancestor)) && ancestor.anchor === alias.source),
    );
    if (cycle !== undefined) {
      return problem(
        locator.position(cycle),
        'an alias refers to a value that contains it',
        'Write the value out in place of the alias.',
      );
    }
    const dangling = findAlias(document, (alias) => alias.resolve(document) === undefined);
    if (dangling !== undefined) {
      return problem(
        locator.position(dangling),
        `the alias '*${dangling.source}' has no anchor`,
        'Write the value out in place of the alias.',
      );
    }
    try {
      const yaml = new YamlFile(file, document, lines);
      return isDeeperThan(MAX_DEPTH, yaml.content) ? problem({ file }, ...TOO_DEEP) : yaml;
    } catch (error) {
      if (!(error instanceof ReferenceError)) throw error;
      return problem(
        locator.position(findAlias(document, () => true) ?? null),
        'aliases expand to far more than is written (an alias bomb)',
        'Write the values out in place of the aliases.',
      );
    }
  }
}

const TOO_DEEP = ['is nested too deeply to be read', 'Flatten it; a file of this platform is a few levels deep.'] as const;

const problem = (location: Location, message: string, remedy: string): Problem => ({ location, message, remedy });

function syntaxProblem(error: YAMLError, file: string, lines: LineCounter): Problem {
  // Where the parser ran out of stack depends on who called it.
  if (error.code === 'RESOURCE_EXHAUSTION') return problem({ file }, ...TOO_DEEP);
  const { line, col } = lines.linePos(error.pos[0]);
  const [message, remedy] = explainSyntax(error);
  return problem({ file, line, column: col }, message, remedy);
}

function explainSyntax(error: YAMLError): readonly [message: string, remedy: string] {
  switch (error.code) {
    case 'DUPLICATE_KEY':
      return ['the same key stands twice in one mapping', 'Keep one of the two.'];
    case 'MULTIPLE_DOCS':
      return ["a second YAML document starts here ('---')", 'Keep one document per file.'];
    case 'TAB_AS_INDENT':
      return ['a tab is used for indentation', 'Indent with spaces.'];
    case 'TAG_RESOLVE_FAILED':
      return [`the tag is not known: ${firstLine(error.message)}`, 'Remove the tag; plain YAML values are enough here.'];
    default:
      return [`is not valid YAML: ${firstLine(error.message)}`, 'Correct the syntax on this line or the one before.'];
  }
}

const firstLine = (message: string): string => message.split('\n')[0]!.trim();

function isDeeperThan(limit: number, content: unknown): boolean {
  let level = [content];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > limit) return true;
    // A value that several aliases name is looked at once.
    level = [
      ...new Set(
        level.flatMap((value) => (typeof value === 'object' && value !== null ? (Object.values(value) as unknown[]) : [])),
      ),
    ];
  }
  return false;
}

/** The first alias that fulfils a condition. */
function findAlias(document: Document, condition: (alias: Alias, ancestors: readonly unknown[]) => boolean): Alias | undefined {
  let found: Alias | undefined;
  visit(document, {
    Alias: (_key, alias, ancestors) => {
      if (!condition(alias, ancestors)) return undefined;
      found = alias;
      return visit.BREAK;
    },
  });
  return found;
}
