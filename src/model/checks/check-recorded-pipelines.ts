import { ORGANIZATION_STACK } from '../environment-names';
import { formatLocation, type Problem } from '../problem';
import { type Sources } from '../sources';
import { stackFile } from '../stack-file-name';
import { clusterPrincipals } from './cluster-principals';
import { hasOrganization } from './has-stack-file';

/** The recorded identities of pipelines are those of a stack that there is, and apart from each other and from those of clusters. */
export function checkRecordedPipelines(sources: Sources): readonly Problem[] {
  return [...withoutStack(sources), ...recordedIdentities(sources), ...pipelinesApartFromClusters(sources)];
}

/** What nobody makes any more would still get roles. */
function withoutStack(sources: Sources): readonly Problem[] {
  const { organizationOutputs } = sources;
  if (organizationOutputs === undefined || hasOrganization(sources)) return [];
  return [
    {
      location: { file: organizationOutputs.yaml.file },
      message: `records the identities of pipelines, and there is no ${stackFile(ORGANIZATION_STACK)}, the settings of the stack that makes them`,
      remedy: `Delete it, or make ${stackFile(ORGANIZATION_STACK)} (docs/organization.md): what is recorded here gets roles.`,
    },
  ];
}

const WORDS = { clientId: 'client id', principalId: 'principal id', resourceId: 'resource id' } as const;

/** Uses whose identity environments share where they share the service connection. */
const SHARED_USES: readonly string[] = ['pullRequests', 'applications'];

/** What pulls must not be able to sign, what signs for teams must not be able to sign for the platform, and no cluster is another's. */
function recordedIdentities({ organizationOutputs }: Sources): readonly Problem[] {
  if (organizationOutputs === undefined) return [];
  const { yaml, content } = organizationOutputs;
  const first = new Map<string, { readonly environment: string; readonly use: string }>();
  return Object.entries(content.pipelines).flatMap(([environment, identities]) =>
    Object.entries(identities).flatMap(([use, identity]): readonly Problem[] => {
      for (const id of ['clientId', 'principalId', 'resourceId'] as const) {
        const key = `${id} ${identity[id].toLowerCase()}`;
        const earlier = first.get(key);
        first.set(key, earlier ?? { environment, use });
        if (earlier === undefined || (earlier.use === use && SHARED_USES.includes(use))) continue;
        const place = formatLocation(yaml.locate(['pipelines', earlier.environment, earlier.use, id]));
        // One mixed-up identity is one mistake, whichever of its ids tells it.
        return [
          {
            location: yaml.locate(['pipelines', environment, use, id]),
            message: `'${use}' of '${environment}' and '${earlier.use}' of '${earlier.environment}' (${place}) have the same ${WORDS[id]} '${identity[id]}'`,
            remedy: `Record the outputs of the stack '${ORGANIZATION_STACK}' again: each of these pipelines has an identity of its own.`,
          },
        ];
      }
      return [];
    }),
  );
}

/** What runs on a cluster must not be able to do what a pipeline may, nor a pipeline what Flux may. */
function pipelinesApartFromClusters(sources: Sources): readonly Problem[] {
  const { organizationOutputs } = sources;
  if (organizationOutputs === undefined) return [];
  const { yaml, content } = organizationOutputs;
  const ofClusters = clusterPrincipals(sources);
  return Object.entries(content.pipelines).flatMap(([environment, identities]) =>
    Object.entries(identities).flatMap(([use, { principalId }]): readonly Problem[] => {
      const other = ofClusters.get(principalId.toLowerCase());
      if (other === undefined) return [];
      const who = `the ${other.role} of '${other.environment}'`;
      return [
        {
          location: yaml.locate(['pipelines', environment, use, 'principalId']),
          message: `'${use}' of '${environment}' is '${principalId}', which is ${who} too (${formatLocation(other.location())})`,
          remedy: `Record the outputs of both stacks again; if they stay the same, give ${who} another identity: clusters and pipelines have identities of their own.`,
        },
      ];
    }),
  );
}
