import * as azureDevOps from '../../src/model/rules/azure-devops-names';
import * as azure from '../../src/model/rules/azure-names';
import * as git from '../../src/model/rules/git-names';
import * as kubernetes from '../../src/model/rules/kubernetes-names';
import * as oci from '../../src/model/rules/oci-references';
import { DOCKER_CONFIG_PATH } from '../../src/model/rules/docker-config-path';
import { IP_RANGE } from '../../src/model/rules/ip-ranges';
import { RELATIVE_PATH } from '../../src/model/rules/paths';
import { violation, type TextRule } from '../../src/model/rules/text-rule';
import { CHART_VERSION, RELEASE_VERSION } from '../../src/model/rules/versions';

const digest = `sha256:${'a'.repeat(64)}`;

const cases: readonly [rule: TextRule, valid: readonly string[], invalid: readonly string[]][] = [
  [azure.REGISTRY_NAME, ['abcde', 'MyOrg1', 'a'.repeat(50)], ['abcd', 'a'.repeat(51), 'my-org', 'my.org', '']],
  [azure.VAULT_NAME, ['abc', 'my-org-dev', 'a'.repeat(24)], ['ab', 'a'.repeat(25), '1ab', 'ab-', 'a--b', 'a_b']],
  [azure.VAULT_OBJECT_NAME, ['platform', 'a-1', '1'], ['', 'a.b', 'a_b', 'a'.repeat(128)]],
  [
    azure.RESOURCE_GROUP_NAME,
    ['rg', 'rg.dev', '(rg)_1-2', 'größe', 'a'.repeat(90)],
    ['', 'rg²', 'rgⅣ', 'rg.', 'r g', 'a'.repeat(91), 'a/b'],
  ],
  [azure.CLUSTER_NAME, ['a', 'aks-dev', 'aks_dev', 'a'.repeat(63)], ['', '-aks', 'aks-', 'a'.repeat(64), 'a.b']],
  [azure.IDENTITY_NAME, ['abc', 'id_flux-1', 'a'.repeat(128)], ['ab', '-ab', 'a b', 'a'.repeat(129)]],
  [azure.FEDERATED_CREDENTIAL_NAME, ['abc', 'a'.repeat(120)], ['ab', '_ab', 'a'.repeat(121)]],
  [
    azure.GUID,
    ['3f0c8f1e-5a7b-4c52-9d0e-2b6a1c9d4e02', 'ABCDEF01-2345-6789-abcd-ef0123456789'],
    ['', '3f0c8f1e', '00000000-0000-0000-0000-000000000000'],
  ],
  [azureDevOps.ORGANIZATION_NAME, ['my-org', 'a', '1a'], ['', '-a', 'a-', 'a b', 'a'.repeat(51)]],
  [
    azureDevOps.PROJECT_NAME,
    ['my-project', 'My Project', 'Ä'],
    ['', '_x', '.x', 'x.', ' x', 'x ', '😀', 'AUX', 'COM1', 'DefaultCollection', 'a/b', 'a:b', 'a%b', 'a'.repeat(65)],
  ],
  [azureDevOps.RESOURCE_NAME, ['acr-dev-sc', 'my pool'], ['', ' x', 'x ', 'a\tb']],
  [
    git.BRANCH_NAME,
    ['main', 'release/1.x', 'feature_a', 'a.b', 'x@y', 'a-b', '@x', 'ü'],
    [
      '',
      '.a',
      'a.',
      '/a',
      'a/',
      'a//b',
      'a..b',
      'a/.b',
      'a.lock',
      'a.lock/b',
      'a b',
      'a~',
      'a^',
      'a:b',
      'a?',
      'a*',
      'a[',
      'a\\b',
      '@',
      'a@{b',
      '-a',
      'HEAD',
      'refs/heads/a',
      'a\u007f',
      'a\tb',
    ],
  ],
  [
    git.REPOSITORY_NAME,
    ['k8s-payments', 'k8s.payments', 'Shop Deploy'],
    ['', '.git', 'a.git', 'a/b', 'a.', '_a', ' a', 'a ', 'a:b', 'a'.repeat(65)],
  ],
  [
    git.BASE_URL,
    ['https://gitlab.example.com/group', 'ssh://git@host:22/group'],
    [
      'http://host/x',
      'https://host/',
      'https://me:pw@host/x',
      'https://token@host/x',
      'https://host/x/../..?',
      'https://host/x?y',
      'host/x',
      'file:///etc',
    ],
  ],
  [kubernetes.DNS_LABEL, ['a', 'a-1', '1a', 'a'.repeat(63)], ['', 'A', 'a_b', '-a', 'a-', 'a.b', 'a'.repeat(64)]],
  [kubernetes.DNS_SUBDOMAIN, ['a', 'a.b-c', 'a'.repeat(253)], ['', 'a..b', '.a', 'a.', 'A', 'a'.repeat(254)]],
  [kubernetes.KUSTOMIZATION_NAME, ['a', 'a.b', 'a'.repeat(63)], ['', 'a'.repeat(64), 'A', '.a']],
  [kubernetes.HELM_RELEASE_NAME, ['a', 'a'.repeat(53)], ['', 'a'.repeat(54), 'a.b', 'A']],
  [kubernetes.LABEL_VALUE, ['shop', 'Team_1.a', 'a'.repeat(63)], ['', '-a', 'a-', 'a b', 'a'.repeat(64)]],
  [kubernetes.DURATION, ['1s', '500ms', '1.5h', '1h30m'], ['', '5', '0s', '0h0m', '1d', '-1m', '1 m', '999999h']],
  [kubernetes.QUANTITY, ['10Gi', '1', '500M'], ['', '0', '1.5Gi', 'Gi', '-1Gi', '10gb']],
  [
    RELATIVE_PATH,
    ['./a', 'a/b', '.', 'a..b', '{environment}/x'],
    ['', '/a', '..', '../a', 'a/../b', 'a/..', 'a\\b', 'C:/a', '~/a', 'a\nb'],
  ],
  [
    DOCKER_CONFIG_PATH,
    ['.registry-credentials/mine', '.', 'a..b', './a_b-1'],
    ['', '/a', '..', '../a', 'a/../b', 'a/..', '-a', '~/a', 'a b', 'a;b', 'a$b', "a'b", 'a\\b', 'C:/a', 'a\n', 'ü'],
  ],
  [
    IP_RANGE,
    ['203.0.113.5', '0.0.0.0/0', '255.255.255.255/32'],
    ['', '203.0.113', '256.0.0.1', '1.2.3.4/33', '2001:db8::/32', '1.2.3.4/'],
  ],
  [
    azure.resourceIdOf('Microsoft.KeyVault/vaults'),
    [
      '/subscriptions/33333333-3333-4333-8333-333333333301/resourceGroups/g/providers/Microsoft.KeyVault/vaults/v',
      '/SUBSCRIPTIONS/ABCDEF01-2345-6789-ABCD-EF0123456789/resourcegroups/g/providers/microsoft.keyvault/vaults/v',
    ],
    [
      '',
      '/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/v',
      '/subscriptions/33333333-3333-4333-8333-333333333301/resourceGroups/g/providers/Microsoft.KeyVault/vaults/v/keys/k',
      '/subscriptions/33333333-3333-4333-8333-333333333301/resourceGroups/g/providers/Microsoft.ContainerRegistry/registries/v',
    ],
  ],
  [oci.REGISTRY_HOST, ['myorg.azurecr.io', 'localhost:5000', 'host.example:443'], ['', 'https://x.io', 'x', 'x.io/y', 'x.io:']],
  [oci.REPOSITORY_PATH, ['charts/web-shop', 'a', 'a__b/c.d'], ['', '/a', 'a/', 'A', 'a:1', 'a//b']],
  [oci.IMAGE_TAG, ['v1.0.0', '_x', 'latest-1'], ['', 'latest', '.x', '-x', 'a'.repeat(129)]],
  [oci.REPOSITORY_REFERENCE, ['ghcr.io/fluxcd/source-controller'], ['source-controller', 'ghcr.io/a:1', 'ghcr.io']],
  [
    oci.IMAGE_REFERENCE,
    ['docker.io/library/redis:7.4.1', `ghcr.io/a/b:1@${digest}`, 'oci://ghcr.io/charts/x:1.0.0', 'localhost:5000/x:1'],
    [
      'redis:7',
      'docker.io/redis',
      'docker.io/redis:latest',
      `docker.io/redis:latest@${digest}`,
      'https://ghcr.io/a:1',
      'ghcr.io/a@sha256:abc',
      `ghcr.io/a@${digest}`,
      'ghcr.io/A:1',
    ],
  ],
  [oci.DIGEST, [digest], ['', 'sha256:', digest.toUpperCase(), `${digest}a`, digest.slice(7)]],
  [RELEASE_VERSION, ['2.9.5', '0.0.0'], ['2.9', 'v2.9.5', '2.x', '2.9.5-rc.1', '02.9.5', '']],
  [
    CHART_VERSION,
    ['1.4.0', '0.0.20260', '20260.0.0', '1.2.3-20260', '1.2.3+build.7', '1.2.3-rc.1+b', '1.0.0-0a', '1.0.0+007'],
    ['1.4', 'v1.4.0', '1.x', '^1.0.0', '1.2.3-', '1.0.0-007', ''],
  ],
];

describe.each(cases.map(([rule, valid, invalid]) => ({ title: rule.title, rule, valid, invalid })))(
  'a $title',
  ({ rule, valid, invalid }) => {
    it.each(valid)('may be %j', (text) => {
      expect(violation(rule, text)).toBeUndefined();
    });

    it.each(invalid)('may not be %j, and the message says why and who says so', (text) => {
      expect(violation(rule, text)).toBe(`is not a valid ${rule.title}: ${rule.rule} (${rule.source})`);
    });
  },
);
