import { attestCall, signCall, verifyAttestationCall, verifyCall, verifyUpstreamCall } from '../../src/images/cosign';
import { copyCall } from '../../src/images/crane';
import { isLoopback } from '../../src/images/registries';
import { commandLine } from '../../src/images/tool-call';
import { requiredAnnotations, signedAnnotations } from '../../src/images/signature-annotations';
import { artifactsOf } from '../../src/model';
import { loadPlatform } from '../support/load-platform';
import { downloadDatabaseCalls, sbomCall, scanCall } from '../../src/images/trivy';
import { FIXTURES, platformFolder, readFile } from '../support/platform-folder';

const KEY = 'azurekms://my-org-dev.vault.azure.net/platform/0123456789abcdef0123456789abcdef';
const IMAGE = 'myorgdev.azurecr.io/fluxcd/source-controller@sha256:1';
const settings = { loginServer: 'myorgdev.azurecr.io', cache: '/cache', platform: 'linux/amd64', timeout: '900s' };

describe('command lines', () => {
  it.each([
    [
      'copies without moving a tag',
      copyCall('ghcr.io/a@sha256:1', 'r.io/a:1'),
      'crane copy --no-clobber ghcr.io/a@sha256:1 r.io/a:1',
    ],
    [
      'copies and moves a tag',
      copyCall('ghcr.io/a@sha256:1', 'r.io/a:1', { moveTag: true }),
      'crane copy ghcr.io/a@sha256:1 r.io/a:1',
    ],
    [
      'signs with a version of a key in Key Vault, without a transparency log',
      signCall(KEY, IMAGE, { repository: 'fluxcd/source-controller', scan: 'audit' }),
      `cosign sign --key ${KEY} --tlog-upload=false --yes --annotations repository=fluxcd/source-controller --annotations scan=audit ${IMAGE}`,
    ],
    [
      'attests',
      attestCall(KEY, '/s/sbom.json', IMAGE),
      `cosign attest --key ${KEY} --tlog-upload=false --yes --type cyclonedx --predicate /s/sbom.json ${IMAGE}`,
    ],
    [
      'verifies without asking the internet',
      verifyCall('/s/key.pub', '/s/root.json', IMAGE),
      `cosign verify --check-claims=true --key /s/key.pub --insecure-ignore-tlog=true --offline --trusted-root /s/root.json ${IMAGE}`,
    ],
    [
      'verifies an attestation',
      verifyAttestationCall('/s/key.pub', '/s/root.json', IMAGE),
      `cosign verify-attestation --check-claims=true --type cyclonedx --key /s/key.pub --insecure-ignore-tlog=true --offline --trusted-root /s/root.json ${IMAGE}`,
    ],
    [
      'scans operating system and libraries with the databases that are there',
      scanCall(settings, '/s/scan.json', IMAGE),
      `trivy image --format json --scanners vuln --pkg-types os,library --severity HIGH,CRITICAL --ignore-unfixed --skip-db-update --skip-java-db-update --exit-code 0 --cache-dir /cache --cache-backend memory --image-src remote --platform linux/amd64 --timeout 900s --quiet --output /s/scan.json ${IMAGE}`,
    ],
    [
      'makes an SBOM',
      sbomCall(settings, '/s/sbom.json', IMAGE),
      `trivy image --format cyclonedx --skip-db-update --skip-java-db-update --cache-dir /cache --cache-backend memory --image-src remote --platform linux/amd64 --timeout 900s --quiet --output /s/sbom.json ${IMAGE}`,
    ],
  ])('%s', (_what, call, expected) => {
    expect(commandLine(call)).toBe(expected);
  });

  describe('the annotations of a signature', () => {
    const circumstances = (scan: 'audit' | 'enforce', scanPlatform: 'linux/amd64' | 'linux/arm64' = 'linux/amd64') => {
      const platform = loadPlatform(platformFolder());
      return {
        environment: { ...platform.environments[0]!, scan },
        platform: { ...platform, supplyChain: { ...platform.supplyChain, scanPlatform } },
      };
    };
    const artifact = artifactsOf(loadPlatform(platformFolder()), circumstances('audit').environment).find(
      ({ name }) => name === 'source-controller',
    )!;

    it('say where the image belongs, and how it was scanned', () => {
      expect(signedAnnotations(circumstances('audit'), artifact)).toEqual({
        repository: 'fluxcd/source-controller',
        scan: 'audit',
        platform: 'linux/amd64',
      });
      expect(signedAnnotations(circumstances('enforce'), { ...artifact, kind: 'chart' })).toEqual({
        repository: 'fluxcd/source-controller',
      });
    });

    it('have to say so where scans are enforced; elsewhere only where the image belongs', () => {
      expect(requiredAnnotations(circumstances('audit'), artifact)).toEqual({ repository: 'fluxcd/source-controller' });
      expect(requiredAnnotations(circumstances('enforce', 'linux/arm64'), artifact)).toEqual({
        repository: 'fluxcd/source-controller',
        scan: 'enforce',
        platform: 'linux/arm64',
      });
      expect(commandLine(verifyCall('/s/key.pub', '/s/root.json', IMAGE, { scan: 'enforce' }))).toContain(
        ' --annotations scan=enforce ',
      );
    });
  });

  it('takes the databases from the private registry', () => {
    expect(downloadDatabaseCalls(settings).map(commandLine)).toEqual([
      'trivy image --cache-dir /cache --download-db-only --db-repository myorgdev.azurecr.io/trivy/trivy-db:2',
      'trivy image --cache-dir /cache --download-java-db-only --java-db-repository myorgdev.azurecr.io/trivy/trivy-java-db:1',
    ]);
  });

  it('uses options of `trivy image` that its reference for 0.69 lists', () => {
    const known = readFile(FIXTURES, 'trivy/image-options.txt').trim().split(' ');
    const calls = [...downloadDatabaseCalls(settings), scanCall(settings, 'o', IMAGE), sbomCall(settings, 'o', IMAGE)];
    const used = calls.flatMap(({ args }) => args.filter((arg) => arg.startsWith('--')));
    expect(used.filter((option) => !known.includes(option))).toEqual([]);
  });

  it('verifies a keyless upstream signature with issuer and identity, and with the transparency log', () => {
    const signer = { issuer: 'https://token.actions.githubusercontent.com', identity: '^https://github\\.com/fluxcd/.*$' };
    const call = verifyUpstreamCall(signer, { emptyTrustedRoot: '/s/empty.json' }, IMAGE);
    expect(commandLine(call!)).toBe(
      `cosign verify --check-claims=true --certificate-oidc-issuer https://token.actions.githubusercontent.com --certificate-identity-regexp '^https://github\\.com/fluxcd/.*$' ${IMAGE}`,
    );
    const offline = verifyUpstreamCall(signer, { emptyTrustedRoot: '/s/empty.json', trustedRoot: '/p/trusted_root.json' }, IMAGE);
    expect(commandLine(offline!)).toContain(' --trusted-root /p/trusted_root.json ');
    // Nothing of the keyless verification may be left out.
    expect(commandLine(offline!)).not.toContain('insecure');
    expect(commandLine(offline!)).not.toContain('empty.json');
  });

  it('verifies an upstream signature by the key of the publisher', () => {
    const call = verifyUpstreamCall(
      { publicKey: 'PEM' },
      { emptyTrustedRoot: '/s/empty.json', publicKey: '/s/publisher.pub' },
      IMAGE,
    );
    expect(commandLine(call!)).toContain('cosign verify --check-claims=true --key /s/publisher.pub ');
  });

  it.each(['none', 'unresolved'] as const)('has nothing to verify upstream where the signer is %s', (signer) => {
    expect(verifyUpstreamCall(signer, { emptyTrustedRoot: '' }, IMAGE)).toBeUndefined();
  });

  it('allows HTTP on this machine alone', () => {
    for (const host of ['localhost:5000/a', '127.0.0.1:5000/a', '127.1.2.3/a', '[::1]:5000/a'])
      expect(isLoopback(host)).toBe(true);
    for (const host of [
      'localhost.example.com/a',
      '127.0.0.1.example.com/a',
      'myorg.azurecr.io/a',
      '10.0.0.1/a',
      '128.0.0.1/localhost',
    ])
      expect(isLoopback(host)).toBe(false);
    expect(signCall('k', 'localhost:5000/a@sha256:1', {}).args).toContain('--allow-http-registry');
  });
});
