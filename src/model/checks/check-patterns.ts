import { type Problem } from '../problem';
import { SKU_NAMES } from '../sku';
import { type Source } from '../sources';
import { type SystemFile } from '../system-file';
import { findField } from './find-field';

/** A system has what its pattern needs, and nothing that the pattern ignores. */
export function checkPattern({ yaml, content }: Source<SystemFile>): readonly Problem[] {
  const problems: Problem[] = [];
  const pattern = yaml.locate(['pattern']);
  switch (content.pattern) {
    case 'A':
      break;
    case 'B':
      for (const field of ['sku', 'aadGroupId'] as const) {
        const given =
          content[field] ?? Object.values(content.environments ?? {}).find((override) => override[field] !== undefined);
        const everywhere = content[field] !== undefined || allEnvironmentsGive(content, field);
        if (given !== undefined && everywhere) continue;
        problems.push({
          location: pattern,
          message: `pattern B needs '${field}'${given === undefined ? '' : ' in every environment'}`,
          remedy:
            field === 'sku'
              ? `Add 'sku', one of ${SKU_NAMES.join(', ')}.`
              : "Add 'aadGroupId', the object id of the team's Microsoft Entra group.",
        });
      }
      break;
    case 'C':
      if (content.approval === undefined) {
        problems.push({
          location: pattern,
          message: "pattern C needs a recorded 'approval' of the platform team",
          remedy: "Add 'approval' with 'by', 'date' and 'reason', or use pattern A or B.",
        });
      }
      for (const field of ['sku', 'aadGroupId'] as const) {
        const location = findField({ yaml, content }, [field]);
        if (location === undefined) continue;
        problems.push({
          location,
          message: `pattern C has no tenant, so '${field}' has no effect`,
          remedy: `Remove '${field}', or use pattern A or B.`,
        });
      }
      break;
  }
  if (content.pattern !== 'C' && content.approval !== undefined) {
    problems.push({
      location: yaml.locateKey(['approval'])!,
      message: `pattern ${content.pattern} needs no 'approval'`,
      remedy: 'Remove it; it records why a system is of pattern C.',
    });
  }
  return problems;
}

function allEnvironmentsGive(content: SystemFile, field: 'sku' | 'aadGroupId'): boolean {
  const overrides = Object.values(content.environments ?? {});
  return overrides.length > 0 && overrides.every((override) => override[field] !== undefined);
}
