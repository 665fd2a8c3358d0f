import * as fs from 'node:fs';
import * as path from 'node:path';
import { parse, stringify } from 'yaml';
import { type LockFile } from '../../../src/model';
import { platformFolder, readFile, temporaryFolder, writeFile } from '../../support/platform-folder';
import { runCli, type CliResult, type CliSurroundings } from '../../support/run-cli';
import { pushImage, type PushedImage } from './image-layout';
import { startRegistry, type Registry } from './registry';
import { standInTrivy, type Answers, type StandInTrivy } from './stand-in-trivy';
import { tool, toolsFolder } from './tools';

/** A pair of key files of cosign; the password is empty. */
export interface KeyPair {
  readonly key: string;
  readonly publicKey: string;
}

const PASSWORD = 'a-password-for-tests';

/** Environment of cosign for the keys of these tests. */
export const KEY_ENVIRONMENT = { COSIGN_PASSWORD: PASSWORD };

/** Makes a pair of keys. */
export async function generateKeys(): Promise<KeyPair> {
  const directory = temporaryFolder();
  await tool('cosign', ['generate-key-pair'], { environment: KEY_ENVIRONMENT, directory });
  return { key: path.join(directory, 'cosign.key'), publicKey: path.join(directory, 'cosign.pub') };
}

/** Everything that a release needs, on this machine: published images and a chart, signed by their publisher; an empty private registry. */
export interface SupplyChain {
  readonly folder: string;
  readonly upstream: Registry;
  readonly registry: Registry;
  readonly publisher: KeyPair;
  readonly platform: KeyPair;
  readonly applications: KeyPair;
  readonly images: ReadonlyMap<string, PushedImage>;
  /** Digest of the operator's chart. */
  readonly chart: string;
  readonly trivy: StandInTrivy;
  /** Runs a command line on the platform. */
  run(args: readonly string[], surroundings?: CliSurroundings & { readonly path?: string }): Promise<CliResult>;
  /** Runs `images release` with the platform's key. */
  release(args?: readonly string[], surroundings?: CliSurroundings & { readonly path?: string }): Promise<CliResult>;
}

/** The options by which a command line accepts public keys, and signs with the first pair where it is told to. */
export const keyOptions = (accepted: readonly KeyPair[], { sign = false } = {}): readonly string[] => [
  ...(sign ? ['--key', accepted[0]!.key] : []),
  ...accepted.flatMap(({ publicKey }) => ['--public-key', publicKey]),
];

const PUBLISHED_AT = 'published';

/** Signs as publishers do. */
export const signAs = (keys: KeyPair, reference: string): Promise<string> =>
  tool('cosign', ['sign', '--key', keys.key, '--tlog-upload=false', '--allow-http-registry', '--yes', reference], {
    environment: KEY_ENVIRONMENT,
  });

/** Puts the base platform's images, the operator's chart and redis into an upstream registry, and the platform's lock in line with them. */
export async function supplyChain(answers: Answers = {}): Promise<SupplyChain> {
  const [upstream, registry, publisher, platform, applications] = await Promise.all([
    startRegistry(),
    startRegistry(),
    generateKeys(),
    generateKeys(),
    generateKeys(),
  ]);
  const folder = platformFolder();
  const lock = parse(readFile(folder, 'platform.lock.yaml')) as LockFile;
  const publicKey = fs.readFileSync(publisher.publicKey, 'utf8');
  lock.images['docker.io/library/redis:7.4.1'] = {
    upstream: 'docker.io/library/redis',
    tag: '7.4.1',
    digest: 'unresolved',
    target: 'library/redis',
    signer: 'none',
  };
  const images = new Map<string, PushedImage>();
  for (const [name, image] of Object.entries(lock.images)) {
    const reference = `${upstream.host}/${PUBLISHED_AT}${image.upstream.slice(image.upstream.indexOf('/'))}`;
    const pushed = await pushImage(`${reference}:${image.tag}`, name);
    images.set(name, pushed);
    image.digest = pushed.digest;
    if (image.signer === 'none' && name.includes('redis')) continue;
    image.signer = { publicKey };
    await signAs(publisher, `${reference}@${pushed.digest}`);
  }
  const chart = lock.charts['flux-operator']!;
  chart.digest = await pushChart(`${upstream.host}/${PUBLISHED_AT}/controlplaneio-fluxcd/charts`, chart.tag);
  chart.signer = { publicKey };
  await signAs(publisher, `${upstream.host}/${PUBLISHED_AT}/controlplaneio-fluxcd/charts/flux-operator@${chart.digest}`);
  writeFile(folder, 'platform.lock.yaml', stringify(lock));
  writeFile(folder, 'systems/cache.yaml', 'pattern: A\nteam: platform\nmirror: ["docker.io/library/redis:7.4.1"]\n');
  pointAt(folder, { upstream: upstream.host, registry: registry.host });
  const trivy = standInTrivy(answers);
  const run: SupplyChain['run'] = (args, { path: folders = trivy.folder, environment, ...rest } = {}) =>
    runCli([...args, '--dir', folder], {
      environment: { ...KEY_ENVIRONMENT, HOME: folder, PATH: `${folders}${path.delimiter}${toolsFolder()}`, ...environment },
      ...rest,
    });
  return {
    folder,
    upstream,
    registry,
    publisher,
    platform,
    applications,
    images,
    chart: chart.digest,
    trivy,
    run,
    release: (args = [], surroundings) =>
      run(
        ['images', 'release', '--env', 'dev', '--key', platform.key, '--public-key', platform.publicKey, ...args],
        surroundings,
      ),
  };
}

/** Says in platform.yaml where upstream and the private registry of `dev` are. */
export function pointAt(folder: string, { upstream, registry }: { readonly upstream: string; readonly registry: string }): void {
  const platform = parse(readFile(folder, 'platform.yaml')) as {
    supplyChain?: object;
    environments: Record<string, { registry: object }>;
  };
  platform.environments['dev']!.registry = { name: 'myorgdev', loginServer: registry };
  const at = `${upstream}/${PUBLISHED_AT}`;
  platform.supplyChain = { ...platform.supplyChain, registries: { 'ghcr.io': at, 'docker.io': at } };
  writeFile(folder, 'platform.yaml', stringify(platform));
}

/** Packages and pushes a chart with helm. */
export async function pushChart(repository: string, version: string): Promise<string> {
  const directory = temporaryFolder();
  writeFile(directory, 'flux-operator/Chart.yaml', `apiVersion: v2\nname: flux-operator\nversion: ${version}\n`);
  writeFile(directory, 'flux-operator/templates/configmap.yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: test }\n');
  await tool('helm', ['package', 'flux-operator'], { directory });
  await tool('helm', ['push', `flux-operator-${version}.tgz`, `oci://${repository}`, '--plain-http'], { directory });
  return (await tool('crane', ['digest', `${repository}/flux-operator:${version}`])).trim();
}
