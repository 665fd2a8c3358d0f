import * as fs from 'node:fs';
import * as path from 'node:path';
import { type LockFile } from '../../src/model';
import { installTools, verifyTools, type Verification, type VerifyRequest } from '../../src/tools';
import { FileServer } from '../support/file-server';
import { HOST, mirrors, platformWithTools, publish } from './publisher';

let server: FileServer;
let directory: string;
let tools: LockFile['tools'];
let root: string;

beforeEach(async () => {
  server = await FileServer.start();
  tools = { ...publish(server, 'trivy', '0.67.0'), ...publish(server, 'envtest', '1.34.1') };
  directory = platformWithTools(server, tools);
  root = path.join(directory, '.tools');
  await install(tools);
});

const install = (wanted: LockFile['tools']): Promise<unknown> =>
  installTools({ directory, tools: wanted, downloads: mirrors(server), environment: {} });

const verify = (more: Partial<VerifyRequest> = {}): Promise<Verification> => verifyTools({ directory, tools, ...more });

const states = ({ tools: verified }: Verification): readonly string[] => verified.map(({ name, state }) => `${name} ${state}`);

/** Problems as `file message`, the file below the folder of the tools. */
const told = ({ problems }: Verification): readonly string[] =>
  problems.map(({ location, message }) => `${path.relative(root, path.resolve(location.file))} ${message}`);

describe('verifyTools', () => {
  it('has nothing to tell of what was just installed', async () => {
    const verification = await verify();
    expect(verification.problems).toEqual([]);
    expect(states(verification)).toEqual(['trivy intact', 'envtest intact']);
  });

  it.each([
    [
      'changed',
      (file: string) => {
        fs.appendFileSync(file, 'x');
      },
      'is not what its archive has',
    ],
    [
      'removed',
      (file: string) => {
        fs.rmSync(file);
      },
      'is missing',
    ],
    [
      'made a link',
      (file: string) => {
        fs.rmSync(file);
        fs.symlinkSync('/bin/true', file);
      },
      'is not what its archive has',
    ],
    [
      'made unusable',
      (file: string) => {
        fs.chmodSync(file, 0o600);
      },
      'is not executable',
    ],
  ])('finds a file that was %s', async (_what, tamper, message) => {
    tamper(path.join(root, 'envtest', '1.34.1', 'etcd'));
    const verification = await verify();
    expect(told(verification)).toEqual([`envtest/1.34.1/etcd ${message} (envtest 1.34.1 for ${HOST})`]);
    expect(verification.problems[0]?.remedy).toContain('`npx k8s-gitops tools install envtest`');
    expect(states(verification)).toEqual(['trivy intact', 'envtest not intact']);
  });

  it('finds a file that is not of the archive', async () => {
    fs.writeFileSync(path.join(root, 'trivy', '0.67.0', 'plugin'), 'x');
    expect(told(await verify())).toEqual([`trivy/0.67.0/plugin is not of its archive (trivy 0.67.0 for ${HOST})`]);
  });

  it('finds an archive that was changed or removed', async () => {
    const archive = path.join(root, 'archives', `trivy-0.67.0-${HOST.replace('/', '-')}.tar.gz`);
    fs.appendFileSync(archive, 'x');
    expect(told(await verify())).toEqual([
      expect.stringMatching(
        new RegExp(`was changed: the lock has the SHA-256 ${tools.trivy!.downloads[HOST]!.sha256!}, the archive [0-9a-f]{64}$`),
      ),
    ]);
    fs.rmSync(archive);
    expect(told(await verify())).toEqual([expect.stringContaining('is missing, so nobody can say')]);
  });

  it('finds what is not installed', async () => {
    fs.rmSync(path.join(root, 'trivy'), { recursive: true });
    fs.rmSync(path.join(root, 'bin', 'trivy'));
    const verification = await verify();
    expect(told(verification)).toEqual(['trivy/0.67.0 the lock pins trivy 0.67.0, but it is not installed']);
    expect(states(verification)).toEqual(['trivy not installed', 'envtest intact']);
  });

  it('finds another version', async () => {
    const newer = { ...tools, ...publish(server, 'trivy', '0.68.0') };
    const verification = await verify({ tools: newer });
    expect(told(verification)).toEqual(['trivy/0.68.0 the lock pins trivy 0.68.0, but only 0.67.0 is installed']);
    expect(states(verification)[0]).toBe('trivy other version');
    await install(newer);
    const back = await verify();
    expect(told(back)).toEqual([
      "bin/trivy points to '../trivy/0.68.0/trivy', but the lock wants a link to '../trivy/0.67.0/trivy'",
    ]);
    expect(states(back)[0]).toBe('trivy other version');
  });

  it.each([
    [
      'removed',
      (link: string) => {
        fs.rmSync(link);
      },
      'is missing',
    ],
    [
      'replaced',
      (link: string) => {
        fs.rmSync(link);
        fs.writeFileSync(link, 'x');
      },
      'is no link',
    ],
    [
      'bent',
      (link: string) => {
        fs.rmSync(link);
        fs.symlinkSync('/bin/true', link);
      },
      "points to '/bin/true'",
    ],
  ])('finds a link that was %s', async (_what, tamper, message) => {
    tamper(path.join(root, 'bin', 'etcd'));
    const verification = await verify();
    expect(told(verification)).toEqual([`bin/etcd ${message}, but the lock wants a link to '../envtest/1.34.1/etcd'`]);
    expect(states(verification)).toEqual(['trivy intact', 'envtest not intact']);
  });

  it('finds commands that would shadow those of the system', async () => {
    fs.writeFileSync(path.join(root, 'bin', 'ls'), 'x');
    fs.symlinkSync('../envtest/1.34.1/kubectl', path.join(root, 'bin', 'kubectl'));
    const message = (command: string): string => `bin/${command} '${command}' is not of a tool that the lock pins`;
    expect(told(await verify())).toEqual([message('kubectl'), message('ls')]);
    // Of some tools alone nobody can say.
    expect(told(await verify({ names: ['trivy'] }))).toEqual([]);
  });

  it('verifies only what is named', async () => {
    fs.rmSync(path.join(root, 'trivy'), { recursive: true });
    expect(states(await verify({ names: ['envtest'] }))).toEqual(['envtest intact']);
    const absent = await verify({ names: ['helm'] });
    expect(absent.problems).toMatchObject([{ message: "'tools' has no entry 'helm'" }]);
  });

  it('stops when it is interrupted', async () => {
    const { problems } = await verify({ signal: AbortSignal.abort() });
    expect(problems.map(({ message }) => message)).toEqual([
      `trivy 0.67.0 for ${HOST}: it was interrupted`,
      `envtest 1.34.1 for ${HOST}: it was interrupted`,
    ]);
  });
});
