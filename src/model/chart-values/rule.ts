import { type z } from 'zod';
import { ENTRA_ID } from '../rules/chart-values';
import { text } from '../rules/text-rule';

/** What holds between fields, said twice: as the part of a JSON Schema that Helm checks, and in code. A test compares the two. */
export interface ValueRule<Values> {
  /** Part of a JSON Schema. */
  readonly schema: Readonly<Record<string, unknown>>;
  readonly holds: (values: Values) => boolean;
  /** The field that a problem names. */
  readonly path: readonly string[];
  /** What is wrong where it does not hold. */
  readonly message: string;
  readonly remedy: string;
}

/** A schema whose values also have to keep rules between fields. */
export function withRules<Schema extends z.ZodType>(schema: Schema, rules: readonly ValueRule<z.output<Schema>>[]): Schema {
  const checked = schema.superRefine((values, context) => {
    for (const { holds, path, message, remedy } of rules) {
      if (!holds(values)) context.addIssue({ code: 'custom', path: [...path], message, params: { remedy } });
    }
  });
  return checked.meta({ allOf: rules.map((rule) => rule.schema) });
}

const ZEROS = '00000000-0000-0000-0000-000000000000';

/** An id of Microsoft Entra that is somebody's. */
export function entraId(): z.ZodString {
  return withRules(text(ENTRA_ID), [
    {
      schema: { not: { const: ZEROS } },
      holds: (id) => id !== ZEROS,
      path: [],
      message: 'an id of zeros is nobody',
      remedy: 'Look it up: `az ad group show --group <name> --query id`.',
    },
  ]);
}
