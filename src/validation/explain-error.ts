import { type ErrorObject } from 'ajv';
import { dotted, kindOf, quote, suggestion, type Location, type PathSegment, type YamlLocator } from '../model';

/** A structural error in words, at its place. */
export interface ExplainedError {
  readonly location: Location;
  readonly message: string;
  readonly remedy: string;
}

/** Says what one error of ajv means. */
export function explainError(error: ErrorObject, locator: YamlLocator): ExplainedError {
  const path = pointerToPath(error.instancePath);
  const field = dotted(path);
  const at = locator.locate(path);
  const params = error.params as Record<string, unknown>;
  switch (error.keyword) {
    case 'additionalProperties': {
      const key = String(params['additionalProperty']);
      const known = Object.keys((error.parentSchema as { properties?: object } | undefined)?.properties ?? {});
      return {
        location: locator.locateKey([...path, key]) ?? at,
        message: `unknown field '${dotted([...path, key])}'`,
        remedy: suggestion(key, known, 'known fields'),
      };
    }
    case 'required': {
      const key = String(params['missingProperty']);
      return { location: at, message: `'${dotted([...path, key])}' is missing`, remedy: `Add '${key}'.` };
    }
    case 'enum': {
      const allowed = (params['allowedValues'] as unknown[]).map(String);
      return {
        location: at,
        message: `'${field}' is ${quote(error.data)}, not one of ${allowed.join(', ')}`,
        remedy: suggestion(String(error.data), allowed, 'possible values'),
      };
    }
    case 'type':
      return {
        location: at,
        message: `'${field}' is ${kindOf(error.data)}, expected ${String(params['type'])}`,
        remedy: 'Correct the value.',
      };
    case 'pattern':
      return {
        location: at,
        message: `'${field}' ${quote(error.data)} does not match ${String(params['pattern'])}`,
        remedy: 'Correct the value.',
      };
    case 'anyOf':
    case 'oneOf':
      return isScalarChoice(error)
        ? {
            location: at,
            message: `'${field}' is ${kindOf(error.data)}, expected a number or a text`,
            remedy: 'Correct the value.',
          }
        : {
            location: at,
            message: `'${field}' fits ${error.keyword === 'oneOf' && params['passingSchemas'] !== null ? 'more than one' : 'none'} of the forms that are allowed`,
            remedy: `Choose one of ${JSON.stringify(error.schema)}.`,
          };
    case 'not':
      return {
        location: at,
        message: `'${field}' has a form that is forbidden`,
        remedy: `It must not be ${JSON.stringify(error.schema)}.`,
      };
    default:
      return { location: at, message: `'${field}' ${error.message ?? 'is not valid'}`, remedy: 'Correct the value.' };
  }
}

/** The errors without those of the branches of a choice, which contradict each other: the choice itself is reported. */
export function withoutBranches(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const choices = errors
    .filter(({ keyword }) => keyword === 'anyOf' || keyword === 'oneOf')
    .map(({ schemaPath }) => `${schemaPath}/`);
  return errors.filter(({ schemaPath }) => !choices.some((choice) => schemaPath.startsWith(choice)));
}

function isScalarChoice(error: ErrorObject): boolean {
  const branches = error.schema as readonly Record<string, unknown>[];
  return branches.every((branch) => typeof branch['type'] === 'string' && branch['properties'] === undefined);
}

/** A JSON pointer as a path; the locator finds a number that is a key as well as one that is an index. */
function pointerToPath(pointer: string): readonly PathSegment[] {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}
