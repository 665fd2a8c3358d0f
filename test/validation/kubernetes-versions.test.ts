import * as fs from 'node:fs';
import * as path from 'node:path';
import { formatProblem } from '../../src/model';
import {
  parseManifests,
  SchemaCatalog,
  selectKubernetesSchemas,
  validate,
  validateManifest,
  type ManifestDocument,
  type ManifestOptions,
} from '../../src/validation';
import { loadPlatform } from '../support/load-platform';
import { edit, platformFolder, REPOSITORY, writeFile } from '../support/platform-folder';

const FLUX = '2.9.5';
const OPERATOR = '0.59.0';

function documentsOf(text: string): readonly ManifestDocument[] {
  const documents = parseManifests(text, 'rendered.yaml');
  if ('location' in documents) throw new Error(documents.message);
  return documents;
}

/** Problems of rendered objects, each on two lines. */
const problemsOf = (text: string, catalog: SchemaCatalog, options?: ManifestOptions): readonly string[] =>
  documentsOf(text).flatMap((document) => validateManifest(document, catalog, options).problems.map(formatProblem));

const object = (apiVersion: string, kind: string, spec: string, namespace = '  namespace: b\n'): string =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: a\n${namespace}spec: ${spec}\n`;

const CONFIG_MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a, namespace: b }\n';
const DEVICES = object('resource.k8s.io/v1', 'DeviceClass', '{}', '');

const definition = (kind: string, plural: string, group: string, versions: readonly string[]): string =>
  `apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: { name: ${plural}.${group} }\nspec:\n  group: ${group}\n  names: { kind: ${kind}, plural: ${plural} }\n  scope: Namespaced\n  versions:\n${versions
    .map(
      (name, index) =>
        `    - name: ${name}\n      served: true\n      storage: ${index === 0}\n      schema: { openAPIV3Schema: { type: object, properties: { spec: { type: object, properties: { own: { type: string } } } } } }\n`,
    )
    .join('')}`;

describe('the selection of schemas of Kubernetes', () => {
  it.each([['1.33', '1.33'], ['1.34', '1.34'], ['1.34.2', '1.34'], ['1.35.0', '1.35'], ['1.36', '1.36']])('has those of %s', (version, minor) => {
    expect(selectKubernetesSchemas(version)).toEqual({ minor, problems: [], notes: [] });
  }); // prettier-ignore

  it.each([['1.28', '1.33'], ['1.32.9', '1.33'], ['1.99', '1.36'], ['1.340', '1.36']])('takes the nearest for %s, and says so', (version, minor) => {
    const { notes, ...selection } = selectKubernetesSchemas(version);
    expect(selection).toEqual({ minor, problems: [] });
    expect(notes.map(formatProblem)).toEqual([
      `platform.yaml there are no schemas for Kubernetes ${version.split('.').slice(0, 2).join('.')}, so those of ${minor} were used\n  → schemas/kubernetes has 1.33, 1.34, 1.35, 1.36; scripts/update-schemas.ts lists the versions, and \`npm run schemas:update\` writes them.`,
    ]);
  }); // prettier-ignore
});

describe('validation of environments with different versions of Kubernetes', () => {
  function folderWith(dev: string, prod: string): string {
    const folder = platformFolder();
    for (const [environment, version] of [['dev', dev], ['prod', prod]] as const) {
      edit(folder, 'platform.yaml', `  ${environment}:\n`, `  ${environment}:\n    cluster: { kubernetesVersion: '${version}' }\n`);
      writeFile(folder, `clusters/${environment}/devices.yaml`, DEVICES);
      writeFile(folder, `clusters/${environment}/widget.yaml`, object('example.com/v1', 'Widget', '{ own: x }'));
    }
    writeFile(folder, 'crds/widgets.yaml', definition('Widget', 'widgets', 'example.com', ['v1']));
    return folder;
  } // prettier-ignore

  it('checks each by its own, and knows definitions in all', () => {
    const { problems } = validate(loadPlatform(folderWith('1.33', '1.34.2')));
    expect(problems.map(formatProblem)).toEqual([
      "clusters/dev/devices.yaml:2:7 there is no schema for resource.k8s.io/v1 DeviceClass\n  → Kubernetes 1.34, 1.35, 1.36 has it, and this environment is checked by 1.33: write it in another version of the API, or set 'cluster.kubernetesVersion' in platform.yaml to what the cluster runs.",
    ]);
  });

  it('gives on what it checked by', () => {
    const { catalogs } = validate(loadPlatform(folderWith('1.34', '1.36')), new Set(['dev']));
    expect(catalogs!.used().map(({ kubernetesVersion }) => kubernetesVersion)).toEqual(['1.34']);
    expect(catalogs!.of('prod').kubernetesVersion).toBe('1.36');
    expect(catalogs!.of('prod').find('example.com/v1', 'Widget')).toBeDefined();
    const kinds = catalogs!.customKinds();
    expect(kinds).toEqual(
      expect.arrayContaining(['example.com/v1', 'example.com/v1/Widget', 'monitoring.coreos.com/v1/PodMonitor']),
    );
    expect(kinds).not.toContain('apps/v1/Deployment');
  });

  it('says what is wrong in a definition once', () => {
    const folder = folderWith('1.33', '1.36');
    writeFile(folder, 'crds/widgets.yaml', definition('Widget', 'widgets', 'example.com', ['v1']).replace('plural:', 'plurall:'));
    const messages = validate(loadPlatform(folder))
      .problems.map(formatProblem)
      .filter((text) => text.startsWith('crds/'));
    expect(messages.map((text) => text.split('\n')[0])).toEqual([
      "crds/widgets.yaml:6:3 CustomResourceDefinition: 'spec.names.plural' is missing",
      "crds/widgets.yaml:6:26 CustomResourceDefinition: unknown field 'spec.names.plurall'",
    ]);
  });

  it('checks a folder of no environment by the newest version that one has', () => {
    const folder = folderWith('1.33', '1.35');
    writeFile(folder, 'clusters/old/devices.yaml', DEVICES);
    const { problems } = validate(loadPlatform(folder), new Set(['old']));
    expect(problems).toEqual([]);
  });

  it('notes the version without schemas, of the chosen environments', () => {
    const folder = folderWith('1.40', '1.34');
    const notesOf = (only: string): readonly string[] =>
      validate(loadPlatform(folder), new Set([only]))
        .notes.map(({ message }) => message)
        .filter((text) => text.includes('no schemas'));
    expect(notesOf('dev')).toEqual(['there are no schemas for Kubernetes 1.40, so those of 1.36 were used']);
    expect(notesOf('prod')).toEqual([]);
  });
});

describe('objects that charts render', () => {
  const catalog = new SchemaCatalog(FLUX, OPERATOR, '1.34');

  const objects: readonly [text: string][] = [
    [object('monitoring.coreos.com/v1', 'PodMonitor', '{ selector: {}, podMetricsEndpoints: [{ port: http, interval: 30s }] }')],
    [object('monitoring.coreos.com/v1', 'ServiceMonitor', '{ selector: {}, endpoints: [{ port: http }] }')],
    [object('monitoring.coreos.com/v1', 'PrometheusRule', '{ groups: [{ name: g, rules: [{ alert: A, expr: up == 0 }] }] }')],
    [object('external-secrets.io/v1', 'ExternalSecret', '{ secretStoreRef: { name: s }, target: { name: t }, data: [{ secretKey: k, remoteRef: { key: r } }] }')],
    [object('external-secrets.io/v1', 'SecretStore', '{ provider: { azurekv: { authType: WorkloadIdentity, vaultUrl: "https://v.vault.azure.net", serviceAccountRef: { name: a } } } }')],
    [object('external-secrets.io/v1', 'ClusterSecretStore', '{ provider: { azurekv: { vaultUrl: "https://v.vault.azure.net" } } }', '')],
    [object('gateway.networking.k8s.io/v1', 'HTTPRoute', '{ parentRefs: [{ name: g }], hostnames: [a.example.com], rules: [{ backendRefs: [{ name: a, port: 80 }] }] }')],
    [object('gateway.networking.k8s.io/v1', 'Gateway', '{ gatewayClassName: c, listeners: [{ name: http, port: 80, protocol: HTTP }] }')],
    [object('gateway.networking.k8s.io/v1', 'GatewayClass', '{ controllerName: example.com/c }', '')],
    [object('cert-manager.io/v1', 'Certificate', '{ secretName: s, dnsNames: [a.example.com], issuerRef: { name: i } }')],
    [object('cert-manager.io/v1', 'Issuer', '{ selfSigned: {} }')],
    [object('cert-manager.io/v1', 'ClusterIssuer', '{ acme: { server: "https://acme.example.com", privateKeySecretRef: { name: s }, solvers: [{ http01: { ingress: { ingressClassName: nginx } } }] } }', '')],
  ]; // prettier-ignore

  it.each(objects)('are known: %s', (text) => {
    expect(problemsOf(text, catalog)).toEqual([]);
    expect(problemsOf(text.replace('spec: {', 'spec: { unknown: 1,'), catalog)).not.toEqual([]);
  });

  it.each([
    ['rules: [{ matches: [{ path: { type: PathPrefix, value: /a } }], filters: [{ type: URLRewrite, urlRewrite: { path: { type: ReplacePrefixMatch, replacePrefixMatch: / } } }] }]', true],
    ['rules: [{ matches: [{ path: { type: Exact, value: /a } }], filters: [{ type: URLRewrite, urlRewrite: { path: { type: ReplacePrefixMatch, replacePrefixMatch: / } } }] }]', false],
  ])('follow the rules of routes: %s', (rules, isRight) => {
    const problems = problemsOf(object('gateway.networking.k8s.io/v1', 'HTTPRoute', `{ parentRefs: [{ name: g }], ${rules} }`), catalog);
    expect(problems.length === 0).toBe(isRight);
  }); // prettier-ignore

  it('break the rules of their definitions', () => {
    const route = object('gateway.networking.k8s.io/v1', 'HTTPRoute', '{ parentRefs: [{ name: g }, { name: g }] }');
    expect(problemsOf(route, catalog).join()).toContain('breaks the rule');
  });

  it('are told the version that is known', () => {
    const monitor = object('monitoring.coreos.com/v1alpha1', 'PodMonitor', '{}');
    expect(problemsOf(monitor, catalog)).toEqual([
      'rendered.yaml:2:7 there is no schema for monitoring.coreos.com/v1alpha1 PodMonitor\n  → It is known as monitoring.coreos.com/v1.',
    ]);
  });

  it.each([false, true])(
    "are checked by the platform's own definition in all its versions, looked up before: %p",
    (isLookedUp) => {
      const own = new SchemaCatalog(FLUX, OPERATOR, '1.34');
      if (isLookedUp) expect(own.find('monitoring.coreos.com/v1', 'PodMonitor')).toBeDefined();
      const [document] = documentsOf(definition('PodMonitor', 'podmonitors', 'monitoring.coreos.com', ['v2']));
      own.addDefinition(document!.content as Parameters<SchemaCatalog['addDefinition']>[0]);
      expect(problemsOf(object('monitoring.coreos.com/v2', 'PodMonitor', '{ own: x }'), own)).toEqual([]);
      expect(problemsOf(object('monitoring.coreos.com/v1', 'PodMonitor', '{}'), own)[0]).toContain(
        'It is known as monitoring.coreos.com/v2.',
      );
      expect(own.find('monitoring.coreos.com/v1', 'ServiceMonitor')).toBeDefined();
    },
  );

  it('may define kinds themselves', () => {
    const own = new SchemaCatalog(FLUX, OPERATOR, '1.34');
    const widget = definition('Widget', 'widgets', 'example.com', ['v1']);
    for (const text of [CONFIG_MAP, widget.replace('plural:', 'plurall:')]) documentsOf(text).forEach((found) => { own.addDefinitionOf(found); }); // prettier-ignore
    expect(own.find('example.com/v1', 'Widget')).toBeUndefined();
    documentsOf(widget).forEach((found) => { own.addDefinitionOf(found); }); // prettier-ignore
    expect(problemsOf(object('example.com/v1', 'Widget', '{ own: x }'), own)).toEqual([]);
  });

  it('may leave their namespace to the release', () => {
    const issuer = object('cert-manager.io/v1', 'Issuer', '{ selfSigned: {} }', '');
    expect(problemsOf(issuer, catalog)[0]).toContain("no 'metadata.namespace'");
    expect(problemsOf(issuer, catalog, { defaultNamespace: 'shop' })).toEqual([]);
    const cluster = object('cert-manager.io/v1', 'ClusterIssuer', '{ selfSigned: {} }');
    expect(problemsOf(cluster, catalog, { defaultNamespace: 'shop' })[0]).toContain(
      "has the namespace 'b', but the kind has none",
    );
  });
});

describe('the example of pattern C', () => {
  const folder = path.join(REPOSITORY, 'examples', 'monitoring-crds', 'crds');

  it('has the definitions that are built in, each in a file that an API server accepts', () => {
    const builtIn = new SchemaCatalog(FLUX, OPERATOR, '1.34');
    const extension = JSON.parse(
      fs.readFileSync(path.join(REPOSITORY, 'schemas', 'extensions', 'monitoring.coreos.com.json'), 'utf8'),
    ) as { items: unknown[] };
    const files = fs.readdirSync(folder);
    expect(files).toEqual(['podmonitors.yaml', 'prometheusrules.yaml', 'servicemonitors.yaml']);
    const documents = files.map((file) => documentsOf(fs.readFileSync(path.join(folder, file), 'utf8')));
    expect(documents.map((found) => found.map(({ content }) => content))).toEqual(extension.items.map((item) => [item]));
    for (const [document] of documents) expect(validateManifest(document!, builtIn).problems).toEqual([]);
  });
});
