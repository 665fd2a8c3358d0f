import { type ChildProcess } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { temporaryFolder } from '../../support/platform-folder';
import { freePort } from './free-port';
import { startProcess } from './processes';
import { toolPath } from './tools';

/** A real Kubernetes API server on loopback; there are no nodes and no controllers, so that nothing but a request changes anything. */
export interface ControlPlane {
  /** Address of the API server. */
  readonly server: string;
  /** Certificates, as PEM, that its own are checked with. */
  readonly certificates: string;
  /** What an administrator identifies with. */
  readonly token: string;
  /** File by which kubectl and helm find it, as an administrator. */
  readonly kubeconfig: string;
}

const READY_WITHIN_SECONDS = 60;

/** Starts etcd and kube-apiserver on free ports; they are stopped after the tests of the file. */
export async function startControlPlane(): Promise<ControlPlane> {
  const folder = temporaryFolder();
  const access = await startApiServer(folder, await startEtcd(path.join(folder, 'etcd')));
  return { ...access, kubeconfig: writeKubeconfig(folder, access) };
}

type Access = Omit<ControlPlane, 'kubeconfig'>;

async function startEtcd(folder: string): Promise<string> {
  const clients = `http://127.0.0.1:${await freePort()}`;
  const peers = `http://127.0.0.1:${await freePort()}`;
  const child = startProcess(toolPath('etcd'), [
    `--data-dir=${folder}`,
    `--listen-client-urls=${clients}`,
    `--advertise-client-urls=${clients}`,
    `--listen-peer-urls=${peers}`,
    `--initial-advertise-peer-urls=${peers}`,
    `--initial-cluster=default=${peers}`,
    // Nothing here outlives the machine.
    '--unsafe-no-fsync',
    '--log-level=warn',
  ]);
  await untilReady('etcd', child, async () => (await request(`${clients}/readyz`)).statusCode === 200);
  return clients;
}

async function startApiServer(folder: string, etcd: string): Promise<Access> {
  const port = await freePort();
  const server = `https://127.0.0.1:${port}`;
  const token = randomBytes(24).toString('hex');
  const write = (name: string, content: string): string => {
    fs.writeFileSync(path.join(folder, name), content, { mode: 0o600 });
    return path.join(folder, name);
  };
  const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const privateKey = write('service-account.key', keys.privateKey.export({ format: 'pem', type: 'pkcs8' }) as string);
  const publicKey = write('service-account.pub', keys.publicKey.export({ format: 'pem', type: 'spki' }) as string);
  const child = startProcess(toolPath('kube-apiserver'), [
    `--etcd-servers=${etcd}`,
    '--bind-address=127.0.0.1',
    '--advertise-address=127.0.0.1',
    '--endpoint-reconciler-type=none',
    `--secure-port=${port}`,
    // It makes its own certificates there.
    `--cert-dir=${path.join(folder, 'certificates')}`,
    `--token-auth-file=${write('tokens.csv', `${token},admin,admin,"system:masters"\n`)}`,
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-key-file=${publicKey}`,
    `--service-account-signing-key-file=${privateKey}`,
    '--authorization-mode=RBAC',
    '--service-cluster-ip-range=10.0.0.0/24',
    '--allow-privileged=true',
    // Without a controller manager, no namespace has a default ServiceAccount that pods could have.
    '--disable-admission-plugins=ServiceAccount',
  ]);
  const certificate = path.join(folder, 'certificates', 'apiserver.crt');
  let certificates = '';
  await untilReady('kube-apiserver', child, async () => {
    certificates = fs.readFileSync(certificate, 'utf8');
    const dispatcher = new Agent({ connect: { ca: certificates } });
    try {
      const { statusCode } = await request(`${server}/readyz`, { dispatcher, headers: { authorization: `Bearer ${token}` } });
      return statusCode === 200;
    } finally {
      await dispatcher.close();
    }
  });
  return { server, certificates, token };
}

/** Asks until it says yes, and fails with the program's last words where it ends or takes too long. */
async function untilReady(name: string, child: ChildProcess, isReady: () => Promise<boolean>): Promise<void> {
  let said = '';
  // A full pipe would stop the program; what it says is wanted only where it fails.
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.on('data', (chunk: Buffer) => {
      said = `${said}${chunk.toString()}`.slice(-4000);
    });
  }
  const end = Date.now() + READY_WITHIN_SECONDS * 1000;
  while (!(await isReady().catch(() => false))) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`${name} ended: ${said}`);
    if (Date.now() > end) throw new Error(`${name} was not ready within ${READY_WITHIN_SECONDS} seconds: ${said}`);
    await sleep(50);
  }
}

function writeKubeconfig(folder: string, { server, certificates, token }: Access): string {
  const file = path.join(folder, 'kubeconfig');
  const content = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'test', cluster: { server, 'certificate-authority-data': Buffer.from(certificates).toString('base64') } }],
    users: [{ name: 'admin', user: { token } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'admin' } }],
    'current-context': 'test',
  };
  fs.writeFileSync(file, JSON.stringify(content), { mode: 0o600 });
  return file;
}
