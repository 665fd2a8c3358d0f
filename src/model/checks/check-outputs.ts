import { formatLocation, type Problem } from '../problem';
import { WRITING_COMPONENTS, type OutputsFile } from '../outputs-file';
import { type Source, type Sources } from '../sources';
import { outputsPath } from '../stack-file-name';
import { suggestion } from '../suggest';
import { own } from '../records';
import { environmentNamesOf } from '../environment-names';
import { loginServerOf } from '../login-server';
import { AZURE_CLOUDS } from '../azure-clouds';
import { hostOf } from '../url-host';

/** Recorded facts fit the environment they are recorded for. */
export function checkOutputs({ platform, outputs }: Sources): readonly Problem[] {
  return [...outputs].flatMap(([name, { yaml, content }]): readonly Problem[] => {
    const environment = own(platform.content.environments, name);
    if (environment === undefined) {
      return [
        {
          location: { file: yaml.file },
          message: `records outputs of environment '${name}', which does not exist`,
          remedy: `${suggestion(name, Object.keys(platform.content.environments), 'environments of platform.yaml')} Rename or delete the file.`,
        },
      ];
    }
    const problems: Problem[] = [];
    for (const [section, resource] of [
      ['registry', 'registry'],
      ['vault', 'vault'],
      ['signingKeys', 'vault'],
    ] as const) {
      const owner = environment[resource].sharedWith;
      if (owner !== undefined && content[section] !== undefined) {
        problems.push({
          location: yaml.locateKey([section])!,
          message: `'${section}' is recorded, but '${name}' shares the ${resource} of '${owner}' (${formatLocation(platform.yaml.locate(['environments', name, resource, 'sharedWith']))})`,
          remedy: `Record it in ${outputsPath(owner)}, which owns it.`,
        });
      } else if (owner === undefined && content[section] === undefined) {
        problems.push({
          location: yaml.locate([]),
          message: `'${section}' is missing, although '${name}' owns its ${resource}`,
          remedy: 'Record the outputs of the stack again.',
        });
      }
    }
    problems.push(
      ...identityProblems(platform, { yaml, content }),
      ...kubeletProblems({ yaml, content }),
      ...resourceProblems(name, platform, { yaml, content }),
      ...keysElsewhere(name, { yaml, content }),
    );
    const platformKeys = new Map((content.signingKeys?.platform ?? []).map(({ publicKey }, index) => [publicKey, index]));
    for (const [index, { publicKey }] of (content.signingKeys?.applications ?? []).entries()) {
      const same = platformKeys.get(publicKey);
      if (same === undefined) continue;
      problems.push({
        location: yaml.locate(['signingKeys', 'applications', index, 'publicKey']),
        message: `a key of applications is also a key of the platform (${formatLocation(yaml.locate(['signingKeys', 'platform', same, 'publicKey']))})`,
        remedy: `Retire the wrong one (\`npx k8s-gitops outputs record --env ${name} --retire-key <id>\`), or record the outputs again: a team must not be able to sign the platform's images.`,
      });
    }
    const vault = environment.vault.name;
    const host = content.vault === undefined ? undefined : hostOf(content.vault.uri);
    const hosts = Object.values(AZURE_CLOUDS).map(({ vaultSuffix }) => `${vault?.toLowerCase() ?? ''}.${vaultSuffix}`);
    if (vault !== undefined && host !== undefined && !hosts.includes(host)) {
      problems.push({
        location: yaml.locate(['vault', 'uri']),
        message: `the Key Vault is recorded as '${host}', but platform.yaml names '${vault}'`,
        remedy: `Correct 'environments.${name}.vault.name' in platform.yaml, or record the outputs again.`,
      });
    }
    const recorded = content.registry?.loginServer;
    const expected = environment.registry.sharedWith === undefined ? loginServerOf(platform.content, name) : recorded;
    if (recorded !== undefined && recorded !== expected) {
      problems.push({
        location: yaml.locate(['registry', 'loginServer']),
        message: `the registry is recorded as '${recorded}', but platform.yaml makes it '${expected ?? ''}'`,
        remedy: `Give 'environments.${name}.registry.loginServer' in platform.yaml, or record the outputs again.`,
      });
    }
    return problems;
  });
}

/** The resources are those that platform.yaml names; Azure ignores the case of their names. */
function resourceProblems(
  name: string,
  { yaml: platformYaml, content: platform }: Sources['platform'],
  { yaml, content }: Source<OutputsFile>,
): readonly Problem[] {
  const environment = platform.environments[name]!;
  const expected = {
    cluster: { what: 'cluster', name: environmentNamesOf(name, environment, platform).cluster },
    registry: { what: 'registry', name: environment.registry.name },
    vault: { what: 'Key Vault', name: environment.vault.name },
  };
  return (['cluster', 'registry', 'vault'] as const).flatMap((section) => {
    const found = content[section]?.resourceId.split('/').at(-1);
    const { what, name: named } = expected[section];
    if (found === undefined || named === undefined || found.toLowerCase() === named.toLowerCase()) return [];
    const place = formatLocation(platformYaml.locate(['environments', name, section, 'name']));
    return [
      {
        location: yaml.locate([section, 'resourceId']),
        message: `the resource id recorded of the ${what} is that of '${found}', but platform.yaml makes it '${named}' (${place})`,
        remedy: `Correct 'environments.${name}.${section}.name' in platform.yaml, or record the outputs again.`,
      },
    ];
  });
}

/** Keys of another Key Vault were mixed up. */
function keysElsewhere(name: string, { yaml, content: { vault, signingKeys } }: Source<OutputsFile>): readonly Problem[] {
  if (vault === undefined || signingKeys === undefined) return [];
  return (['platform', 'applications'] as const).flatMap((list) =>
    signingKeys[list].flatMap(({ id }, index) => {
      if (hostOf(id) === hostOf(vault.uri)) return [];
      return [
        {
          location: yaml.locate(['signingKeys', list, index, 'id']),
          message: `a key of ${list} is in '${hostOf(id)}', but the Key Vault is recorded as '${hostOf(vault.uri)}' (${formatLocation(yaml.locate(['vault', 'uri']))})`,
          remedy: `Retire it (\`npx k8s-gitops outputs record --env ${name} --retire-key <id>\`, with --sign-with of another if it signs): recording keeps what is recorded.`,
        },
      ];
    }),
  );
}

/** The kubelet pulls for every workload: what it may do, they may. */
function kubeletProblems({ yaml, content: { cluster, identities } }: Source<OutputsFile>): readonly Problem[] {
  const kubelet = cluster?.kubeletPrincipalId;
  return (['reader', 'writer'] as const).flatMap((role) => {
    if (kubelet === undefined || identities[role]?.principalId.toLowerCase() !== kubelet.toLowerCase()) return [];
    return [
      {
        location: yaml.locate(['cluster', 'kubeletPrincipalId']),
        message: `kubelet and ${role} have the same principal id '${kubelet}' (${role} at ${formatLocation(yaml.locate(['identities', role, 'principalId']))})`,
        remedy: 'Record the outputs again: what Flux may do, no workload of the cluster must be able to.',
      },
    ];
  });
}

const WORDS = { clientId: 'client id', principalId: 'principal id', resourceId: 'resource id' } as const;

/** What only reads must not be able to write. */
function identityProblems(platform: Sources['platform'], { yaml, content }: Source<OutputsFile>): readonly Problem[] {
  const { reader, writer } = content.identities;
  if (writer === undefined) {
    const writing = WRITING_COMPONENTS.filter((component) => platform.content.flux.components.includes(component));
    if (writing.length === 0) return [];
    return [
      {
        location: yaml.locate(['identities']),
        message: `'identities.writer' is missing, although flux.components of platform.yaml has ${writing.join(' and ')}`,
        remedy: 'Record the outputs of the stack again, which has an identity for the controllers that write.',
      },
    ];
  }
  const same = (['clientId', 'principalId', 'resourceId'] as const).find(
    (id) => reader[id].toLowerCase() === writer[id].toLowerCase(),
  );
  if (same === undefined) return [];
  return [
    {
      location: yaml.locate(['identities', 'writer', same]),
      message: `reader and writer have the same ${WORDS[same]} '${writer[same]}' (reader at ${formatLocation(yaml.locate(['identities', 'reader', same]))})`,
      remedy: 'Record the outputs again: the controllers that only read must not be able to write.',
    },
  ];
}
