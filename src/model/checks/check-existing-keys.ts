import { AZURE_CLOUDS } from '../azure-clouds';
import { formatLocation, type Problem } from '../problem';
import { hostOf } from '../url-host';
import { at, type CheckedStack } from './checked-stack';

/** Keys of another team are in the Key Vault that is named, and are two. */
export function checkExistingKeys(checked: CheckedStack): readonly Problem[] {
  const { config } = checked.content;
  const { vault, signingKeys } = config['k8s-gitops:existing'];
  const { vaultSuffix } = AZURE_CLOUDS[config['azure-native:environment'] ?? 'public'];
  if (vault === undefined || signingKeys === undefined) return [];
  const name = vault.split('/').at(-1)!;
  const elsewhere = (['platform', 'applications'] as const).flatMap((list): Problem[] => {
    const found = hostOf(signingKeys[list]);
    const expected = `${name.toLowerCase()}.${vaultSuffix}`;
    if (found === expected) return [];
    return [
      {
        location: at(checked, 'k8s-gitops:existing', 'signingKeys', list),
        message: `'signingKeys.${list}' is a key at '${found}', and 'existing.vault' is at '${expected}' (${formatLocation(at(checked, 'k8s-gitops:existing', 'vault'))})`,
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
