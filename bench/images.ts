/**
 * `images release` against the bare crane, cosign and Trivy calls that it stands for, at the same concurrency, on loopback registries.
 *
 * Run it as `npm run bench:images`. Both take the same seven images and the chart from the same upstream registry into an empty one of their own, in
 * turns; printed are the medians and their ratio. Trivy is the recorded stand-in of the tests in both.
 */
import { execFile, execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { buildTools } from '../scripts/build-tools';

import { FLUX_COMPONENTS, OPERATOR } from '../src/model';
import { type PushedImage } from '../test/e2e/support/image-layout';
import { startRegistry } from '../test/e2e/support/registry';
import { KEY_ENVIRONMENT, pointAt, supplyChain, type SupplyChain } from '../test/e2e/support/supply-chain';
import { cleanUp } from '../test/support/cleanup';
import { REPOSITORY } from '../test/support/platform-folder';

const RUNS = 5;
const CONCURRENCY = 4;
const IMAGES = [OPERATOR, ...FLUX_COMPONENTS];

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

async function timed(work: () => Promise<void>): Promise<number> {
  const begin = performance.now();
  await work();
  return (performance.now() - begin) / 1000;
}

function run(executable: string, args: readonly string[], environment: NodeJS.ProcessEnv): Promise<void> {
  return new Promise((resolve, reject) => {
    execFile(executable, args, { env: environment, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      if (error === null) resolve();
      else reject(new Error(`${executable} failed: ${stdout}${stderr}`));
    });
  });
}

const environmentOf = (chain: SupplyChain): NodeJS.ProcessEnv => ({
  ...KEY_ENVIRONMENT,
  HOME: chain.folder,
  PATH: [chain.trivy.folder, process.env['K8S_GITOPS_E2E_TOOLS'], process.env['PATH']].join(path.delimiter),
});

function release(chain: SupplyChain): Promise<void> {
  const keys = ['--key', chain.platform.key, '--public-key', chain.platform.publicKey];
  const only = ['--only', ...IMAGES.flatMap((name, index) => (index === 0 ? [name] : ['--only', name]))];
  return run(
    process.execPath,
    [
      path.join(REPOSITORY, 'bin', 'k8s-gitops.js'),
      ...['images', 'release', '--env', 'dev', '--dir', chain.folder, '--concurrency', String(CONCURRENCY)],
      ...only,
      ...keys,
    ],
    environmentOf(chain),
  );
}

function trust(chain: SupplyChain): string {
  const root = path.join(chain.folder, 'trusted-root.json');
  fs.writeFileSync(root, '{"mediaType":"application/vnd.dev.sigstore.trustedroot+json;version=0.1"}');
  return `--insecure-ignore-tlog=true --offline --trusted-root ${root} --allow-http-registry`;
}

/** One line of shell for one image, as a pipeline without this project would have it. */
function bareCalls(chain: SupplyChain, registry: string, name: string, { digest }: PushedImage): string {
  const repository = name === 'flux-operator' ? 'controlplaneio-fluxcd/flux-operator' : `fluxcd/${name}`;
  const tag = name === 'flux-operator' ? 'v0.59.0' : 'v1.0.0';
  const from = `${chain.upstream.host}/published/${repository}@${digest}`;
  const to = `${registry}/${repository}`;
  const sbom = path.join(chain.folder, `${name}.sbom.json`);
  return [
    `cosign verify --key ${chain.publisher.publicKey} ${trust(chain)} ${from}`,
    `trivy image --format json --output ${path.join(chain.folder, `${name}.scan.json`)} ${from}`,
    `crane copy ${from} ${to}:${tag}`,
    `trivy image --format cyclonedx --output ${sbom} ${from}`,
    `cosign attest --key ${chain.platform.key} --tlog-upload=false --yes --type cyclonedx --predicate ${sbom} --allow-http-registry ${to}@${digest}`,
    `cosign sign --key ${chain.platform.key} --tlog-upload=false --yes --allow-http-registry ${to}@${digest}`,
    `cosign verify --key ${chain.platform.publicKey} ${trust(chain)} ${to}@${digest}`,
    `cosign verify-attestation --type cyclonedx --key ${chain.platform.publicKey} ${trust(chain)} ${to}@${digest}`,
  ].join(' && ');
}

/** The operator's chart: there is nothing to scan in it. */
function bareChartCalls(chain: SupplyChain, registry: string): string {
  const from = `${chain.upstream.host}/published/controlplaneio-fluxcd/charts/flux-operator@${chain.chart}`;
  const to = `${registry}/controlplaneio-fluxcd/charts/flux-operator`;
  return [
    `cosign verify --key ${chain.publisher.publicKey} ${trust(chain)} ${from}`,
    `crane copy ${from} ${to}:0.59.0`,
    `cosign sign --key ${chain.platform.key} --tlog-upload=false --yes --allow-http-registry ${to}@${chain.chart}`,
    `cosign verify --key ${chain.platform.publicKey} ${trust(chain)} ${to}@${chain.chart}`,
  ].join(' && ');
}

function bare(chain: SupplyChain, registry: string): Promise<void> {
  const lines = [
    ...IMAGES.map((name) => bareCalls(chain, registry, name, chain.images.get(name)!)),
    bareChartCalls(chain, registry),
  ];
  const script = path.join(chain.folder, 'bare.txt');
  fs.writeFileSync(script, lines.join('\n'));
  return run('sh', ['-c', `xargs -P ${CONCURRENCY} -I CALLS sh -c 'CALLS' < ${script} > /dev/null 2>&1`], environmentOf(chain));
}

async function main(): Promise<void> {
  process.env['K8S_GITOPS_E2E_TOOLS'] = buildTools(['cosign', 'crane', 'helm']);
  const chain = await supplyChain({ databaseUpdatedAt: new Date().toISOString() });
  const ours: number[] = [];
  const idle: number[] = [];
  const theirs: number[] = [];
  for (let index = 0; index < RUNS; index++) {
    const [mine, other] = await Promise.all([startRegistry(), startRegistry()]);
    pointAt(chain.folder, { upstream: chain.upstream.host, registry: mine.host });
    theirs.push(await timed(() => bare(chain, other.host)));
    ours.push(await timed(() => release(chain)));
    idle.push(await timed(() => release(chain)));
    await Promise.all([mine.stop(), other.stop()]);
  }
  const cores = execFileSync('getconf', ['_NPROCESSORS_ONLN'], { encoding: 'utf8' }).trim();
  console.log(`seven images and the chart, ${RUNS} runs each in turns, concurrency ${CONCURRENCY}, ${cores} cores; medians`);
  console.log(`  bare crane, cosign and Trivy calls   ${median(theirs).toFixed(2)} s`);
  console.log(`  images release                       ${median(ours).toFixed(2)} s`);
  console.log(`  ratio                                ${(median(ours) / median(theirs)).toFixed(2)}`);
  console.log(`  images release, nothing to do        ${median(idle).toFixed(2)} s`);
}

void main().finally(cleanUp);
