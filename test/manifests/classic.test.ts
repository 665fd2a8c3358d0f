import { parse, parseAllDocuments } from 'yaml';
import { synthesize, writeClusters } from '../../manifests';
import { formatProblem } from '../../src/model';
import { validate } from '../../src/validation';
import { loadPlatform } from '../support/load-platform';
import { FIXTURES, readFile, wholePlatformFolder } from '../support/platform-folder';
import { missingFrom } from '../support/subset';

/** Files written by hand, that say what the classic platform is; see their README.md. */
const EXPECTED = ['flux-instance.yaml', 'flux-operator-values.yaml', 'systems/payments.yaml'];

interface Patch {
  readonly patch: string;
}
interface Instance {
  readonly spec?: { readonly kustomize?: { readonly patches?: Patch[] } };
}

/** Documents with the patches of a FluxInstance as values, because only their meaning counts. */
function documentsOf(source: string): unknown[] {
  return parseAllDocuments(source).map((document) => {
    const object = document.toJS() as Instance;
    const patches = object.spec?.kustomize?.patches;
    return patches === undefined
      ? object
      : {
          ...object,
          spec: {
            ...object.spec,
            kustomize: { patches: patches.map((entry) => ({ ...entry, patch: parse(entry.patch) as unknown })) },
          },
        };
  });
}

const platform = loadPlatform(wholePlatformFolder('classic'));
const synthesized = synthesize(platform);
const generated = new Map(synthesized.flatMap(({ files }) => files).map(({ path, content }) => [path, documentsOf(content)]));

/** What the generated file lacks of the expected documents: each has to be found whole in one generated document. */
function lacking(file: string, expected: readonly unknown[]): readonly string[] {
  const actual = generated.get(`clusters/dev/${file}`)!;
  return expected.flatMap((document, index) => {
    const kind = (document as { kind?: string }).kind;
    const counterpart = actual.find((candidate) => (candidate as { kind?: string }).kind === kind);
    return missingFrom(counterpart, document, `${file}#${index}`);
  });
}

/** Every way to change one value, so that a comparison which overlooks it is caught. */
function mutations(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) {
    const list: readonly unknown[] = value;
    const shorter = list.map((_, index) => list.filter((__, other) => other !== index));
    const changed = list.flatMap((entry, index) => mutations(entry).map((mutated) => list.with(index, mutated)));
    return [...(list.some((entry) => typeof entry === 'object') ? [] : shorter), ...changed];
  }
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([key, child]) => mutations(child).map((mutated) => ({ ...value, [key]: mutated })));
  }
  if (typeof value === 'boolean') return [!value];
  return [`${String(value)}x`];
}

describe('the classic platform', () => {
  it.each(EXPECTED)('%s holds what was written by hand', (file) => {
    expect(lacking(file, documentsOf(readFile(`${FIXTURES}/classic/expected`, file)))).toEqual([]);
  });

  it.each(EXPECTED)('%s: any other value in what was written by hand is noticed', (file) => {
    const expected = documentsOf(readFile(`${FIXTURES}/classic/expected`, file));
    const mutated = mutations(expected) as readonly (readonly unknown[])[];
    expect(mutated.length).toBeGreaterThan(1);
    expect(mutated.filter((documents) => lacking(file, documents).length === 0)).toEqual([]);
  });

  it('shares the registry of dev with experimental, and none with prod', () => {
    const registryOf = (environment: string): unknown =>
      (generated.get(`clusters/${environment}/flux-instance.yaml`)![0] as { spec: { distribution: { registry: string } } }).spec
        .distribution.registry;
    expect(['experimental', 'dev', 'prod'].map(registryOf)).toEqual([
      'myacrdev.azurecr.io/fluxcd',
      'myacrdev.azurecr.io/fluxcd',
      'myacrprod.azurecr.io/fluxcd',
    ]);
  });

  it('is valid by the schemas of its own Flux version', () => {
    expect(writeClusters(platform, synthesized).problems).toEqual([]);
    const { problems, notes } = validate(platform);
    expect(problems.map(formatProblem)).toEqual([]);
    expect(notes.map(({ message }) => message)).toContain(
      'there are no schemas for the Flux Operator 0.45.1, so those of 0.59.0 were used',
    );
  });

  it('names the service connections as before', () => {
    const connections = platform.environments.map(({ names }) => [
      names.registryServiceConnection,
      names.signingServiceConnection,
    ]);
    expect(connections).toEqual([
      ['acr-dev-sc', 'image-signing-dev-sc'],
      ['acr-dev-sc', 'image-signing-dev-sc'],
      ['acr-prod-sc', 'image-signing-prod-sc'],
    ]);
  });
});
