import * as fs from 'node:fs';
import * as path from 'node:path';
import { parseAllDocuments } from 'yaml';
import { runCli } from './support/run-cli';
import { readFile, REPOSITORY } from './support/platform-folder';

const pages = ['README.md', ...fs.readdirSync(path.join(REPOSITORY, 'docs')).map((page) => `docs/${page}`)];

/** The code blocks of a page in one language. */
function blocks(page: string, language: string): readonly string[] {
  return [...readFile(REPOSITORY, page).matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map(
    ([, block]) => block!,
  );
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
    const named = new Set(
      [...readme.matchAll(/npx k8s-gitops ((?:system |images |tools )?[a-z]+)/g)].map(([, command]) => command!),
    );
    expect([...named].sort()).toEqual([
      'doctor',
      'images databases',
      'images list',
      'images release',
      'images sign',
      'images verify',
      'synth',
      'system list',
      'tools install',
      'tools lock',
      'tools verify',
      'upgrade',
      'validate',
    ]);
    for (const command of named) expect((await runCli([...command.split(' '), '--help'])).code).toBe(0);
    const scripts = (JSON.parse(readFile(REPOSITORY, 'package.json')) as { scripts: object }).scripts;
    for (const [, script] of readme.matchAll(/npm run ([a-z0-9:]+)/g)) expect(Object.keys(scripts)).toContain(script);
  });
});
