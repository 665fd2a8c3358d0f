import { SYSTEM_NAMES, PLATFORM_NAMES, type SystemNames } from '../naming';
import { formatLocation, type Problem } from '../problem';
import { DNS_LABEL } from '../rules/kubernetes-names';
import { violation } from '../rules/text-rule';
import { type Source, type Sources } from '../sources';
import { suggestion } from '../suggest';
import { type SystemFile } from '../system-file';
import { own } from '../records';
import { gitAddress, misplacedGitFields } from '../git-host';
import { environmentsOf, gitSettingsIn, givenRepositoryIn, settingsIn, systemNamesIn } from '../system-settings';
import { type PathSegment } from '../yaml-locator';
import { SKU_NAMES } from '../sku';

/** Names that Kubernetes, Flux or this repository use for something else. */
const RESERVED: ReadonlyMap<string, string> = new Map([
  ['admission', 'the Kustomization of the native admission policies'],
  ['default', "Kubernetes' default namespace"],
  ['flux-system', "Flux's own namespace and root Kustomization"],
  ['platform-charts', 'the file of the shared chart source'],
  ['policies', "the Kustomization of the policies that need an engine's CRDs"],
]);

/** A release there could replace Flux itself. */
const FLUX_NAMESPACE = 'flux-system';

/** Each system by itself: what can be said without knowing the platform. */
export function checkSystemFiles(systems: Sources['systems']): readonly Problem[] {
  return [...systems].flatMap(([name, system]) => [...checkName(name, system), ...checkPattern(system), ...checkRelease(system)]);
}

/** Each system in the environments that it runs in, and their object names against each other. */
export function checkSystems(sources: Sources): readonly Problem[] {
  const problems = [...sources.systems].flatMap(([name, system]) => [
    ...checkEnvironmentReferences(system, sources),
    ...checkCharts(system, sources),
    ...checkDerivedNames(name, system, sources),
  ]);
  return [...problems, ...checkObjectNames(sources)];
}

/** What a name is reserved for, `undefined` when it is free. */
function reservedFor(name: string): string | undefined {
  return RESERVED.get(name) ?? (name.startsWith('kube-') ? "Kubernetes' own namespaces" : undefined);
}

function checkName(name: string, { yaml }: Source<SystemFile>): readonly Problem[] {
  const location = { file: yaml.file };
  const broken = violation(DNS_LABEL, name);
  if (broken !== undefined) {
    return [
      {
        location,
        message: `the name of the file gives the name of the system, and '${name}' ${broken}`,
        remedy: 'Rename the file.',
      },
    ];
  }
  const use = reservedFor(name);
  return use === undefined
    ? []
    : [{ location, message: `a system cannot be called '${name}': the name is reserved for ${use}`, remedy: 'Rename the file.' }];
}

function checkEnvironmentReferences({ yaml, content }: Source<SystemFile>, { platform }: Sources): readonly Problem[] {
  const known = Object.keys(platform.content.environments);
  if (content.environments !== undefined && Object.keys(content.environments).length === 0) {
    return [
      {
        location: yaml.locate(['environments']),
        message: "'environments' is empty, so the system would run nowhere",
        remedy: `Name some of ${known.join(', ')}; remove 'environments' for all; or delete the file.`,
      },
    ];
  }
  return Object.keys(content.environments ?? {})
    .filter((environment) => own(platform.content.environments, environment) === undefined)
    .map((environment) => ({
      location: yaml.locateKey(['environments', environment]) ?? yaml.locate(['environments']),
      message: `unknown environment '${environment}'`,
      remedy: suggestion(environment, known, 'environments of platform.yaml'),
    }));
}

function checkPattern({ yaml, content }: Source<SystemFile>): readonly Problem[] {
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

/** Where a field stands that may stand for all environments or for one. */
function findField({ yaml, content }: Source<SystemFile>, path: readonly PathSegment[]): Problem['location'] | undefined {
  const places = [path, ...Object.keys(content.environments ?? {}).map((environment) => ['environments', environment, ...path])];
  return places.map((place) => yaml.locateKey(place)).find((location) => location !== undefined);
}

function checkRelease(system: Source<SystemFile>): readonly Problem[] {
  const { yaml, content } = system;
  const problems: Problem[] = [];
  if (content.release === 'system') {
    for (const field of ['chart', 'values'] as const) {
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
    if (location === undefined) continue;
    problems.push({
      location,
      message: `'${field}' stands in 'values', where the registration decides about it`,
      remedy: `Give '${field}' beside 'values', not in it.`,
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
function checkCharts(system: Source<SystemFile>, { platform }: Sources): readonly Problem[] {
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

function checkDerivedNames(name: string, { yaml, content }: Source<SystemFile>, { platform }: Sources): readonly Problem[] {
  // A name that is not even a DNS label breaks the others too: it is told once.
  if (violation(DNS_LABEL, name) !== undefined) return [];
  return environmentsOf(content, platform.content).flatMap((environment) => {
    const names = systemNamesIn(name, content, environment, platform.content);
    const forbidden = content.pattern === 'B' || (content.release === 'platform' && names.namespace === FLUX_NAMESPACE);
    const use = forbidden && names.namespace !== name ? reservedFor(names.namespace) : undefined;
    if (use !== undefined) {
      return [
        {
          location: yaml.locateKey(['names', 'namespace']) ??
            platform.yaml.locateKey(['naming', 'namespace']) ?? { file: yaml.file },
          message: `the tenant of system '${name}' cannot have namespace '${names.namespace}', which is reserved for ${use}`,
          remedy: 'Choose another namespace: the tenant chart puts quota, network policy and the access of the team there.',
        },
      ];
    }
    return (Object.keys(SYSTEM_NAMES) as (keyof SystemNames)[]).flatMap((key): Problem[] => {
      const broken = violation(SYSTEM_NAMES[key].rule, names[key]);
      if (broken === undefined || isGiven(content, environment, key)) return [];
      const template = platform.yaml.locateKey(['naming', key]);
      const field = key === 'repository' ? 'git.repository' : `names.${key}`;
      return [
        {
          location: { file: yaml.file },
          message: `the derived ${key} '${names[key]}' ${broken}`,
          remedy: `Give '${field}'${template === undefined ? '' : `, or change 'naming.${key}' (${formatLocation(template)})`}, or rename the file.`,
        },
      ];
    });
  });
}

function isGiven(content: SystemFile, environment: string, key: keyof SystemNames): boolean {
  return key === 'repository' ? givenRepositoryIn(content, environment) !== undefined : content.names?.[key] !== undefined;
}

/** Who has a name already, and where it was given. */
interface Owner {
  readonly description: string;
  /** @default - the name is derived, or the platform's own */
  readonly location?: Problem['location'];
}

/** The same object from two systems: Flux would apply one over the other. */
function checkObjectNames({ platform, systems }: Sources): readonly Problem[] {
  const shared = platform.content.naming?.platformChartsGitRepository ?? PLATFORM_NAMES.platformChartsGitRepository.template;
  return Object.keys(platform.content.environments).flatMap((environment) => {
    const owners = new Map<string, Owner>([
      ['GitRepository flux-system', { description: "Flux's own source" }],
      [`GitRepository ${shared}`, { description: 'the shared chart repository' }],
      ...['flux-system', 'admission', 'policies'].map(
        (name) => [`Kustomization ${name}`, { description: 'the platform itself' }] as const,
      ),
    ]);
    const registrations = new Map<string, string>();
    return [...systems].flatMap(([name, system]) => {
      const { yaml, content } = system;
      // Those have a problem of their own already.
      if (RESERVED.has(name) || !environmentsOf(content, platform.content).includes(environment)) return [];
      const names = systemNamesIn(name, content, environment, platform.content);
      const problems = objectsOf(content).flatMap(([kind, key]): Problem[] => {
        const object = `${kind} ${names[key]}`;
        const location = yaml.locateKey(['names', key]);
        const owner = owners.get(object);
        if (owner === undefined) {
          owners.set(object, { description: `system '${name}' (${yaml.file})`, location });
          return [];
        }
        return [
          {
            location: location ?? owner.location ?? { file: yaml.file },
            message: `the ${kind} of system '${name}' (${yaml.file}) would be called '${names[key]}', as that of ${owner.description}`,
            remedy: `Give 'names.${key}' in one of them, or rename the file.`,
          },
        ];
      });
      return [...problems, ...sameFolder(name, system, environment)];
    });

    /** Two Kustomizations of one folder apply and prune the same objects. */
    function sameFolder(name: string, { yaml, content }: Source<SystemFile>, inEnvironment: string): readonly Problem[] {
      const settings = gitSettingsIn(content, inEnvironment, platform.content);
      if (!content.registration || misplacedGitFields(settings).length > 0) return [];
      const { url } = gitAddress(settings, systemNamesIn(name, content, inEnvironment, platform.content).repository);
      const { branch, path } = settingsIn(content, inEnvironment);
      const folder = JSON.stringify([url, branch ?? null, path ?? null]);
      const owner = registrations.get(folder);
      if (owner === undefined) {
        registrations.set(folder, `system '${name}' (${yaml.file})`);
        return [];
      }
      return [
        {
          location: yaml.locateKey(['git', 'repository']) ??
            platform.yaml.locateKey(['naming', 'repository']) ?? { file: yaml.file },
          message: `system '${name}' (${yaml.file}) applies the same folder of '${url}' as ${owner}`,
          remedy: "Give one of them another 'git.repository', 'branch' or 'path'.",
        },
      ];
    }
  });
}

/** The objects of a system whose names must not be those of another one, with the key of the name. */
function objectsOf({ registration, release, pattern }: SystemFile): readonly (readonly [kind: string, key: keyof SystemNames])[] {
  return [
    ...(registration ? ([['GitRepository', 'gitRepository'], ['Kustomization', 'kustomization']] as const) : []),
    ...(release === 'platform' ? ([['HelmRelease', 'helmRelease']] as const) : []),
    ...(pattern === 'B' ? ([['namespace', 'namespace']] as const) : []),
  ]; // prettier-ignore
}
