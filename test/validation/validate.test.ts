import * as fs from 'node:fs';
import * as path from 'node:path';
import { synthesize, writeClusters } from '../../manifests';
import { formatProblem } from '../../src/model';
import { validate } from '../../src/validation';
import { loadPlatform } from '../support/load-platform';
import { edit, platformFolder, writeFile } from '../support/platform-folder';

function synthesizedFolder(fixture?: string): string {
  const folder = platformFolder(fixture);
  const platform = loadPlatform(folder);
  expect(writeClusters(platform, synthesize(platform)).problems).toEqual([]);
  return folder;
}

/** Each problem of the committed files on one line. */
function problemsOf(folder: string, only?: readonly string[]): readonly string[] {
  const { problems } = validate(loadPlatform(folder), only === undefined ? undefined : new Set(only));
  return problems.map((problem) => formatProblem(problem).split('\n')[0]!);
}

const SHOP = 'clusters/dev/systems/shop.yaml';
const INSTANCE = 'clusters/dev/flux-instance.yaml';

const CONFIG_MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a, namespace: b }\n';

describe('validation of committed files', () => {
  it('has nothing to say about what synthesis made, and counts it', () => {
    const folder = synthesizedFolder();
    const { problems, counts } = validate(loadPlatform(folder));
    expect(problems).toEqual([]);
    expect([...counts]).toEqual([
      ['dev', { files: 5, objects: 6 }],
      ['prod', { files: 5, objects: 6 }],
    ]);
  });

  const edits: readonly [what: string, file: string, from: string, to: string, expected: string][] = [
    ['an unknown field', SHOP, 'prune: true', 'prune: true\n  prunes: true', `${SHOP}:41:3 Kustomization: unknown field 'spec.prunes'`],
    ['a wrong type', SHOP, 'prune: true', 'prune: maybe', `${SHOP}:40:10 Kustomization: 'spec.prune' is the text 'maybe', expected boolean`],
    ['a missing field', SHOP, '  prune: true\n', '', `${SHOP}:29:1 Kustomization: 'spec.prune' is missing`],
    ['a value outside an enum', SHOP, 'provider: azure', 'provider: gitlab', `${SHOP}:14:13 GitRepository: 'spec.provider' is 'gitlab', not one of generic, aws, azure, github`],
    ['a broken pattern', SHOP, 'interval: 5m', 'interval: 5 minutes', `${SHOP}:32:13 Kustomization: 'spec.interval' '5 minutes' does not match ^([0-9]+(\\.[0-9]+)?(ms|s|m|h))+$`],
    ['a broken rule', SHOP, 'provider: azure', 'provider: github\n  serviceAccountName: me', `${SHOP}:12:1 GitRepository: 'spec' breaks the rule \`!has(self.serviceAccountName) || (has(self.provider) && (self.provider == 'azure' || self.provider == 'aws'))\``],
    ['a rule on the whole object', INSTANCE, 'name: flux\n', 'name: fluxx\n', `${INSTANCE}:4:1 FluxInstance: the object breaks the rule \`self.metadata.name == 'flux'\``],
    ['a rule below', INSTANCE, '    provider: azure', '    provider: gcp', `${INSTANCE}:84:3 FluxInstance: 'spec.sync' breaks the rule \`!has(self.provider) || self.provider != 'gcp' || self.kind == 'OCIRepository' || self.kind == 'Bucket'\``],
    ['an unknown field of the metadata', SHOP, '  namespace: flux-system', '  namespaces: x\n  namespace: flux-system', `${SHOP}:11:3 GitRepository: unknown field 'metadata.namespaces'`],
    ['a missing namespace', SHOP, '  name: k8s-shop\n  namespace: flux-system\n', '  name: k8s-shop\n', `${SHOP}:4:1 GitRepository: 'k8s-shop' has no 'metadata.namespace', and Flux has no default for it here`],
    ['a missing name', SHOP, '  name: k8s-shop\n', '', `${SHOP}:4:1 GitRepository: 'metadata.name' is missing`],
    ['a name that no object can have', SHOP, '  name: k8s-shop\n', '  name: K8s_Shop\n', `${SHOP}:10:9 GitRepository: 'metadata.name' 'K8s_Shop' is not a valid object name`],
    ['a label that is a boolean', SHOP, 'k8s-gitops/team: shop', 'k8s-gitops/team: true', `${SHOP}:9:22 GitRepository: 'metadata.labels.k8s-gitops/team' is the boolean true, expected string`],
    ['an unknown version of a kind', SHOP, 'kustomize.toolkit.fluxcd.io/v1', 'kustomize.toolkit.fluxcd.io/v1beta2', `${SHOP}:20:7 there is no schema for kustomize.toolkit.fluxcd.io/v1beta2 Kustomization`],
    ['a missing kind', SHOP, 'kind: GitRepository\n', '', `${SHOP}:2:1 is not a Kubernetes object: 'kind' is missing`],
    ['broken YAML', SHOP, 'spec:\n', 'spec: [\n', ''],
    ['an unknown value of the operator', 'clusters/dev/flux-operator-values.yaml', 'web:', 'webb: 1\nweb:', "clusters/dev/flux-operator-values.yaml:2:1 values of the flux-operator chart: '' Unrecognized key: \"webb\""],
  ]; // prettier-ignore

  it.each(edits)('finds %s, with file, line and column', (_what, file, from, to, expected) => {
    const folder = synthesizedFolder();
    edit(folder, file, from, to);
    const problems = problemsOf(folder);
    if (expected === '') expect(problems[0]).toMatch(/^clusters\/dev\/systems\/shop.yaml:\d+:\d+ is not valid YAML/);
    else expect(problems).toEqual([expected]);
  });

  it('looks only at the chosen environments', () => {
    const folder = synthesizedFolder();
    edit(folder, SHOP, 'prune: true', 'prune: maybe');
    expect(problemsOf(folder, ['prod'])).toEqual([]);
    expect(problemsOf(folder, ['dev'])).toHaveLength(1);
  });

  it('looks at files that someone wrote by hand, in every folder', () => {
    const folder = synthesizedFolder();
    writeFile(folder, 'clusters/dev/systems/deep/er/by-hand.yml', `${CONFIG_MAP}data: { port: 8080 }\n`);
    expect(problemsOf(folder)).toEqual(['clusters/dev/systems/deep/er/by-hand.yml:4:15 ConfigMap: \'data.port\' is the number 8080, expected string']); // prettier-ignore
  });

  it("checks Kubernetes' own kinds, with what the API server reads more leniently", () => {
    const folder = synthesizedFolder();
    const deployment = (port: string, memory: string): string =>
      `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: a, namespace: b }\nspec:\n  selector: { matchLabels: { a: b } }\n  template:\n    metadata: { labels: { a: b } }\n    spec:\n      containers:\n        - name: c\n          image: x/y:1\n          resources: { limits: { memory: ${memory}, cpu: 1 } }\n          livenessProbe: { httpGet: { path: /, port: ${port} } }\n`;
    writeFile(folder, 'clusters/dev/extra.yaml', deployment('http', '1Gi'));
    expect(problemsOf(folder)).toEqual([]);
    writeFile(folder, 'clusters/dev/extra.yaml', deployment('8080', '1e9'));
    expect(problemsOf(folder)).toEqual([]);
    writeFile(folder, 'clusters/dev/extra.yaml', deployment('{}', '1Gi').replace('image:', 'imagee:'));
    expect(problemsOf(folder)).toEqual([
      "clusters/dev/extra.yaml:11:11 Deployment: unknown field 'spec.template.spec.containers[0].imagee'",
      "clusters/dev/extra.yaml:13:48 Deployment: 'spec.template.spec.containers[0].livenessProbe.httpGet.port' is a mapping, expected a number or a text",
    ]);
  });

  it('refuses a namespace on a kind that has none', () => {
    const folder = synthesizedFolder();
    writeFile(folder, 'clusters/dev/ns.yaml', 'apiVersion: v1\nkind: Namespace\nmetadata: { name: a, namespace: b }\n');
    expect(problemsOf(folder)).toEqual(["clusters/dev/ns.yaml:3:22 Namespace: 'a' has the namespace 'b', but the kind has none"]);
  });

  it('finds the same object in two files of an environment, and in one file twice', () => {
    const folder = synthesizedFolder();
    writeFile(folder, 'clusters/dev/x/one.yaml', CONFIG_MAP);
    writeFile(folder, 'clusters/dev/x/two.yaml', CONFIG_MAP);
    writeFile(folder, 'clusters/prod/x/one.yaml', `${CONFIG_MAP}---\n${CONFIG_MAP}`);
    expect(problemsOf(folder)).toEqual([
      "clusters/dev/x/two.yaml:3:19 ConfigMap 'b/a' is declared twice in dev, first at clusters/dev/x/one.yaml:3:19",
      "clusters/prod/x/one.yaml:7:19 ConfigMap 'b/a' is declared twice in prod, first at clusters/prod/x/one.yaml:3:19",
    ]);
  });

  it('knows a kind by its definition, wherever that stands', () => {
    const folder = synthesizedFolder();
    const widget = 'apiVersion: example.com/v1\nkind: Widget\nmetadata: { name: w, namespace: b }\nspec: { size: 4, max: 3 }\n';
    const definition = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: widgets.example.com }
spec:
  group: example.com
  names: { kind: Widget, plural: widgets }
  scope: Namespaced
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec:
              type: object
              properties: { size: { type: integer }, max: { type: integer } }
              x-kubernetes-validations: [{ rule: self.size <= self.max, message: size must not exceed max }]
`;
    writeFile(folder, 'clusters/dev/a-widget.yaml', widget);
    expect(problemsOf(folder)).toEqual(['clusters/dev/a-widget.yaml:2:7 there is no schema for example.com/v1 Widget']);
    writeFile(folder, 'crds/widgets.yaml', definition);
    expect(problemsOf(folder)).toEqual([
      "clusters/dev/a-widget.yaml:4:1 Widget: 'spec' breaks the rule size must not exceed max",
    ]);
    fs.rmSync(path.join(folder, 'crds'), { recursive: true });
    writeFile(folder, 'clusters/dev/z-definition.yaml', definition);
    expect(problemsOf(folder)).toEqual([
      "clusters/dev/a-widget.yaml:4:1 Widget: 'spec' breaks the rule size must not exceed max",
    ]);
  });

  it('says of a rule that it could not evaluate it', () => {
    const folder = synthesizedFolder();
    writeFile(
      folder,
      'crds/x.yaml',
      'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: { name: xs.example.com }\nspec:\n  group: example.com\n  names: { kind: X, plural: xs }\n  scope: Cluster\n  versions:\n    - name: v1\n      served: true\n      storage: true\n      schema:\n        openAPIV3Schema: { type: object, properties: { spec: { type: string, x-kubernetes-validations: [{ rule: "quantity(self).isLessThan(quantity(\'1\'))" }] } } }\n',
    );
    writeFile(folder, 'clusters/dev/x.yaml', 'apiVersion: example.com/v1\nkind: X\nmetadata: { name: x }\nspec: "2"\n');
    const { problems, notes } = validate(loadPlatform(folder));
    expect(problems).toEqual([]);
    expect(notes.map(({ message }) => message)).toContainEqual(expect.stringContaining('could not be evaluated here'));
  });

  it('refuses a symbolic link, an alias bomb and a file that is not text', () => {
    const folder = synthesizedFolder();
    fs.symlinkSync('/etc/hostname', path.join(folder, 'clusters/dev/link.yaml'));
    writeFile(folder, 'clusters/dev/bomb.yaml', `a: &a [x,x,x,x,x,x,x,x,x,x]\n${'bcdefgh'.split('').map((letter, index) => `${letter}: &${letter} [${Array(10).fill(`*${'abcdefg'[index]!}`).join(',')}]\n`).join('')}`); // prettier-ignore
    fs.writeFileSync(path.join(folder, 'clusters/dev/latin.yaml'), Buffer.from([0x61, 0xe9]));
    expect(problemsOf(folder).map((line) => line.slice(0, 50))).toEqual([
      'clusters/dev/bomb.yaml aliases expand to far more than is written'.slice(0, 50),
      'clusters/dev/latin.yaml is not valid UTF-8'.slice(0, 50),
      'clusters/dev/link.yaml is a symbolic link',
    ]);
  });

  it('takes a document that is not an object for what it is', () => {
    const folder = synthesizedFolder();
    writeFile(folder, 'clusters/dev/list.yaml', '- a\n- b\n');
    writeFile(folder, 'clusters/dev/nothing.yaml', '---\n---\n# only a comment\n');
    expect(problemsOf(folder)).toEqual(['clusters/dev/list.yaml:1:1 is not a Kubernetes object']);
  });

  it('says where no schemas of a version are committed', () => {
    const folder = synthesizedFolder();
    for (const file of ['platform.yaml', 'platform.lock.yaml']) edit(folder, file, 'version: 2.9.5', 'version: 2.9.9');
    expect(validate(loadPlatform(folder)).notes.map(({ message }) => message)).toContain(
      'there are no schemas for Flux 2.9.9, so those of 2.9.5 were used',
    );
    for (const file of ['platform.yaml', 'platform.lock.yaml']) edit(folder, file, 'version: 2.9.9', 'version: 2.5.0');
    expect(problemsOf(folder)).toEqual(['platform.yaml there are no schemas for Flux 2.5.0; schemas/flux has 2.8.3, 2.9.5']);
  });

  it('notes what is pending, with the next step', () => {
    const { notes } = validate(loadPlatform(synthesizedFolder('valid/recorded-outputs')));
    expect(notes.map((note) => formatProblem(note))).toEqual([
      "clusters/prod/flux-instance.yaml waits for the client ids of aks-prod-flux-source-controller and aks-prod-flux-image-automation-controller: no outputs are recorded for 'prod'\n  → Run `pulumi up --stack prod`, then `npx k8s-gitops outputs record --env prod` (docs/azure.md).",
      expect.stringMatching(/^platform.lock.yaml 2 digests are unresolved: image flux-operator, chart flux-operator\n/),
    ]);
  });

  it('expects files of every environment', () => {
    const folder = synthesizedFolder();
    fs.rmSync(path.join(folder, 'clusters/prod'), { recursive: true });
    expect(problemsOf(folder)).toEqual(["clusters/prod has no files, although platform.yaml has the environment 'prod'"]);
    expect(problemsOf(folder, ['dev'])).toEqual([]);
    fs.rmSync(path.join(folder, 'clusters'), { recursive: true });
    expect(problemsOf(folder)).toHaveLength(2);
  });

  it('looks at every item of a List, with its own place', () => {
    const folder = synthesizedFolder();
    writeFile(
      folder,
      'clusters/dev/list.yaml',
      `apiVersion: v1\nkind: List\nitems:\n  - apiVersion: v1\n    kind: ConfigMap\n    metadata: { name: a, namespace: b }\n  - apiVersion: v1\n    kind: ConfigMap\n    metadata: { name: a, namespace: b }\n    dota: {}\n`,
    );
    expect(problemsOf(folder)).toEqual([
      "clusters/dev/list.yaml:9:23 ConfigMap 'b/a' is declared twice in dev, first at clusters/dev/list.yaml:6:23",
      "clusters/dev/list.yaml:10:5 ConfigMap: unknown field 'dota'",
    ]);
  });

  it('takes null for "not set" where the API server does', () => {
    const folder = synthesizedFolder();
    writeFile(
      folder,
      'clusters/dev/nulls.yaml',
      'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a, namespace: b, creationTimestamp: null, labels: null }\ndata:\n',
    );
    edit(folder, SHOP, 'spec:\n', 'spec:\n  timeout: null\n');
    // timeout of a GitRepository has a default, prune of a Kustomization has none.
    expect(problemsOf(folder)).toEqual([]);
    edit(folder, SHOP, 'prune: true', 'prune: null');
    expect(problemsOf(folder)).toEqual([expect.stringContaining("'spec.prune' is empty, expected boolean")]);
  });

  it('checks labels, annotations, keys of data and names as the API server does', () => {
    const folder = synthesizedFolder();
    writeFile(
      folder,
      'clusters/dev/names.yaml',
      'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n  namespace: b\n  labels: { "a b": c, ok: "c d" }\n  annotations: { "x/y/z": "" }\ndata: { "k k": v }\n---\napiVersion: v1\nkind: Namespace\nmetadata: { name: a.b }\n---\napiVersion: v1\nkind: Secret\nmetadata: { name: s, namespace: B }\n',
    );
    expect(problemsOf(folder)).toEqual([
      "clusters/dev/names.yaml:6:13 ConfigMap: 'a b' is not a valid key of 'labels'",
      "clusters/dev/names.yaml:6:23 ConfigMap: the label 'ok' has the value 'c d'",
      "clusters/dev/names.yaml:7:18 ConfigMap: 'x/y/z' is not a valid key of 'annotations'",
      "clusters/dev/names.yaml:8:9 ConfigMap: 'k k' is not a valid key of 'data'",
      "clusters/dev/names.yaml:12:19 Namespace: 'metadata.name' 'a.b' is not a valid object name",
      "clusters/dev/names.yaml:16:22 Secret: 's' has 'B', which is not a valid namespace",
    ]);
  });

  it('tells apart what has the same name but another group or namespace, and not what has another version', () => {
    const folder = synthesizedFolder();
    const networkPolicy = (namespace: string): string =>
      `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: a, namespace: ${namespace} }\nspec: { podSelector: {} }\n`;
    writeFile(folder, 'clusters/dev/one.yaml', networkPolicy('b'));
    writeFile(folder, 'clusters/dev/two.yaml', networkPolicy('c'));
    const kustomization = 'apiVersion: example.com/v1\nkind: Kustomization\nmetadata: { name: shop, namespace: flux-system }\n';
    writeFile(folder, 'crds/kustomizations.yaml', definition('example.com', 'Kustomization', '{ type: object }', ['v1', 'v2']));
    writeFile(folder, 'clusters/dev/three.yaml', kustomization);
    expect(problemsOf(folder)).toEqual([]);
    writeFile(folder, 'clusters/dev/zfour.yaml', kustomization.replace('/v1', '/v2'));
    expect(problemsOf(folder)).toEqual([expect.stringContaining("Kustomization 'flux-system/shop' is declared twice in dev")]);
  });

  const widget = 'apiVersion: example.com/v1\nkind: Widget\nmetadata: { name: w, namespace: b }\n';

  function definition(group: string, kind: string, schema: string, versions: readonly string[] = ['v1']): string {
    const version = (name: string): string =>
      `    - { name: ${name}, served: true, storage: ${String(name === 'v1')}, schema: { openAPIV3Schema: ${schema} } }\n`;
    return `apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: { name: ${kind.toLowerCase()}s.${group} }\nspec:\n  group: ${group}\n  names: { kind: ${kind}, plural: ${kind.toLowerCase()}s }\n  scope: Namespaced\n  versions:\n${versions.map(version).join('')}`;
  }

  const rules: readonly [what: string, schema: string, valid: string, invalid: string][] = [
    ['rules of list items', "{ type: array, items: { type: object, properties: { count: { type: integer } }, x-kubernetes-validations: [{ rule: self.count > 1 }] } }", '[{ count: 2 }]', '[{ count: 2 }, { count: 1 }]'],
    ['rules of entries of a mapping', "{ type: object, additionalProperties: { type: string, x-kubernetes-validations: [{ rule: size(self) > 1 }] } }", '{ a: bb }', '{ a: b }'],
    ['integers in rules', "{ type: object, properties: { count: { type: integer } }, x-kubernetes-validations: [{ rule: self.count % 2 == 0 }] }", '{ count: 4 }', '{ count: 3 }'],
    ['defaults before rules', "{ type: object, properties: { p: { type: string, default: x }, q: { type: string } }, x-kubernetes-validations: [{ rule: self.p == 'x' }] }", '{ q: a }', '{ p: y }'],
    ['rules that fail to evaluate', "{ type: object, properties: { p: { type: string } }, x-kubernetes-validations: [{ rule: self.p == 'x' }] }", '{ p: x }', '{}'],
    ['int-or-string', '{ x-kubernetes-int-or-string: true }', '80', '{}'],
    ['unknown fields where they are kept', '{ type: object, x-kubernetes-preserve-unknown-fields: true, properties: { p: { type: string } } }', '{ q: 1 }', '{ p: 1 }'],
    ["Go's durations", '{ type: string, format: duration }', '1h30m', 'PT5M'],
    ["Go's regular expressions", "{ type: string, pattern: '(?i)^[a-z]+$' }", 'ABC', 'a1'],
    ['sets', '{ type: array, items: { type: string }, x-kubernetes-list-type: set }', '[a, b]', '[a, a]'],
    ['rules about a change, which do not count on creation', "{ type: string, x-kubernetes-validations: [{ rule: self == oldSelf }] }", 'a', '1'],
    ['exclusive bounds', '{ type: number, minimum: 0, exclusiveMinimum: true, maximum: 9, exclusiveMaximum: false }', '9', '0'],
    ['lists that are maps', '{ type: array, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [name], items: { type: object, properties: { name: { type: string } } } }', '[{ name: a }, { name: b }]', '[{ name: a }, { name: a }]'],
    ['choices, in one message', '{ type: object, properties: { a: { type: string }, b: { type: string } }, oneOf: [{ required: [a] }, { required: [b] }] }', '{ a: x }', '{}'],
    ['choices that exclude each other', '{ type: object, properties: { a: { type: string }, b: { type: string } }, oneOf: [{ required: [a] }, { required: [b] }] }', '{ b: x }', '{ a: x, b: x }'],
    ['forbidden forms', '{ type: object, properties: { a: { type: string }, b: { type: string } }, not: { required: [a, b] } }', '{ a: x }', '{ a: x, b: x }'],
    ['nullable fields', '{ type: object, properties: { p: { type: string, nullable: true } } }', '{ p: null }', '{ p: 1 }'],
  ]; // prettier-ignore

  it.each(rules)('checks %s of a custom resource', (_what, schema, valid, invalid) => {
    const folder = synthesizedFolder();
    writeFile(
      folder,
      'crds/widgets.yaml',
      definition('example.com', 'Widget', `{ type: object, properties: { spec: ${schema} } }`),
    );
    writeFile(folder, 'clusters/dev/widget.yaml', `${widget}spec: ${valid}\n`);
    expect(problemsOf(folder)).toEqual([]);
    writeFile(folder, 'clusters/dev/widget.yaml', `${widget}spec: ${invalid}\n`);
    expect(problemsOf(folder)).toHaveLength(1);
  });

  it('expects metadata of a custom resource', () => {
    const folder = synthesizedFolder();
    writeFile(folder, 'crds/widgets.yaml', definition('example.com', 'Widget', '{ type: object }'));
    writeFile(folder, 'clusters/dev/widget.yaml', 'apiVersion: example.com/v1\nkind: Widget\n');
    expect(problemsOf(folder)).toEqual(["clusters/dev/widget.yaml:1:1 Widget: 'metadata' is missing"]);
  });

  it('says of a pattern that JavaScript cannot express', () => {
    const folder = synthesizedFolder();
    writeFile(
      folder,
      'crds/widgets.yaml',
      definition('example.com', 'Widget', "{ type: object, properties: { spec: { type: string, pattern: '\\\\pN(?P<x>a)' } } }"),
    );
    writeFile(folder, 'clusters/dev/widget.yaml', `${widget}spec: a\n`);
    const { problems, notes } = validate(loadPlatform(folder));
    expect(problems).toEqual([]);
    expect(notes.map(({ message }) => message)).toContainEqual(expect.stringContaining('could not be evaluated here'));
  });

  it.each([
    [
      'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: { name: x }\nspec: { group: a.b, scope: Namespaced, versions: [] }\n',
      "'spec.names' is missing",
    ],
    ['apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: { name: x }\n', "'spec' is missing"],
    ['hello\n', 'is not a CustomResourceDefinition, and crds/ holds nothing else'],
    [CONFIG_MAP, 'is not a CustomResourceDefinition, and crds/ holds nothing else'],
  ])('refuses what is no definition in crds/: %j', (content, message) => {
    const folder = synthesizedFolder();
    writeFile(folder, 'crds/x.yaml', content);
    expect(problemsOf(folder)).toEqual([expect.stringContaining(message)]);
  });

  it('names the object whose definition cannot be used', () => {
    const folder = synthesizedFolder();
    writeFile(
      folder,
      'crds/widgets.yaml',
      definition('example.com', 'Widget', '{ type: object, properties: { spec: { type: strng } } }'),
    );
    writeFile(folder, 'clusters/dev/widget.yaml', `${widget}spec: a\n`);
    expect(problemsOf(folder)).toEqual([
      expect.stringMatching(/^clusters\/dev\/widget.yaml:2:7 the schema of Widget cannot be used: /),
    ]);
  });

  it('reads texts that YAML 1.1 knows as dates and times as texts, as Kubernetes does', () => {
    const folder = synthesizedFolder();
    writeFile(folder, 'clusters/dev/dates.yaml', `${CONFIG_MAP}data: { date: 2026-10-05, time: 12:30:00 }\n`);
    expect(problemsOf(folder)).toEqual([]);
  });

  it.each(['kustomization.yaml', 'kustomization.yml', 'Kustomization'])(
    'refuses %s that would hide the generated files, and notes it elsewhere',
    (name) => {
      const folder = synthesizedFolder();
      writeFile(folder, `clusters/dev/systems/sub/${name}`, 'resources: []\n');
      expect(problemsOf(folder)).toEqual([]);
      expect(validate(loadPlatform(folder)).notes.map(({ location }) => location.file)).toContain(
        `clusters/dev/systems/sub/${name}`,
      );
      writeFile(folder, `clusters/dev/systems/${name}`, 'resources: []\n');
      expect(problemsOf(folder)).toEqual([
        expect.stringContaining(`clusters/dev/systems/${name} is a kustomization, with which Flux would apply only`),
      ]);
    },
  );

  it('tells conflict markers for what they are', () => {
    const folder = synthesizedFolder();
    edit(folder, SHOP, '  prune: true', '<<<<<<< HEAD\n  prune: true\n=======\n  prune: false\n>>>>>>> other');
    expect(problemsOf(folder)).toEqual([`${SHOP}:40:1 has conflict markers of a Git merge`]);
  });

  it('notes objects of a system that the model does not have', () => {
    const folder = synthesizedFolder();
    edit(folder, SHOP, '# Generated', '# Kept');
    fs.rmSync(path.join(folder, 'systems/shop.yaml'));
    const { notes } = validate(loadPlatform(folder));
    expect(notes.filter(({ location }) => location.file === SHOP).map(({ message }) => message)).toEqual([
      "belongs to system 'shop', which the model does not have in this environment",
      "belongs to system 'shop', which the model does not have in this environment",
    ]);
  });

  it('has nothing to say about what Kubernetes fills in, names as it likes, or reads as text', () => {
    const folder = synthesizedFolder();
    const objects = [
      'apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: { name: "Team Shop:a_b", namespace: b }\nroleRef: { kind: Role, name: r }\nsubjects: [{ kind: Group, name: g }]\n',
      'apiVersion: batch/v1\nkind: Job\nmetadata: { name: a, namespace: b }\nspec:\n  podFailurePolicy: { rules: [{ action: Ignore, onPodConditions: [{ type: DisruptionTarget }] }] }\n  template: { spec: { restartPolicy: Never, containers: [{ name: c, image: x/y:1 }] } }\n',
      'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a, namespace: y }\ndata: { n: x, on: z, y: on, q: yes, no: n, off: o }\n',
      'apiVersion: node.k8s.io/v1\nkind: RuntimeClass\nmetadata: { name: r }\nhandler: h\n',
      'apiVersion: apiregistration.k8s.io/v1\nkind: APIService\nmetadata: { name: v1.metrics }\nspec: { group: metrics, version: v1, groupPriorityMinimum: 1, versionPriority: 1 }\n',
      'apiVersion: autoscaling/v1\nkind: HorizontalPodAutoscaler\nmetadata: { name: a, namespace: b }\nspec: { maxReplicas: 3, scaleTargetRef: { kind: Deployment, name: d } }\n',
    ];
    writeFile(folder, 'clusters/dev/fine.yaml', objects.join('---\n'));
    expect(problemsOf(folder)).toEqual([]);
    writeFile(
      folder,
      'clusters/dev/fine.yaml',
      'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: "a:b", namespace: b }\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: a..b, namespace: b }\n',
    );
    expect(problemsOf(folder)).toHaveLength(2);
  });

  it('refuses a key that stands twice, and reads tens of thousands of keys', () => {
    const folder = synthesizedFolder();
    writeFile(folder, 'clusters/dev/keys.yaml', `${CONFIG_MAP}data: { a: b, a: c }\n`);
    expect(problemsOf(folder)).toEqual(['clusters/dev/keys.yaml:4:15 the same key stands twice in one mapping']);
    writeFile(
      folder,
      'clusters/dev/keys.yaml',
      `${CONFIG_MAP}data: { ${Array.from({ length: 60_000 }, (_, index) => `k${index}: v`).join(', ')} }\n`,
    );
    expect(problemsOf(folder)).toEqual([]);
  });
});
