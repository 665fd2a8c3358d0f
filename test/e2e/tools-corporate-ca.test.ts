import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { type Problem } from '../../src/model';
import { fetchText } from '../../src/tools/download';
import { FileServer, ForwardProxy, serve } from '../support/file-server';
import { temporaryFolder } from '../support/platform-folder';

interface Certificate {
  /** File in PEM form. */
  readonly file: string;
  readonly cert: string;
  readonly key: string;
}

let company: Certificate;
let other: Certificate;
let server: FileServer;

beforeAll(async () => {
  const folder = temporaryFolder();
  company = makeCertificate(folder, 'company');
  other = makeCertificate(folder, 'other');
  server = (await FileServer.start(company)).on('sums', serve.file('abc'));
});

/** A certificate for this machine that nobody but itself vouches for. */
function makeCertificate(folder: string, name: string): Certificate {
  const [file, key] = [path.join(folder, `${name}.pem`), path.join(folder, `${name}.key`)];
  const args = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  try {
    execFileSync('openssl', [...args, '-subj', `/CN=${name}`, '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', file], { stdio: 'pipe' }); // prettier-ignore
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new Error('This test needs `openssl` on PATH, by which it makes the certificate of a company: install it.', {
      cause: error,
    });
  }
  return { file, cert: fs.readFileSync(file, 'utf8'), key: fs.readFileSync(key, 'utf8') };
}

function get(environment: Readonly<Record<string, string>>): Promise<string | Problem> {
  return fetchText(
    `${server.url}sums`,
    'the sums',
    { file: 'platform.lock.yaml' },
    { environment, downloads: {}, limits: { attempts: 2, backOffMilliseconds: 5, idleMilliseconds: 2000 } },
  );
}

const untrusted = {
  message: expect.stringMatching(/the certificate of the server is not trusted \(\w*SELF_SIGNED\w*\)$/) as string,
  remedy: expect.stringContaining('NODE_EXTRA_CA_CERTS') as string,
};

describe('the certificate of a company', () => {
  it('is not trusted by itself, and trying again would not help', async () => {
    expect(await get({})).toMatchObject(untrusted);
    expect(server.requests).toEqual([]);
  });

  it.each(['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE'])('is trusted when %s names it', async (variable) => {
    expect(await get({ [variable]: company.file })).toBe('abc');
  });

  it('is trusted when it stands among others', async () => {
    const bundle = path.join(path.dirname(company.file), 'bundle.pem');
    fs.writeFileSync(bundle, `# the company\n${other.cert}\n# and its proxy\n${company.cert}`);
    expect(await get({ NODE_EXTRA_CA_CERTS: bundle })).toBe('abc');
    expect(await get({ NODE_EXTRA_CA_CERTS: other.file, SSL_CERT_FILE: company.file })).toBe('abc');
  });

  it('is not trusted when another one is named', async () => {
    expect(await get({ NODE_EXTRA_CA_CERTS: other.file })).toMatchObject(untrusted);
  });

  it('is trusted through a proxy too, which only tunnels', async () => {
    const proxy = await ForwardProxy.start();
    const environment = { HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` };
    expect(await get({ ...environment, NODE_EXTRA_CA_CERTS: company.file })).toBe('abc');
    expect(proxy.requests).toEqual([`CONNECT 127.0.0.1:${server.port}`]);
    expect(await get(environment)).toMatchObject(untrusted);
  });
});
