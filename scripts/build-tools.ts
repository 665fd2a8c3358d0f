/**
 * Builds the command-line tools that the end-to-end tests need from the Go modules under `tools/`, which pin version and checksums.
 *
 * Each is built once per version into a cache; one of the same version in the folder KUBEBUILDER_ASSETS, where Kubernetes' own test
 * environments have theirs, or on PATH is used as it is. Prints the folder of the tools.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';

const MODULES = path.join(__dirname, '..', 'tools');

/** A tool, and the Go package that it is built from. */
interface BuiltTool {
  readonly name: string;
  readonly package: string;
  readonly version: string;
}

/** How a tool is asked for its version, where `version` is not the way. */
const VERSION_ARGUMENTS: Readonly<Record<string, readonly string[]>> = {
  etcd: ['--version'],
  'kube-apiserver': ['--version'],
  kubectl: ['version', '--client'],
};

/**
 * Makes sure that the tools are there.
 *
 * @param names folders under `tools/`; all by default
 * @returns a folder that holds each under its name
 */
export function buildTools(names: readonly string[] = fs.readdirSync(MODULES).sort()): string {
  const tools = names.map(readModule);
  const cache = path.join(process.env['XDG_CACHE_HOME'] ?? path.join(os.homedir(), '.cache'), 'k8s-gitops', 'built-tools');
  const folder = path.join(cache, tools.map(({ name, version }) => `${name}-${version}`).join('_'));
  fs.mkdirSync(folder, { recursive: true });
  for (const tool of tools) link(provide(tool, cache), path.join(folder, tool.name));
  return folder;
}

function readModule(name: string): BuiltTool {
  const content = fs.readFileSync(path.join(MODULES, name, 'go.mod'), 'utf8');
  const goPackage = /^tool (\S+)$/m.exec(content)?.[1];
  if (goPackage === undefined) throw new Error(`tools/${name}/go.mod names no tool`);
  const versions = [...content.matchAll(/^(?:require )?\t?(\S+) v(\S+?)(?: \/\/ indirect)?$/gm)];
  const version = versions.find(([, module]) => `${goPackage}/`.startsWith(`${module!}/`))?.[2];
  if (version === undefined) throw new Error(`tools/${name}/go.mod does not require the module of ${goPackage}`);
  return { name, package: goPackage, version };
}

/** The path of a tool of exactly that version. */
function provide(tool: BuiltTool, cache: string): string {
  const atHand = candidates(tool.name).find((candidate) => saysVersion(tool, candidate));
  if (atHand !== undefined) return atHand;
  const { name, package: goPackage, version } = tool;
  const built = path.join(cache, name, `${version}-${process.platform}-${process.arch}`, name);
  if (fs.existsSync(built)) return built;
  console.log(`building ${name} ${version} (once; minutes on a small machine) ...`);
  fs.mkdirSync(path.dirname(built), { recursive: true });
  const temporary = `${built}.${process.pid}`;
  // Only what a proxy has, checked by go.sum: a version control system may have moved its tags.
  const proxies = execFileSync('go', ['env', 'GOPROXY'], { encoding: 'utf8' }).trim().split(/[,|]/);
  execFileSync('go', ['build', '-trimpath', '-ldflags', linkerFlags(tool).join(' '), '-o', temporary, goPackage], {
    cwd: path.join(MODULES, name),
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      ...process.env,
      GOPROXY: proxies.filter((proxy) => proxy !== 'direct').join(','),
      GOFLAGS: '-mod=readonly -buildvcs=false',
      CGO_ENABLED: '0',
    },
  });
  fs.renameSync(temporary, built);
  return built;
}

/** Kubernetes learns its version from the linker; without it, the API server calls itself 0.0.0, and charts refuse it. */
function linkerFlags({ package: goPackage, version }: BuiltTool): readonly string[] {
  const plain = ['-s', '-w'];
  if (!goPackage.startsWith('k8s.io/kubernetes/')) return plain;
  const [major, minor] = version.split('.');
  const variables = { gitVersion: `v${version}`, gitMajor: major!, gitMinor: minor! };
  return [...plain, ...Object.entries(variables).map(([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`)];
}

function candidates(name: string): readonly string[] {
  return [process.env['KUBEBUILDER_ASSETS'] ?? '', ...(process.env['PATH'] ?? '').split(path.delimiter)]
    .map((folder) => path.join(folder, name))
    .filter((candidate) => path.isAbsolute(candidate) && fs.existsSync(candidate));
}

function saysVersion({ name, version }: BuiltTool, executable: string): boolean {
  const { stdout, stderr } = spawnSync(executable, VERSION_ARGUMENTS[name] ?? ['version'], { encoding: 'utf8', timeout: 15_000 });
  // 3.6.1 is neither 3.6.16 nor somebody's 3.6.1-patched.
  const wanted = new RegExp(`(?<![\\d.])${version.replaceAll('.', '\\.')}(?![\\w.+-])`);
  return wanted.test(`${stdout}${stderr}`);
}

function link(target: string, file: string): void {
  if (fs.lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() === true && fs.readlinkSync(file) === target) return;
  const temporary = `${file}.${process.pid}`;
  fs.symlinkSync(target, temporary);
  fs.renameSync(temporary, file);
}

if (require.main === module) console.log(buildTools());
