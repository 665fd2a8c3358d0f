import { ORGANIZATION_STACK } from '../environment-names';
import { PIPELINE_SHORT_NAMES } from '../organization-outputs-file';
import { formatLocation, type Location, type Problem } from '../problem';
import { own } from '../records';
import { stackFile } from '../stack-file-name';
import { at, type CheckedStack } from './checked-stack';
import { clusterPrincipals, type ClusterPrincipal } from './cluster-principals';
import { hasOrganization } from './has-stack-file';

const LISTS = ['platformPipelines', 'applicationPipelines', 'verifiers'] as const;

/** Nobody is entitled twice to the same, and nobody signs both for the platform and for a team. */
export function checkPrincipals(checked: CheckedStack): readonly Problem[] {
  const access = checked.content.config['k8s-gitops:access'];
  const sharers = Object.entries(checked.content.config['k8s-gitops:sharers']);
  return [
    ...LISTS.flatMap((list) =>
      twice(
        `access.${list}`,
        Object.entries(access[list]).map(([name, { principalId }]) => ({
          name,
          id: principalId,
          location: at(checked, 'k8s-gitops:access', list, name, 'principalId'),
        })),
      ),
    ),
    ...twice(
      'sharers',
      sharers.map(([name, { kubeletPrincipalId }]) => ({
        name,
        id: kubeletPrincipalId,
        location: at(checked, 'k8s-gitops:sharers', name, 'kubeletPrincipalId'),
      })),
    ),
    ...signersApart(checked),
    ...apartFromClusters(checked),
    ...(hasOrganization(checked.sources) ? [...reservedNames(checked), ...madePipelines(checked)] : []),
  ];
}

/** What the stack `organization` makes for each list: its name in outputs/organization.yaml, and in role assignments. */
const MADE = {
  platformPipelines: { use: 'platform', shortName: PIPELINE_SHORT_NAMES.platform },
  applicationPipelines: { use: 'applications', shortName: PIPELINE_SHORT_NAMES.applications },
  verifiers: { use: 'pullRequests', shortName: PIPELINE_SHORT_NAMES.pullRequests },
} as const satisfies Record<(typeof LISTS)[number], object>;

type Use = 'platform' | 'applications' | 'pullRequests' | 'dryRun';

/** The stack gives its own pipelines these names: one of the two would silently take the place of the other. */
function reservedNames(checked: CheckedStack): readonly Problem[] {
  const environments = Object.keys(checked.sources.platform.content.environments);
  const reserved = new Set(
    Object.values(MADE).flatMap(({ shortName }) => [shortName, ...environments.map((name) => `${shortName}-${name}`)]),
  );
  const access = checked.content.config['k8s-gitops:access'];
  return LISTS.flatMap((list) =>
    Object.keys(access[list])
      .filter((name) => reserved.has(name))
      .map((name) => ({
        location:
          checked.yaml.locateKey(['config', 'k8s-gitops:access', list, name]) ?? at(checked, 'k8s-gitops:access', list, name),
        message: `'${name}' of 'access.${list}' is what a pipeline of the stack '${ORGANIZATION_STACK}' is called in role assignments (${stackFile(ORGANIZATION_STACK)})`,
        remedy: 'Choose another name, or remove it if it is that pipeline: its roles are assigned without it.',
      })),
  );
}

/** Principals that are configured and recorded: twice for the same, or for what must be apart. */
function madePipelines(checked: CheckedStack): readonly Problem[] {
  const { sources, name: environment } = checked;
  const { organizationOutputs: recorded } = sources;
  if (recorded === undefined) return [];
  const access = checked.content.config['k8s-gitops:access'];
  const byId = new Map<string, { readonly user: string; readonly use: Use }[]>();
  for (const [user, identities] of Object.entries(recorded.content.pipelines)) {
    for (const [use, { principalId }] of Object.entries(identities)) {
      const id = principalId.toLowerCase();
      byId.set(id, [...(byId.get(id) ?? []), { user, use: use as Use }]);
    }
  }
  const isUser = (user: string): boolean => {
    const entry = own(sources.platform.content.environments, user);
    return user === environment || entry?.registry.sharedWith === environment || entry?.vault.sharedWith === environment;
  };
  return LISTS.flatMap((list) =>
    Object.entries(access[list]).flatMap(([name, { principalId }]): readonly Problem[] => {
      const known = byId.get(principalId.toLowerCase()) ?? [];
      const again = known.find(({ user, use }) => use === MADE[list].use && isUser(user));
      const mixed = known.find(({ use }) => MIXED[list].includes(use));
      const other = again ?? mixed;
      if (other === undefined) return [];
      const place = formatLocation(recorded.yaml.locate(['pipelines', other.user, other.use, 'principalId']));
      return [
        {
          location: at(checked, 'k8s-gitops:access', list, name, 'principalId'),
          message: `'${name}' of 'access.${list}' is '${principalId}', which is recorded as '${other.use}' of '${other.user}' (${place})`,
          remedy:
            again === undefined
              ? APART
              : 'Remove it here: the stack assigns these roles to what is recorded, and Azure refuses to assign the same role again.',
        },
      ];
    }),
  );
}

/** What a principal of a list must not be besides. */
const MIXED: Readonly<Record<(typeof LISTS)[number], readonly Use[]>> = {
  platformPipelines: ['applications', 'pullRequests', 'dryRun'],
  applicationPipelines: ['platform', 'pullRequests', 'dryRun'],
  verifiers: [],
};

const APART =
  "Give it an identity of its own, or remove it: a team must not be able to sign the platform's images, nor a pull request any.";

/** What runs on a cluster reads what pipelines push and sign: it must not be able to do that itself. */
function apartFromClusters(checked: CheckedStack): readonly Problem[] {
  const clusters = ofClusters(checked);
  const access = checked.content.config['k8s-gitops:access'];
  return (['platformPipelines', 'applicationPipelines'] as const).flatMap((list) =>
    Object.entries(access[list]).flatMap(([name, { principalId }]): readonly Problem[] => {
      const other = clusters.get(principalId.toLowerCase());
      if (other === undefined) return [];
      return [
        {
          location: at(checked, 'k8s-gitops:access', list, name, 'principalId'),
          message: `'${name}' of 'access.${list}' is '${principalId}', which is the ${other.role} of '${other.environment}' (${formatLocation(other.location())})`,
          remedy: 'Give the pipeline an identity of its own: what runs on a cluster must not be able to sign what it verifies.',
        },
      ];
    }),
  );
}

/** Who the clusters are, as it is recorded or written down: by object id in small letters. */
function ofClusters({ sources }: CheckedStack): ReadonlyMap<string, ClusterPrincipal> {
  const principals = clusterPrincipals(sources);
  const add = (id: string | undefined, principal: ClusterPrincipal): void => {
    if (id !== undefined && !principals.has(id.toLowerCase())) principals.set(id.toLowerCase(), principal);
  };
  for (const { yaml, content } of sources.stackConfigs.values()) {
    for (const [environment, { kubeletPrincipalId }] of Object.entries(content.config['k8s-gitops:sharers'])) {
      const path = ['config', 'k8s-gitops:sharers', environment, 'kubeletPrincipalId'];
      add(kubeletPrincipalId, { environment, role: 'kubelet', location: () => yaml.locate(path) });
    }
  }
  const { organizationConfig } = sources;
  for (const [environment, ids] of Object.entries(organizationConfig?.content.config['k8s-gitops:fluxIdentities'] ?? {})) {
    for (const role of ['reader', 'writer'] as const) {
      const path = ['config', 'k8s-gitops:fluxIdentities', environment, role];
      add(ids[role], { environment, role, location: () => organizationConfig!.yaml.locate(path) });
    }
  }
  return principals;
}

interface Entitled {
  readonly name: string;
  readonly id: string;
  readonly location: Location;
}

/** Azure refuses a role assignment that there is already under another name. */
function twice(list: string, entries: readonly Entitled[]): readonly Problem[] {
  const first = new Map<string, Entitled>();
  return entries.flatMap((entry) => {
    const earlier = first.get(entry.id.toLowerCase());
    if (earlier === undefined) {
      first.set(entry.id.toLowerCase(), entry);
      return [];
    }
    return [
      {
        location: entry.location,
        message: `'${entry.name}' and '${earlier.name}' (${formatLocation(earlier.location)}) of '${list}' are the same principal '${entry.id}'`,
        remedy: 'Keep one of the two: Azure refuses to assign the same role again.',
      },
    ];
  });
}

function signersApart(checked: CheckedStack): readonly Problem[] {
  const { platformPipelines, applicationPipelines } = checked.content.config['k8s-gitops:access'];
  return Object.entries(applicationPipelines).flatMap(([name, { principalId }]) => {
    const twin = Object.entries(platformPipelines).find(
      ([, other]) => other.principalId.toLowerCase() === principalId.toLowerCase(),
    );
    if (twin === undefined) return [];
    return [
      {
        location: at(checked, 'k8s-gitops:access', 'applicationPipelines', name, 'principalId'),
        message: `'${principalId}' is both an application pipeline ('${name}') and a platform pipeline ('${twin[0]}', ${formatLocation(at(checked, 'k8s-gitops:access', 'platformPipelines', twin[0], 'principalId'))})`,
        remedy: "Give them identities of their own: a team must not be able to sign the platform's images.",
      },
    ];
  });
}
