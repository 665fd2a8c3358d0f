import { formatLocation, type Problem } from '../problem';
import { hostOf } from '../url-host';
import { at, type CheckedStack } from './checked-stack';

/** Keys of another team are in the Key Vault that is named, and are two. */
export function checkExistingKeys(checked: CheckedStack): readonly Problem[] {
  const { vault, signingKeys } = checked.content.config['k8s-gitops:existing'];
  if (vault === undefined || signingKeys === undefined) return [];
  const name = vault.split('/').at(-1)!;
  const elsewhere = (['platform', 'applications'] as const).flatMap((list): Problem[] => {
    const [found] = hostOf(signingKeys[list]).split('.');
    if (found === name.toLowerCase()) return [];
    return [
      {
        location: at(checked, 'k8s-gitops:existing', 'signingKeys', list),
        message: `'signingKeys.${list}' is a key of the Key Vault '${found!}', and 'existing.vault' is '${name}' (${formatLocation(at(checked, 'k8s-gitops:existing', 'vault'))})`,
        remedy: 'Correct the wrong one of the two.',
      },
    ];
  });
  if (keyOf(signingKeys.platform) !== keyOf(signingKeys.applications)) return elsewhere;
  return [
    ...elsewhere,
    {
      location: at(checked, 'k8s-gitops:existing', 'signingKeys', 'applications'),
      message: `'signingKeys.platform' (${formatLocation(at(checked, 'k8s-gitops:existing', 'signingKeys', 'platform'))}) and 'signingKeys.applications' are the same key, ${keyOf(signingKeys.platform)}`,
      remedy: "Give two keys: a team must not be able to sign the platform's images.",
    },
  ];
}

/** A key without its version; Key Vault ignores the case of names. */
const keyOf = (id: string): string => id.replace(/\/[^/]+$/, '').toLowerCase();
