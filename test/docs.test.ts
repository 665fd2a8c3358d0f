import * as fs from 'node:fs';
import * as path from 'node:path';
import { parseAllDocuments } from 'yaml';
import { runCli } from './support/run-cli';
import { readFile, REPOSITORY } from './support/platform-folder';
import { PIPELINE_ROLES } from '../infra/azure/pipeline-roles';
import { ROLES } from '../infra/azure/roles';
import { policies, policyFacts } from '../infra/policy/index';
import { loadPlatform } from './support/load-platform';

const pages = ['README.md', ...fs.readdirSync(path.join(REPOSITORY, 'docs')).map((page) => `docs/${page}`)];

/** The code blocks of a page in one language. */
function blocks(page: string, language: string): readonly string[] {
  return [...readFile(REPOSITORY, page).matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map(
    ([, block]) => block!,
  );
}

/** The commands of `k8s-gitops` that a page names. */
function commandsIn(page: string): readonly string[] {
  const words = /npx k8s-gitops ((?:(?:system|images|tools|outputs|state) )?[a-z]+(?:-[a-z]+)*)/g;
  return [...readFile(REPOSITORY, page).matchAll(words)].map(([, command]) => command!);
}

describe('the documentation', () => {
  it.each(pages)('%s shows only valid YAML', (page) => {
    for (const block of blocks(page, 'yaml')) {
      expect(parseAllDocuments(block).flatMap((document) => document.errors.map(({ message }) => message))).toEqual([]);
    }
  });

  it.each(pages)('%s links only to what is there', (page) => {
    const targets = [...readFile(REPOSITORY, page).matchAll(/\]\(((?!https?:)[^)#]+)/g)].map(([, target]) => target!);
    expect(targets.filter((target) => !fs.existsSync(path.join(REPOSITORY, path.dirname(page), target)))).toEqual([]);
  });

  it('names every command, and no command that does not exist', async () => {
    const readme = readFile(REPOSITORY, 'README.md');
    expect([...new Set(commandsIn('README.md'))].sort()).toEqual([
      'doctor',
      'images databases',
      'images list',
      'images public-key',
      'images release',
      'images sign',
      'images verify',
      'outputs record',
      'plan',
      'preflight',
      'state bootstrap',
      'synth',
      'system accepted-findings',
      'system add',
      'system authorize',
      'system list',
      'system remove',
      'system scaffold',
      'system set-version',
      'system show',
      'system skus',
      'tools install',
      'tools lock',
      'tools verify',
      'upgrade',
      'validate',
    ]);
    for (const command of new Set(pages.flatMap(commandsIn))) {
      expect([command, (await runCli([...command.split(' '), '--help'])).code]).toEqual([command, 0]);
    }
    const scripts = (JSON.parse(readFile(REPOSITORY, 'package.json')) as { scripts: object }).scripts;
    for (const [, script] of readme.matchAll(/npm run ([a-z0-9:]+)/g)) expect(Object.keys(scripts)).toContain(script);
  });

  it('tells every key of the configuration of a stack, and no key that does not exist', () => {
    const told = new Set(
      [...readFile(REPOSITORY, 'docs/azure.md').matchAll(/^\| `((?:azure-native|k8s-gitops):[^`]+)` /gm)].map(([, key]) => key!),
    );
    const schema = JSON.parse(readFile(REPOSITORY, 'schemas/stack-config.schema.json')) as {
      readonly properties: { readonly config: { readonly properties: object } };
    };
    const keys = Object.keys(schema.properties.config.properties).filter((key) => !key.startsWith('pulumi:'));
    expect([...told].filter((key) => !/:.*:/.test(key)).sort()).toEqual(keys.sort());
  });

  it('tells every key of the configuration of the stack organization, and no key that does not exist', () => {
    const page = readFile(REPOSITORY, 'docs/organization.md');
    const told = new Set([...page.matchAll(/`((?:azuredevops|k8s-gitops):[a-zA-Z]+)`/g)].map(([, key]) => key!));
    const schema = JSON.parse(readFile(REPOSITORY, 'schemas/organization-config.schema.json')) as {
      readonly properties: { readonly config: { readonly properties: object } };
    };
    const keys = Object.keys(schema.properties.config.properties);
    const own = keys.filter((key) => /^(azuredevops|k8s-gitops):/.test(key));
    // Keys of an environment's stack are named too.
    const others = ['k8s-gitops:access', 'k8s-gitops:dryRunPrincipalId'];
    expect([...told].filter((key) => !others.includes(key)).sort()).toEqual(own.sort());
  });

  it('tells every policy, and none that does not exist', () => {
    const page = readFile(REPOSITORY, 'docs/organization.md');
    const table = page.slice(page.indexOf('## Policies'), page.indexOf('## What a plan does not see'));
    const rows = [...table.matchAll(/^\| (`[^|]*) \|/gm)].map(([, cell]) => cell!);
    const told = rows.flatMap((cell) => [...cell.matchAll(/`([a-z-]+)`/g)].map(([, name]) => name!));
    expect(told.sort()).toEqual(
      policies(policyFacts(loadPlatform(REPOSITORY)))
        .map(({ name }) => name)
        .sort(),
    );
  });

  it('tells every role of the platform pipeline', () => {
    const page = readFile(REPOSITORY, 'docs/organization.md');
    const table = page.slice(page.indexOf('### Roles of the platform pipeline'), page.indexOf('### The condition'));
    for (const { name } of Object.values(PIPELINE_ROLES)) expect(table).toMatch(new RegExp(`^\\| ${name} +\\|`, 'm'));
  });

  it('tells every role that a stack assigns', () => {
    const page = readFile(REPOSITORY, 'docs/azure.md');
    const table = page.slice(page.indexOf('## What each identity may do'), page.indexOf('## The order of stacks'));
    for (const { name } of Object.values(ROLES)) expect(table).toMatch(new RegExp(`^\\| .*\\| ${name} +\\|`, 'm'));
  });
});
