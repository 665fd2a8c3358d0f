import {
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
  type Alias,
  type Document,
  type Scalar,
  type YAMLError,
} from 'yaml';
import { duplicateKeys } from './duplicate-keys';
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
  public static read(root: string, file: string): YamlFile | readonly Problem[] {
    const source = readTextFile(root, file, MAX_BYTES);
    return typeof source === 'string' ? YamlFile.parse(source, file) : [source];
  }

  /** Parses one YAML document; see {@link read}. */
  public static parse(source: string, file: string): YamlFile | readonly Problem[] {
    try {
      return YamlFile.parseShallow(source, file);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return [problem({ file }, ...TOO_DEEP)];
    }
  }

  /** @throws RangeError when the nesting exhausts the stack */
  private static parseShallow(source: string, file: string): YamlFile | readonly Problem[] {
    const lines = new LineCounter();
    const document = parseDocument(source, { lineCounter: lines, prettyErrors: false, uniqueKeys: false });
    const locator = new YamlLocator(file, document, lines);
    const problems = [...syntaxProblems(document, locator, lines), ...contentProblems(document, locator)];
    if (problems.length > 0) return problems;
    try {
      const yaml = new YamlFile(file, document, lines);
      return isDeeperThan(MAX_DEPTH, yaml.content) ? [problem({ file }, ...TOO_DEEP)] : yaml;
    } catch (error) {
      if (!(error instanceof ReferenceError)) throw error;
      return [
        problem(locator.position(firstAlias(document)), 'aliases expand to far more than is written (an alias bomb)', WRITE_OUT),
      ];
    }
  }
}

const WRITE_OUT = 'Write the value out in place of the alias.';

const TOO_DEEP = ['is nested too deeply to be read', 'Flatten it; a file of this platform is a few levels deep.'] as const;

const problem = (location: Location, message: string, remedy: string): Problem => ({ location, message, remedy });

/** The first mistake of syntax, because the parser stumbles over what follows from it; otherwise every duplicate key. */
function syntaxProblems(document: Document, locator: YamlLocator, lines: LineCounter): readonly Problem[] {
  const error: YAMLError | undefined = document.errors[0] ?? document.warnings[0];
  if (error === undefined) {
    return duplicateKeys(document).map((key) =>
      problem(locator.position(key), 'the same key stands twice in one mapping', 'Keep one of the two.'),
    );
  }
  const { file } = locator;
  // Where the parser ran out of stack depends on who called it.
  if (error.code === 'RESOURCE_EXHAUSTION') return [problem({ file }, ...TOO_DEEP)];
  const { line, col } = lines.linePos(error.pos[0]);
  return [problem({ file, line, column: col }, ...explainSyntax(error))];
}

/** What is valid YAML, but not a file of this platform. */
function contentProblems(document: Document, locator: YamlLocator): readonly Problem[] {
  const { contents } = document;
  if (contents === null || (isScalar(contents) && contents.value === null)) {
    return [problem({ file: locator.file }, 'is empty', 'Write its content (see docs/model.md), or delete the file.')];
  }
  return aliasProblem(document, locator) ?? scalarProblems(document, locator);
}

/** The first alias that has nothing to stand for. One walk: looking every alias up would cost the square of their number. */
function aliasProblem(document: Document, locator: YamlLocator): readonly Problem[] | undefined {
  const anchors = new Set<string>();
  let found: Problem | undefined;
  visit(document, {
    Value: (_key, node) => {
      if (node.anchor !== undefined) anchors.add(node.anchor);
    },
    Alias: (_key, alias, ancestors) => {
      if (ancestors.some((ancestor) => (isMap(ancestor) || isSeq(ancestor)) && ancestor.anchor === alias.source)) {
        found = problem(locator.position(alias), 'an alias refers to a value that contains it', WRITE_OUT);
      } else if (!anchors.has(alias.source)) {
        found = problem(locator.position(alias), `the alias '*${alias.source}' has no anchor`, WRITE_OUT);
      }
      return found === undefined ? undefined : visit.BREAK;
    },
  });
  return found === undefined ? undefined : [found];
}

/** Every text and number that would not come out as it went in. */
function scalarProblems(document: Document, locator: YamlLocator): readonly Problem[] {
  const problems: Problem[] = [];
  visit(document, {
    Scalar: (key, scalar) => {
      const explained = [explainText(key, scalar.value), explainNumber(scalar)];
      for (const explanation of explained) {
        if (explanation !== undefined) problems.push(problem(locator.position(scalar), ...explanation));
      }
    },
  });
  return problems;
}

type Explanation = readonly [message: string, remedy: string];

/** Characters that YAML's readers treat differently or refuse: control characters, line separators, half a surrogate pair. */
const UNUSABLE_CHARACTER = /[\p{Cc}\p{Cs}\u0085\u2028\u2029\ufeff]/u;

function explainText(key: unknown, text: unknown): Explanation | undefined {
  if (typeof text !== 'string') return undefined;
  if (key === 'key' && text === '__proto__') return ["a key cannot be called '__proto__'", 'Choose another name.'];
  if (text === '<<') return ["'<<' is a merge to some of YAML's readers and a text to others", 'Write the merged values out.'];
  const [character] = UNUSABLE_CHARACTER.exec(text.replace(/[\n\t]/g, '')) ?? [];
  if (character === undefined) return undefined;
  const code = character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
  return [`the text contains the character U+${code}, which YAML's readers treat differently`, 'Remove it.'];
}

/** A build id of twenty digits would be rounded, and infinity has no JSON. */
function explainNumber({ value, source }: Scalar): Explanation | undefined {
  if (typeof value !== 'number') return undefined;
  const digitsAreLost = /^[-+]?[0-9]+$/.test(source ?? '') && !Number.isSafeInteger(value);
  if (Number.isFinite(value) && !digitsAreLost) return undefined;
  return [
    `the number ${source ?? value} cannot be kept exactly${Number.isFinite(value) ? ` (it would become ${value})` : ''}`,
    'Put it in quotes if it is a text, such as a tag or a build id.',
  ];
}

function explainSyntax(error: YAMLError): Explanation {
  switch (error.code) {
    case 'MULTIPLE_DOCS':
      return ["a second YAML document starts here ('---')", 'Keep one document per file.'];
    case 'TAB_AS_INDENT':
      return ['a tab is used for indentation', 'Indent with spaces.'];
    case 'TAG_RESOLVE_FAILED':
      return [
        `the tag is not known (${firstLine(error.message).replace(/^Unresolved tag: /, '')})`,
        'Remove the tag; plain YAML values are enough here.',
      ];
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

function firstAlias(document: Document): Alias | null {
  let first: Alias | null = null;
  visit(document, {
    Alias: (_key, alias) => {
      first = alias;
      return visit.BREAK;
    },
  });
  return first;
}
