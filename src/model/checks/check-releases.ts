import { type Problem } from '../problem';
import { type Source, type Sources } from '../sources';
import { type SystemFile } from '../system-file';
import { environmentsOf, settingsIn } from '../system-settings';
import { type PathSegment } from '../yaml-locator';
import { findField } from './find-field';

/** Who owns the HelmRelease decides which fields have an effect. */
export function checkRelease(system: Source<SystemFile>): readonly Problem[] {
  const { yaml, content } = system;
  const problems: Problem[] = [];
  if (content.release === 'system') {
    for (const field of ['chart', 'values', 'storageNamespace'] as const) {
      const location = findField(system, [field]);
      if (location === undefined) continue;
      problems.push({
        location,
        message: `'${field}' has no effect: with 'release: system' the HelmRelease is in the system's repository`,
        remedy: `Set 'release: platform', or move '${field}' to the system's repository.`,
      });
    }
    if (!content.registration) {
      problems.push({
        location: yaml.locate(['registration']),
        message: "'registration: false' leaves nothing to apply: with 'release: system' everything is in the system's repository",
        remedy: "Set 'release: platform', or remove 'registration'.",
      });
    }
    return problems;
  }
  if (content.pattern === 'C') {
    return [
      {
        location: yaml.locate(['release']),
        message: "pattern C has no HelmRelease, so 'release: platform' has nothing to release",
        remedy: "Remove 'release', or use pattern A or B.",
      },
    ];
  }
  for (const field of ['sku', 'aadGroupId'] as const) {
    const location = findField(system, ['values', field]);
    // A chart of pattern A may have a value of that name for something else.
    if (location === undefined || (content.pattern === 'A' && findField(system, [field]) === undefined)) continue;
    problems.push({
      location,
      message: `'${field}' stands in 'values', where the registration decides about it`,
      remedy: `Give '${field}' beside 'values', not in it.`,
    });
  }
  const podSecurity = findField(system, ['values', 'tenant', 'podSecurity']);
  if (content.pattern === 'B' && podSecurity !== undefined) {
    problems.push({
      location: podSecurity,
      message: "'podSecurity' stands in 'values', where the registration decides about it",
      remedy: "Give 'podSecurity' beside 'values', not in it.",
    });
  }
  for (const path of substitutionsIn(content)) {
    problems.push({
      location: yaml.locate(path),
      message: "'${...}' is a variable of a system's own repository; nothing fills it in the values of a platform-owned release",
      remedy: 'Write {registry} or {environment} without the dollar sign; sku and aadGroupId are added by themselves.',
    });
  }
  if (!content.registration) {
    for (const field of ['git', 'branch', 'path', 'pollInterval', 'wait'] as const) {
      const location = findField(system, [field]);
      if (location === undefined) continue;
      problems.push({
        location,
        message: `'${field}' has no effect: with 'registration: false' there is no repository that Flux applies`,
        remedy: `Remove '${field}', or 'registration: false'.`,
      });
    }
  }
  return problems;
}

/** Texts in `values` that use a variable that only substitution in a system's own repository fills. */
function substitutionsIn(content: SystemFile): readonly (readonly PathSegment[])[] {
  const found: (readonly PathSegment[])[] = [];
  const walk = (value: unknown, path: readonly PathSegment[]): void => {
    if (typeof value === 'string' && /\$\{(?:registry|environment|sku|aadGroupId)\}/.test(value)) found.push(path);
    else if (Array.isArray(value))
      value.forEach((entry, index) => {
        walk(entry, [...path, index]);
      });
    else if (typeof value === 'object' && value !== null)
      for (const [key, child] of Object.entries(value)) walk(child, [...path, key]);
  };
  walk(content.values, ['values']);
  for (const [environment, override] of Object.entries(content.environments ?? {}))
    walk(override.values, ['environments', environment, 'values']);
  return found;
}

/** The chart of a HelmRelease that the platform owns, in each environment. */
export function checkCharts(system: Source<SystemFile>, { platform }: Sources): readonly Problem[] {
  const { yaml, content } = system;
  if (content.release === 'system' || content.pattern === 'C') return [];
  return environmentsOf(content, platform.content).flatMap((environment): readonly Problem[] => {
    const { chart } = settingsIn(content, environment);
    const location = findField(system, ['chart']) ?? yaml.locate(['release']);
    if (content.pattern === 'A' && chart?.repository === undefined && chart?.name === undefined) {
      return [
        {
          location,
          message: "pattern A with 'release: platform' needs 'chart': it has no central chart",
          remedy:
            "Give 'chart.repository' and 'chart.version' of a chart in the registry, or 'chart.name' of one in the shared chart repository.",
        },
      ];
    }
    if (chart?.repository !== undefined && chart.version === undefined) {
      return [
        {
          location,
          message: `the chart '${chart.repository}' has no 'version'`,
          remedy: "Add 'version', exactly the one to install.",
        },
      ];
    }
    if (chart?.repository === undefined && chart?.version !== undefined) {
      return [
        {
          location: findField(system, ['chart', 'version']) ?? location,
          message: `'version' ('${chart.version}') has no effect on a chart of the shared chart repository: its branch decides`,
          remedy: "Remove 'version', or give 'repository' for a chart in the registry.",
        },
      ];
    }
    return [];
  });
}
