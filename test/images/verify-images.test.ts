import { createHash, generateKeyPairSync } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { selectArtifacts, verifyImages } from '../../src/images';
import { loadPlatform } from '../support/load-platform';
import { edit, platformFolder, temporaryFolder, writeFile } from '../support/platform-folder';

const digestOf = (content: string): string => `sha256:${createHash('sha256').update(content).digest('hex')}`;

/** A crane that answers from a list, and a cosign that finds every signature good: what is hashed is hashed here alone. */
function standInTools(answers: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder();
  const script = (body: string): string => `#!${process.execPath}\n${body}`;
  const crane = script(`
    const answers = ${JSON.stringify(answers)};
    const [command, reference] = process.argv.slice(2);
    const answer = answers[command + ' ' + reference.slice(reference.indexOf('/') + 1)];
    if (answer === undefined) { console.error('MANIFEST_UNKNOWN: ' + reference); process.exitCode = 1; } else process.stdout.write(answer);
  `);
  const cosign = script(`if (process.argv[2] === 'version') console.log('{"gitVersion":"v2.6.5"}');`);
  fs.writeFileSync(path.join(folder, 'crane'), crane, { mode: 0o755 });
  fs.writeFileSync(path.join(folder, 'cosign'), cosign, { mode: 0o755 });
  return folder;
}

/** What verifying one image of the base platform says when the registry answers like this. */
async function verify(index: string, answers: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const folder = platformFolder();
  const locked = 'sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef';
  edit(folder, 'platform.lock.yaml', locked, digestOf(index));
  writeFile(
    folder,
    'key.pub',
    generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'pem', type: 'spki' }) as string,
  );
  const platform = loadPlatform(folder);
  const environment = platform.environments[0]!;
  const { artifacts } = selectArtifacts(platform, environment, ['source-controller']);
  const outcome = await verifyImages(platform, environment, artifacts, {
    environment: { PATH: standInTools(answers), HOME: folder },
    keys: { publicKeys: [path.join(folder, 'key.pub')] },
    signal: new AbortController().signal,
    today: new Date('2026-11-21T12:00:00Z'),
    tell: () => undefined,
  });
  if ('problems' in outcome) throw new Error(JSON.stringify(outcome.problems));
  return outcome.results[0]!.problems.map(({ message }) => message);
}

const config = '{"architecture":"amd64"}';
const layer = 'a layer';
const manifest = JSON.stringify({
  schemaVersion: 2,
  config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest: digestOf(config) },
  layers: [{ mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', digest: digestOf(layer) }],
});
const index = JSON.stringify({ schemaVersion: 2, manifests: [{ digest: digestOf(manifest) }] });
const at = (content: string): string => `fluxcd/source-controller@${digestOf(content)}`;
const right = {
  'manifest fluxcd/source-controller:v1.0.0': index,
  [`manifest ${at(manifest)}`]: manifest,
  [`blob ${at(config)}`]: config,
  [`blob ${at(layer)}`]: layer,
};

describe('verifying what a registry has', () => {
  it('finds nothing when every byte is right', async () => {
    expect(await verify(index, right)).toEqual([]);
  });

  it.each([
    ['the index', 'manifest fluxcd/source-controller:v1.0.0', index],
    ['a manifest', `manifest ${at(manifest)}`, manifest],
    ['a configuration', `blob ${at(config)}`, config],
    ['a layer', `blob ${at(layer)}`, layer],
  ])('hashes %s itself, whatever crane thinks of it', async (_what, request, content) => {
    const changed = `${content} `;
    expect(await verify(index, { ...right, [request]: changed })).toEqual([
      expect.stringContaining(`expected ${digestOf(content)}, found ${digestOf(changed)}`),
    ]);
  });

  it('does not pass over a manifest that cannot be read', async () => {
    const broken = '[]';
    const outer = JSON.stringify({ schemaVersion: 2, manifests: [{ digest: digestOf(broken) }] });
    const answers = { 'manifest fluxcd/source-controller:v1.0.0': outer, [`manifest ${at(broken)}`]: broken };
    expect(await verify(outer, answers)).toEqual([expect.stringContaining('is not a manifest that can be read')]);
  });

  it('tells what is missing', async () => {
    const rest = Object.fromEntries(Object.entries(right).filter(([request]) => request !== `blob ${at(layer)}`));
    expect(await verify(index, rest)).toEqual([expect.stringContaining('crane: MANIFEST_UNKNOWN')]);
  });
});
