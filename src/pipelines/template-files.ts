import * as fs from 'node:fs';
import * as path from 'node:path';
import { APPLICATION_TEMPLATE, fileSystemProblem, type Platform, type Problem } from '../model';
import { writeWhole } from '../tools';
import { withPlatformFacts } from './application-template';

/** What would become of a template. */
export type TemplateChange =
  | { readonly kind: 'update'; readonly path: string; readonly before: string; readonly after: string }
  | { readonly kind: 'unchanged'; readonly path: string };

/** What would become of all templates, and what forbids it. */
export interface TemplatePlan {
  readonly changes: readonly TemplateChange[];
  readonly problems: readonly Problem[];
}

/** The template that systems' pipelines extend, relative to the platform folder. */
export const applicationTemplatePath = ({ organization }: Platform): string =>
  organization?.settings.templates.application ?? APPLICATION_TEMPLATE;

/** Compares the templates with the model; a platform on another host than Azure DevOps, or without the file, has none. */
export function planTemplates(platform: Platform): TemplatePlan {
  const none: TemplatePlan = { changes: [], problems: [] };
  if (platform.git.host !== 'azure-devops') return none;
  const file = applicationTemplatePath(platform);
  try {
    const absolute = path.join(platform.directory, file);
    if (!fs.existsSync(absolute)) return none;
    const before = fs.readFileSync(absolute, 'utf8');
    const after = withPlatformFacts(file, before, platform);
    if (typeof after !== 'string') return { changes: [], problems: [after] };
    const change: TemplateChange =
      after === before ? { kind: 'unchanged', path: file } : { kind: 'update', path: file, before, after };
    return { changes: [change], problems: [] };
  } catch (error) {
    const problem = fileSystemProblem(error, platform.directory);
    if (problem === undefined) throw error;
    return { changes: [], problems: [problem] };
  }
}

/** Writes what was planned. @returns what forbade it */
export function writeTemplates(platform: Platform, { changes, problems }: TemplatePlan): readonly Problem[] {
  if (problems.length > 0) return problems;
  try {
    for (const change of changes) {
      if (change.kind === 'update') writeWhole(path.join(platform.directory, change.path), change.after);
    }
    return [];
  } catch (error) {
    const problem = fileSystemProblem(error, platform.directory);
    if (problem === undefined) throw error;
    return [problem];
  }
}
