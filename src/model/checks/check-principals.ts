import { formatLocation, type Location, type Problem } from '../problem';
import { at, type CheckedStack } from './checked-stack';

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
  ];
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
