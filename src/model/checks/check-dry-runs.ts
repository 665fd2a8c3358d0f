import { ORGANIZATION_STACK } from '../environment-names';
import { formatLocation, type Location, type Problem } from '../problem';
import { type Sources } from '../sources';
import { stackFile } from '../stack-file-name';
import { clusterPrincipals } from './cluster-principals';
import { hasOrganization, hasStackFile } from './has-stack-file';

/** Who dry-runs is known, once, and does nothing else. */
export function checkDryRuns(sources: Sources): readonly Problem[] {
  const { platform, stackConfigs } = sources;
  const key = 'k8s-gitops:dryRunPrincipalId';
  return Object.entries(platform.content.environments).flatMap(([name, { dryRun }]): readonly Problem[] => {
    const stack = stackConfigs.get(name);
    const given = stack?.content.config[key];
    if (stack === undefined || given === undefined) {
      if (dryRun === 'none' || hasOrganization(sources)) return [];
      // Settings that cannot be read may say it.
      if (stack === undefined && hasStackFile(sources, name)) return [];
      return [
        {
          location: platform.yaml.locate(['environments', name, 'dryRun']),
          message: `'${name}' has 'dryRun: cluster', and nobody says who dry-runs: there is no ${stackFile(ORGANIZATION_STACK)}, and no '${key}' in ${stackFile(name)}`,
          remedy: `Give '${key}' in ${stackFile(name)}, or make ${stackFile(ORGANIZATION_STACK)} (docs/organization.md).`,
        },
      ];
    }
    const location = stack.yaml.locate(['config', key]);
    if (dryRun === 'none') {
      const declared = formatLocation(
        platform.yaml.locateKey(['environments', name, 'dryRun']) ??
          platform.yaml.locateKey(['environments', name]) ??
          platform.yaml.locate(['environments']),
      );
      return [
        {
          location,
          message: `'${given}' is to dry-run on the cluster of '${name}', which has 'dryRun: none' (${declared})`,
          remedy: `Remove it, or give 'environments.${name}.dryRun: cluster' in platform.yaml.`,
        },
      ];
    }
    if (hasOrganization(sources)) {
      return [
        {
          location,
          message: `'${given}' is to dry-run on the cluster of '${name}', and the stack '${ORGANIZATION_STACK}' makes an identity for that (${stackFile(ORGANIZATION_STACK)})`,
          remedy: 'Remove it: the identity that the stack makes counts.',
        },
      ];
    }
    const other = otherUse(sources, name, given);
    if (other === undefined) return [];
    return [
      {
        location,
        message: `'${given}' is to dry-run on the cluster of '${name}', and it is ${other.who} too (${formatLocation(other.location)})`,
        remedy:
          'Give dry-runs an identity of their own: it is kept to dry-runs on the cluster, and a pull request decides what it runs.',
      },
    ];
  });
}

interface Use {
  readonly who: string;
  readonly location: Location;
}

/** What else a principal is in any environment, which a dry-run must not be. */
function otherUse(sources: Sources, environment: string, id: string): Use | undefined {
  const of = (name: string): string => (name === environment ? '' : ` of '${name}'`);
  const cluster = clusterPrincipals(sources).get(id.toLowerCase());
  if (cluster !== undefined) {
    const role = cluster.role === 'kubelet' ? 'the kubelet' : `Flux's ${cluster.role}`;
    return { who: `${role}${of(cluster.environment)}`, location: cluster.location() };
  }
  for (const [name, { yaml, content }] of sources.stackConfigs) {
    for (const list of ['platformPipelines', 'applicationPipelines'] as const) {
      const entries = Object.entries(content.config['k8s-gitops:access'][list]);
      const found = entries.find(([, { principalId }]) => principalId.toLowerCase() === id.toLowerCase());
      if (found === undefined) continue;
      const path = ['config', 'k8s-gitops:access', list, found[0], 'principalId'];
      return { who: `'${found[0]}' of 'access.${list}'${of(name)}`, location: yaml.locate(path) };
    }
  }
  return undefined;
}
