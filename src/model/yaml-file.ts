import * as fs from 'node:fs';
import * as path from 'node:path';
import { isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, visit, type Alias, type Document, type Node, type YAMLError } from 'yaml';
import { type Location, type Problem } from './problem';

/** Larger input files are refused before they are parsed; a file written by people has a few kilobytes. */
const MAX_BYTES = 1024 * 1024;

/** A key of a mapping or an index of a sequence. */
export type PathSegment = string | number;

/** A parsed YAML file that knows where each of its values stands. */
export class YamlFile {
  /** The content as plain values. */
  public readonly content: unknown;

  private constructor(
    /** Path relative to the platform folder, with forward slashes. */
    public readonly file: string,
    private readonly document: Document,
    private readonly lines: LineCounter,
  ) {
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
    const bytes = readBytes(root, file);
    if (!Buffer.isBuffer(bytes)) return bytes;
    const source = decode(bytes, file);
    return typeof source === 'string' ? YamlFile.parse(source, file) : source;
  }

  /** Parses one YAML document; see {@link read}. */
  public static parse(source: string, file: string): YamlFile | Problem {
    try {
      return YamlFile.parseShallow(source, file);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return problem({ file }, 'is nested too deeply to be read', 'Flatten it; a file of this platform is a few levels deep.');
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
    const cycle = findAlias(document, (alias, ancestors) =>
      ancestors.some((ancestor) => (isMap(ancestor) || isSeq(ancestor)) && ancestor.anchor === alias.source),
    );
    if (cycle !== undefined) {
      return problem(position(file, lines, cycle), 'an alias refers to a value that contains it', 'Write the value out in place of the alias.');
    }
    try {
      return new YamlFile(file, document, lines);
    } catch (error) {
      if (!(error instanceof ReferenceError)) throw error;
      return problem(
        position(file, lines, findAlias(document, () => true) ?? null),
        'aliases expand to far more than is written (an alias bomb)',
        'Write the values out in place of the aliases.',
      );
    }
  }

  /** Where a value stands: a scalar itself, the key of anything larger; of something absent, what should contain it. */
  public locate(path: readonly PathSegment[]): Location {
    for (let length = path.length; length > 0; length--) {
      const value = this.document.getIn(path.slice(0, length), true);
      if (isScalar(value) && value.range && length === path.length && value.value !== null) return position(this.file, this.lines, value);
      if (isNode(value)) return this.locateKey(path.slice(0, length)) ?? position(this.file, this.lines, value);
    }
    return position(this.file, this.lines, this.document.contents);
  }

  /** Where a key of a mapping stands, `undefined` when there is none. */
  public locateKey(path: readonly PathSegment[]): Location | undefined {
    const parent = path.length === 1 ? this.document.contents : this.document.getIn(path.slice(0, -1), true);
    if (!isMap(parent)) return undefined;
    const pair = parent.items.find((item) => isScalar(item.key) && String(item.key.value) === String(path.at(-1)));
    return pair !== undefined && isScalar(pair.key) ? position(this.file, this.lines, pair.key) : undefined;
  }
}

const problem = (location: Location, message: string, remedy: string): Problem => ({ location, message, remedy });

function position(file: string, lines: LineCounter, node: Node | null): Location {
  const offset = node?.range?.[0];
  if (offset === undefined) return { file };
  const { line, col } = lines.linePos(offset);
  return { file, line, column: col };
}

function readBytes(root: string, file: string): Buffer | Problem {
  const absolute = path.join(root, file);
  let stat: fs.Stats;
  try {
    stat = fs.lstatSync(absolute);
    if (stat.isSymbolicLink()) {
      return problem({ file }, 'is a symbolic link', 'Put the file itself here: what a link points to is not part of a review.');
    }
    if (!stat.isFile()) return problem({ file }, 'is not a regular file', 'Put a YAML file here.');
    if (stat.size > MAX_BYTES) {
      return problem({ file }, `has ${stat.size} bytes, more than ${MAX_BYTES}`, 'Check that this is the file you meant, and shorten it.');
    }
    return fs.readFileSync(absolute);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === undefined) throw error;
    return code === 'ENOENT'
      ? problem({ file }, 'does not exist', `Create it, or name the platform folder with --dir.`)
      : problem({ file }, `cannot be read (${code})`, 'Check the permissions of the file and its folders.');
  }
}

function decode(bytes: Buffer, file: string): string | Problem {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    return problem({ file }, 'is encoded as UTF-16', 'Save it as UTF-8.');
  }
  try {
    const source = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    const control = source.indexOf('\0');
    if (control === -1) return source;
    const before = source.slice(0, control).split('\n');
    return problem(
      { file, line: before.length, column: before.at(-1)!.length + 1 },
      'contains a NUL character',
      'Save it as UTF-8 text without control characters.',
    );
  } catch {
    return problem({ file }, 'is not valid UTF-8', 'Save it as UTF-8; editors call other encodings Latin-1 or Windows-1252.');
  }
}

function syntaxProblem(error: YAMLError, file: string, lines: LineCounter): Problem {
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
    case 'BAD_ALIAS':
      return [`the alias has no anchor: ${firstLine(error.message)}`, 'Write the value out in place of the alias.'];
    default:
      return [`is not valid YAML: ${firstLine(error.message)}`, 'Correct the syntax on this line or the one before.'];
  }
}

const firstLine = (message: string): string => message.split('\n')[0]!.trim();

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
