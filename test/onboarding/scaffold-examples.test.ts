import * as fs from 'node:fs';
import * as path from 'node:path';
import { parse } from 'yaml';
import { appValues, SKU_NAMES } from '../../src/model';
import { readFile, REPOSITORY, snapshotFolder } from '../support/platform-folder';
import { fixturePlatform, repositoriesOf } from './every-system';

const platform = fixturePlatform('example');
const EXAMPLES = fs.readdirSync(path.join(REPOSITORY, 'examples')).sort();

function scaffolded(name: string): ReadonlyMap<string, { readonly content: string; readonly editedBy: string }> {
  const system = platform.systems.find((candidate) => candidate.name === name)!;
  const [files] = repositoriesOf(platform, system).values();
  return new Map(files!.map((file) => [file.path, file]));
}

interface Release {
  readonly spec: { readonly values: Readonly<Record<string, unknown>> };
}

describe('the example repositories', () => {
  it('are of each pattern, and of both owners of a release', () => {
    expect(EXAMPLES).toEqual(['ingress-nginx', 'monitoring-crds', 'payments', 'web-shop']);
  });

  it.each(EXAMPLES)('%s is what `system scaffold` makes, filled in by its team', (name) => {
    const there = snapshotFolder(path.join(REPOSITORY, 'examples', name));
    for (const [file, { content, editedBy }] of scaffolded(name)) {
      if (editedBy === 'nobody') expect({ file, content: there[file] }).toEqual({ file, content });
    }
  });

  it.each(['experimental', 'dev', 'prod'])(
    'payments keeps what is not its own in %s, and has values that the chart takes',
    (environment) => {
      const file = `environments/${environment}/flux/helmrelease.yaml`;
      const own = readFile(REPOSITORY, `examples/payments/${file}`);
      const made = scaffolded('payments').get(file)!.content;
      const head = (content: string): string => content.slice(0, content.indexOf('  values:\n'));
      expect(head(own)).toBe(head(made));
      expect(own.match(/^ *tag: \S+ # set by the pipeline$/gm)).toHaveLength(1);
      const [values, before] = [own, made].map((content) => (parse(content) as Release).spec.values);
      for (const fact of ['sku', 'aadGroupId']) expect(values![fact]).toBe(before![fact]);
      const filled = parse(
        own
          .slice(own.indexOf('  values:\n'))
          .replaceAll('${sku}', SKU_NAMES[1]!)
          .replaceAll('${aadGroupId}', '3f0c8f1e-5a7b-4c52-9d0e-2b6a1c9d4e01')
          .replaceAll('${registry}', 'myorgprod.azurecr.io'),
      ) as { values: unknown };
      expect(appValues.safeParse(filled.values).error?.issues).toBeUndefined();
    },
  );

  it('ingress-nginx takes its image from the registry of each environment', () => {
    for (const { name, registry } of platform.environments) {
      const values = parse(readFile(REPOSITORY, `examples/ingress-nginx/environments/${name}/values.yaml`)) as { image: unknown };
      expect(values.image).toEqual({ repository: `${registry.loginServer}/ingress-nginx/controller`, tag: 'v1.13.1' });
    }
  });

  it('hold no variable that Flux does not know', () => {
    for (const name of EXAMPLES) {
      for (const [file, content] of Object.entries(snapshotFolder(path.join(REPOSITORY, 'examples', name)))) {
        if (!file.includes('/flux/')) continue;
        for (const [, variable] of content.matchAll(/(?<!\$)\$\{(\w+)\}/g))
          expect(['sku', 'aadGroupId', 'registry', 'environment']).toContain(variable);
      }
    }
  });
});
