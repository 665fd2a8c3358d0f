import * as ts from 'typescript';
import type { Extract, ExtractedProperties, ExtractedProperty, ExtractedResource } from './extract';

/** TypeScript sources by file name. */
export type Sources = Readonly<Record<string, string>>;

/** Inputs that the SDK requires although the schema does not, as `Class.input`, each with the reason. */
export type Stricter = Readonly<Record<string, string>>;

/** What a type in the sources says, without `pulumi.Input` and `pulumi.Output` around it. */
type Shape =
  | { readonly kind: 'primitive'; readonly name: string; readonly values?: readonly string[] }
  | { readonly kind: 'array'; readonly of: Shape }
  | { readonly kind: 'map'; readonly of: Shape; readonly keys?: readonly string[] }
  | { readonly kind: 'object'; readonly members: Members }
  | { readonly kind: 'unread'; readonly text: string };

type Members = ReadonlyMap<string, Member>;

interface Member {
  readonly shape: Shape;
  readonly optional: boolean;
  readonly wrapper: string;
}

/** Whether the provider or its user fills the properties. */
type Side = 'inputs' | 'outputs' | 'arguments' | 'results';

/**
 * Compares an SDK's sources with the extract of the schema: tokens, names, types, what is required, secrets, and values. It reads the
 * sources alone, so a mistake in them cannot hide itself.
 *
 * @returns what is wrong, one sentence each
 */
export function findingsOf(sources: Sources, extract: Extract, stricter: Stricter = {}): string[] {
  const declarations = new Declarations(sources);
  const findings: string[] = [];
  const compare = (at: string, members: Members | undefined, properties: ExtractedProperties, side: Side): void => {
    if (members === undefined) findings.push(`${at}: there is no such interface.`);
    else findings.push(...new Comparison(extract, stricter).object(at, members, properties, side));
  };
  for (const [name, { base, token, members }] of declarations.classes()) {
    const expected = base === 'pulumi.ProviderResource' ? extract.provider : extract.resources[name];
    if (expected === undefined) {
      findings.push(`${name}: the schema has no such resource.`);
      continue;
    }
    const full = base === 'pulumi.ProviderResource' ? `pulumi:providers:${token}` : token;
    if (full !== expected.token) findings.push(`${name}: its type token is '${full}', the schema has '${expected.token}'.`);
    compare(name, declarations.interfaceMembers(`${name}Args`), expected.inputs, 'inputs');
    compare(name, members, outputsOf(base, expected), 'outputs');
  }
  for (const [name, tokens] of declarations.functions()) {
    const expected = extract.functions[name.replace(/Output$/, '')];
    if (expected === undefined) {
      findings.push(`${name}: the schema has no such function.`);
      continue;
    }
    if (tokens.join() !== expected.token) {
      findings.push(`${name}: its token is '${tokens.join()}', the schema has '${expected.token}'.`);
    }
    const Name = name.charAt(0).toUpperCase() + name.slice(1);
    compare(`${Name}Args`, declarations.interfaceMembers(`${Name}Args`), expected.inputs, 'arguments');
    const result = Name.replace(/Output$/, 'Result');
    compare(result, declarations.interfaceMembers(result), expected.outputs, 'results');
  }
  return findings;
}

/** The classes and functions of the sources. */
export function declaredIn(sources: Sources): string[] {
  const declarations = new Declarations(sources);
  return [...declarations.classes().keys(), ...declarations.functions().keys()].sort();
}

/** The inputs that the interface of a class or function takes. */
export function inputsIn(sources: Sources, name: string): string[] {
  return [...(new Declarations(sources).interfaceMembers(name)?.keys() ?? [])].sort();
}

/** A provider's outputs are its text inputs: those are compared as inputs. */
function outputsOf(base: string, { inputs, outputs }: ExtractedResource): ExtractedProperties {
  if (base !== 'pulumi.ProviderResource') return outputs;
  return Object.fromEntries(Object.entries(outputs).filter(([name]) => name in inputs));
}

/** One comparison of what the sources declare with what the schema has. */
class Comparison {
  private readonly findings: string[] = [];

  public constructor(
    private readonly extract: Extract,
    private readonly stricter: Stricter,
  ) {}

  public object(at: string, members: Members, properties: ExtractedProperties, side: Side): string[] {
    for (const [name, member] of members) this.member(`${at}.${name}`, member, properties[name], side);
    for (const [name, { required }] of Object.entries(properties)) {
      if (members.has(name) || required !== true) continue;
      // What is an input that the SDK leaves out may be left out of the outputs too; the required ones are there.
      this.findings.push(`${at}.${name}: the schema has it among the ${side}, always; the SDK does not.`);
    }
    return this.findings;
  }

  private member(at: string, { shape, optional, wrapper }: Member, property: ExtractedProperty | undefined, side: Side): void {
    if (property === undefined) {
      this.findings.push(`${at}: the schema has no such property among the ${side}.`);
      return;
    }
    const wanted = { inputs: 'pulumi.Input', arguments: 'pulumi.Input', outputs: 'pulumi.Output', results: '' }[side];
    if (wrapper !== wanted) this.findings.push(`${at}: its type is not within ${wanted === '' ? 'nothing' : wanted}.`);
    if (property.secret === true) this.findings.push(`${at}: the schema calls it secret, the SDK must not have it.`);
    if (property.required === true && optional) this.findings.push(`${at}: the schema requires it, the SDK does not.`);
    if (property.required !== true && !optional && this.stricter[at] === undefined) {
      this.findings.push(`${at}: the SDK requires it, the schema does not.`);
    }
    this.type(at, shape, property, property.type, side);
  }

  private type(at: string, shape: Shape, property: ExtractedProperty, type: string, side: Side): void {
    const isGiven = side === 'inputs' || side === 'arguments';
    const mismatch = (): void => {
      this.findings.push(`${at}: the SDK has ${describe(shape)}, the schema has ${type}.`);
    };
    if (type.endsWith('[]')) {
      if (shape.kind === 'array') this.type(`${at}[]`, shape.of, property, type.slice(0, -2), side);
      else mismatch();
    } else if (type.startsWith('map<')) {
      if (shape.kind !== 'map') {
        mismatch();
        return;
      }
      if (isGiven || shape.keys !== undefined) this.words(`${at} (keys)`, shape.keys, property.keys);
      this.type(`${at} (values)`, shape.of, property, type.slice(4, -1), side);
    } else if (this.extract.types[type] !== undefined) {
      // A nested type is declared once, as an input.
      if (shape.kind === 'object') this.object(at, shape.members, this.extract.types[type], 'inputs');
      else mismatch();
    } else if (shape.kind !== 'primitive' || shape.name !== type) mismatch();
    else if (isGiven || shape.values !== undefined) this.words(at, shape.values, property.values);
  }

  private words(at: string, ours: readonly string[] | undefined, theirs: readonly string[] | undefined): void {
    if (ours === undefined && theirs === undefined) return;
    if (ours === undefined)
      this.findings.push(`${at}: the schema names the values ${theirs!.join(', ')}, the SDK takes any text.`);
    const strange = (ours ?? []).filter((word) => theirs?.includes(word) !== true);
    if (strange.length > 0) this.findings.push(`${at}: the schema does not name ${strange.join(', ')}.`);
  }
}

function describe(shape: Shape): string {
  switch (shape.kind) {
    case 'primitive':
      return shape.name;
    case 'array':
      return `${describe(shape.of)}[]`;
    case 'map':
      return `map<${describe(shape.of)}>`;
    case 'object':
      return 'an object';
    case 'unread':
      return shape.text;
  }
}

/** What is declared in sources, by syntax. */
class Declarations {
  private readonly interfaces = new Map<string, ts.InterfaceDeclaration>();
  private readonly aliases = new Map<string, ts.TypeAliasDeclaration>();
  private readonly found: ts.Statement[] = [];

  public constructor(sources: Sources) {
    for (const [file, text] of Object.entries(sources)) {
      for (const statement of ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true).statements) {
        if (ts.isInterfaceDeclaration(statement)) this.interfaces.set(statement.name.text, statement);
        else if (ts.isTypeAliasDeclaration(statement)) this.aliases.set(statement.name.text, statement);
        else this.found.push(statement);
      }
    }
  }

  public classes(): Map<string, { readonly base: string; readonly token: string; readonly members: Members }> {
    return new Map(
      this.found.filter(ts.isClassDeclaration).map((declaration) => {
        const properties = declaration.members.filter(ts.isPropertyDeclaration);
        const token = properties.find(({ name }) => name.getText() === '__pulumiType')?.initializer;
        const declared = properties.filter(({ modifiers }) =>
          modifiers?.some(({ kind }) => kind === ts.SyntaxKind.DeclareKeyword),
        );
        const value = {
          base: declaration.heritageClauses?.[0]?.types[0]?.expression.getText() ?? '',
          token: token !== undefined && ts.isStringLiteral(token) ? token.text : '',
          members: this.members(declared),
        };
        return [declaration.name!.text, value];
      }),
    );
  }

  /** The exported look-ups, each with the tokens that its body names. */
  public functions(): Map<string, readonly string[]> {
    const exported = this.found
      .filter(ts.isFunctionDeclaration)
      .filter(({ name }) => name !== undefined && /^get\w+Output$/.test(name.text));
    return new Map(exported.map((declaration) => [declaration.name!.text, tokensIn(declaration)]));
  }

  public interfaceMembers(name: string): Members | undefined {
    const declaration = this.interfaces.get(name);
    return declaration === undefined ? undefined : this.members(declaration.members);
  }

  private members(nodes: readonly ts.Node[]): Members {
    const members = new Map<string, Member>();
    for (const node of nodes) {
      if (!(ts.isPropertySignature(node) || ts.isPropertyDeclaration(node)) || node.type === undefined) {
        members.set(node.getText(), { shape: { kind: 'unread', text: node.getText() }, optional: false, wrapper: '' });
        continue;
      }
      const { type } = node;
      const wrapper = ts.isTypeReferenceNode(type) ? type.typeName.getText() : '';
      const isWrapped = wrapper === 'pulumi.Input' || wrapper === 'pulumi.Output';
      const inner = isWrapped ? (type as ts.TypeReferenceNode).typeArguments![0]! : type;
      members.set(node.name.getText(), {
        shape: this.shape(type),
        optional: node.questionToken !== undefined || admitsUndefined(inner),
        wrapper: isWrapped ? wrapper : '',
      });
    }
    return members;
  }

  private shape(node: ts.TypeNode): Shape {
    if (ts.isParenthesizedTypeNode(node) || ts.isTypeOperatorNode(node)) return this.shape(node.type);
    if (ts.isArrayTypeNode(node)) return { kind: 'array', of: this.shape(node.elementType) };
    if (ts.isTypeReferenceNode(node)) return this.reference(node);
    if (ts.isLiteralTypeNode(node) && ts.isStringLiteral(node.literal)) {
      return { kind: 'primitive', name: 'string', values: [node.literal.text] };
    }
    if (ts.isUnionTypeNode(node)) return this.union(node);
    const name = PRIMITIVES.get(node.kind);
    return name === undefined ? { kind: 'unread', text: node.getText() } : { kind: 'primitive', name };
  }

  private reference(node: ts.TypeReferenceNode): Shape {
    const name = node.typeName.getText();
    const [first, second] = node.typeArguments ?? [];
    if (SEEN_THROUGH.has(name)) return this.shape(first!);
    if (name === 'Record') {
      const keys = this.shape(first!);
      return { kind: 'map', of: this.shape(second!), ...(keys.kind === 'primitive' && keys.values ? { keys: keys.values } : {}) };
    }
    const alias = this.aliases.get(name);
    if (alias !== undefined) return this.shape(alias.type);
    const members = this.interfaceMembers(name);
    return members === undefined ? { kind: 'unread', text: name } : { kind: 'object', members };
  }

  private union(node: ts.UnionTypeNode): Shape {
    const shapes = node.types.filter(({ kind }) => kind !== ts.SyntaxKind.UndefinedKeyword).map((type) => this.shape(type));
    const [first] = shapes;
    if (shapes.length === 1) return first!;
    const values = shapes.map((shape) => (shape.kind === 'primitive' ? shape.values : undefined));
    if (values.some((list) => list === undefined)) return { kind: 'unread', text: node.getText() };
    return { kind: 'primitive', name: 'string', values: values.flatMap((list) => list ?? []) };
  }
}

const SEEN_THROUGH = new Set(['pulumi.Input', 'pulumi.Output', 'pulumi.Unwrap', 'Partial', 'Readonly']);

const PRIMITIVES = new Map<ts.SyntaxKind, string>([
  [ts.SyntaxKind.StringKeyword, 'string'],
  [ts.SyntaxKind.NumberKeyword, 'number'],
  [ts.SyntaxKind.BooleanKeyword, 'boolean'],
]);

const admitsUndefined = (node: ts.TypeNode): boolean =>
  ts.isUnionTypeNode(node) && node.types.some(({ kind }) => kind === ts.SyntaxKind.UndefinedKeyword);

function tokensIn(node: ts.Node): string[] {
  const tokens: string[] = [];
  const visit = (inner: ts.Node): void => {
    if (ts.isStringLiteral(inner)) tokens.push(inner.text);
    ts.forEachChild(inner, visit);
  };
  visit(node);
  return tokens;
}
