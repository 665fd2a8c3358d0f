/** Expression of a condition: what Azure evaluates, taken apart. */
type Expression =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Expression[] }
  | { readonly kind: 'not'; readonly part: Expression }
  | { readonly kind: 'atom'; readonly text: string };

/** What a change of a role assignment is asked about: a new one by the request, a deleted one by what is there. */
const CHANGES = [
  { action: 'microsoft.authorization/roleassignments/write', source: '@request' },
  { action: 'microsoft.authorization/roleassignments/delete', source: '@resource' },
] as const;

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What a condition limits assigning and deleting to, all in small letters. */
export interface RoleLimits {
  /** GUIDs of roles. */
  readonly roles: readonly string[];
  readonly principalTypes: readonly string[];
}

const COMPARISONS = {
  roledefinitionid: /^(?:for(?:any|all)ofanyvalues:)?guidequals\{([^{}]*)\}$/,
  principaltype: /^(?:for(?:any|all)ofanyvalues:)?stringequals(?:ignorecase)?\{([^{}]*)\}$/,
} as const;

/**
 * What a condition limits assigning and deleting roles to.
 *
 * The condition has to be a conjunction with, for each of both, `!(ActionMatches{...}) OR (... RoleDefinitionId ... GuidEquals {...} AND ...
 * PrincipalType ... StringEqualsIgnoreCase {...})`; a text that only holds these words can allow everything.
 *
 * @returns what it limits to, or what keeps the condition from limiting
 */
export function limitsOf(condition: string): RoleLimits | { readonly open: string } {
  const expression = parse(condition);
  if (expression === undefined) return { open: 'it cannot be read' };
  const clauses = flat('and', expression);
  const roles: string[] = [];
  const principalTypes: string[] = [];
  for (const { action, source } of CHANGES) {
    const limit = (attribute: keyof typeof COMPARISONS): readonly string[] | undefined =>
      clauses.map((clause) => limitOf(clause, action, source, attribute)).find((found) => found !== undefined);
    const change = action.split('/').at(-1)!;
    const ofRoles = limit('roledefinitionid');
    if (ofRoles === undefined) return { open: `it does not limit RoleDefinitionId for ${change}` };
    const wrong = ofRoles.find((role) => !GUID.test(role));
    if (wrong !== undefined) return { open: `'${wrong}' in a list of roles is no GUID` };
    const ofTypes = limit('principaltype');
    if (ofTypes === undefined) return { open: `it does not limit PrincipalType for ${change}` };
    roles.push(...ofRoles);
    principalTypes.push(...ofTypes);
  }
  return { roles: [...new Set(roles)], principalTypes: [...new Set(principalTypes)] };
}

/** The values of a clause that says: not this action, or one of these values. */
function limitOf(
  clause: Expression,
  action: string,
  source: string,
  name: keyof typeof COMPARISONS,
): readonly string[] | undefined {
  const parts = flat('or', clause);
  const [other, limit] = parts;
  if (parts.length !== 2 || other?.kind !== 'not' || limit === undefined) return undefined;
  if (other.part.kind !== 'atom' || other.part.text !== `actionmatches{'${action}'}`) return undefined;
  const attribute = `${source}[microsoft.authorization/roleassignments:${name}]`;
  return flat('and', limit)
    .map((part) => (part.kind === 'atom' && part.text.startsWith(attribute) ? part.text.slice(attribute.length) : ''))
    .map((comparison) => COMPARISONS[name].exec(comparison)?.[1])
    .find((list) => list !== undefined)
    ?.split(',')
    .map((value) => value.replaceAll("'", ''));
}

const flat = (kind: 'and' | 'or', expression: Expression): readonly Expression[] =>
  expression.kind === kind ? expression.parts.flatMap((part) => flat(kind, part)) : [expression];

/** Words and signs of a condition, without space and in lower case. */
const TOKENS = /\s*(\(|\)|&&|\|\||!(?!=)|\band\b|\bor\b|(?:[^\s(){}!&|]|![=])+(?:\s*\{[^{}]*\})?|\{[^{}]*\})/giy;

function tokensOf(text: string): readonly string[] | undefined {
  const tokens: string[] = [];
  TOKENS.lastIndex = 0;
  const end = text.trimEnd().length;
  while (TOKENS.lastIndex < end) {
    const match = TOKENS.exec(text);
    if (match === null) return undefined;
    tokens.push(match[1]!.replaceAll(/\s/g, '').toLowerCase());
  }
  return tokens;
}

const SIGNS: ReadonlySet<string | undefined> = new Set(['(', ')', '&&', '||', '!', 'and', 'or', undefined]);

function parse(text: string): Expression | undefined {
  const tokens = tokensOf(text);
  if (tokens === undefined) return undefined;
  let at = 0;
  const chain = (kind: 'and' | 'or', signs: readonly string[], next: () => Expression | undefined): Expression | undefined => {
    const parts: Expression[] = [];
    do {
      const part = next();
      if (part === undefined) return undefined;
      parts.push(part);
    } while (signs.includes(tokens[at] ?? '') && ++at);
    return parts.length === 1 ? parts[0] : { kind, parts };
  };
  const either = (): Expression | undefined => chain('or', ['or', '||'], both);
  const both = (): Expression | undefined => chain('and', ['and', '&&'], single);
  const single = (): Expression | undefined => {
    if (tokens[at] === '!') {
      at += 1;
      const part = single();
      return part && { kind: 'not', part };
    }
    if (tokens[at] === '(') {
      at += 1;
      const inside = either();
      return tokens[at++] === ')' ? inside : undefined;
    }
    let atom = '';
    while (!SIGNS.has(tokens[at])) atom += tokens[at++]!;
    return atom === '' ? undefined : { kind: 'atom', text: atom };
  };
  const expression = either();
  return at === tokens.length ? expression : undefined;
}
