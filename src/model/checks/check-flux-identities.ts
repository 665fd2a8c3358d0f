import { environmentNamesOf } from '../environment-names';
import { formatLocation, type Location, type Problem } from '../problem';
import { own } from '../records';
import { type OrganizationSource, type Sources } from '../sources';

const KEY = 'k8s-gitops:fluxIdentities';
const ROLES = ['reader', 'writer'] as const;

interface Identity {
  readonly who: string;
  readonly location: () => Location;
}

/** Flux identities that are written down by hand: each once, and none that is recorded differently. */
export function checkFluxIdentities(sources: Sources, { yaml, content }: OrganizationSource): readonly Problem[] {
  const known = recordedIdentities(sources);
  return Object.entries(content.config[KEY]).flatMap(([environment, identities]) =>
    ROLES.flatMap((role): readonly Problem[] => {
      const id = identities[role];
      if (id === undefined) return [];
      const who = `the ${role} of '${environment}'`;
      const location = (): Location => yaml.locate(['config', KEY, environment, role]);
      const recorded = recordedOf(sources, environment, role);
      if (recorded !== undefined && recorded.id.toLowerCase() !== id.toLowerCase()) {
        return [
          {
            location: location(),
            message: `${who} is '${id}' here and '${recorded.id}' in ${formatLocation(recorded.location())}`,
            remedy: 'Remove it here: what is recorded counts.',
          },
        ];
      }
      const earlier = known.get(id.toLowerCase());
      if (earlier === undefined) known.set(id.toLowerCase(), { who, location });
      if (earlier === undefined || earlier.who === who) return [];
      return [
        {
          location: location(),
          message: `${who} and ${earlier.who} (${formatLocation(earlier.location())}) are the same identity '${id}'`,
          remedy: `Give each its own, which \`az identity show --name ${identityName(sources, environment, role)} --resource-group <group> --query principalId\` tells.`,
        },
      ];
    }),
  );
}

/** By object id in small letters. */
function recordedIdentities(sources: Sources): Map<string, Identity> {
  const recorded = new Map<string, Identity>();
  for (const environment of sources.outputs.keys()) {
    for (const role of ROLES) {
      const identity = recordedOf(sources, environment, role);
      if (identity === undefined || recorded.has(identity.id.toLowerCase())) continue;
      recorded.set(identity.id.toLowerCase(), { who: `the ${role} of '${environment}'`, location: identity.location });
    }
  }
  const { organizationOutputs } = sources;
  for (const [environment, identities] of Object.entries(organizationOutputs?.content.pipelines ?? {})) {
    for (const [use, { principalId }] of Object.entries(identities)) {
      recorded.set(principalId.toLowerCase(), {
        who: `the pipeline '${use}' of '${environment}'`,
        location: () => organizationOutputs!.yaml.locate(['pipelines', environment, use, 'principalId']),
      });
    }
  }
  return recorded;
}

function recordedOf(
  { outputs }: Sources,
  environment: string,
  role: (typeof ROLES)[number],
): { readonly id: string; readonly location: () => Location } | undefined {
  const recorded = outputs.get(environment);
  const identity = recorded?.content.identities[role];
  if (recorded === undefined || identity === undefined) return undefined;
  return { id: identity.principalId, location: () => recorded.yaml.locate(['identities', role, 'principalId']) };
}

function identityName({ platform: { content } }: Sources, environment: string, role: (typeof ROLES)[number]): string {
  const entry = own(content.environments, environment);
  return entry === undefined ? '<identity>' : environmentNamesOf(environment, entry, content)[`${role}Identity`];
}
