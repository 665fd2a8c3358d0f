import { SYSTEM_NAMES, type SystemNames } from '../naming';
import { type Problem, formatLocation } from '../problem';
import { DNS_LABEL } from '../rules/kubernetes-names';
import { violation } from '../rules/text-rule';
import { type Source, type Sources } from '../sources';
import { type SystemFile } from '../system-file';
import { environmentsOf, givenRepositoryIn, systemNamesIn } from '../system-settings';

/** Names that Kubernetes, Flux or this repository use for something else. */
export const RESERVED_NAMES: ReadonlyMap<string, string> = new Map([
  ['admission', 'the Kustomization of the native admission policies'],
  ['default', "Kubernetes' default namespace"],
  ['flux-system', "Flux's own namespace and root Kustomization"],
  ['platform-charts', 'the file of the shared chart source'],
  ['policies', "the Kustomization of the policies that need an engine's CRDs"],
]);

/** A release there could replace Flux itself. */
const FLUX_NAMESPACE = 'flux-system';

/** What a name is reserved for, `undefined` when it is free. */
function reservedFor(name: string): string | undefined {
  return RESERVED_NAMES.get(name) ?? (name.startsWith('kube-') ? "Kubernetes' own namespaces" : undefined);
}

/** The name of a system, which is that of its file. */
export function checkSystemName(name: string, { yaml }: Source<SystemFile>): readonly Problem[] {
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

/** The names that follow from it or are given in its place, in each environment. */
export function checkDerivedNames(
  name: string,
  { yaml, content }: Source<SystemFile>,
  { platform }: Sources,
): readonly Problem[] {
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
