import { generateKeyPairSync } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { type Problem } from '../../src/model';
import { resolveSigningKeys, type GivenKeys, type SigningKeys } from '../../src/images/signing-keys';
import { loadPlatform } from '../support/load-platform';
import { platformFolder, temporaryFolder, wholePlatformFolder, writeFile } from '../support/platform-folder';

const KEY = (name: string): string => `-----BEGIN PUBLIC KEY-----\n${name}\n-----END PUBLIC KEY-----\n`;

/** The keys of an environment of a platform folder. */
function resolve(
  folder: string,
  environment: string,
  given: GivenKeys = {},
  name: 'platform' | 'applications' = 'platform',
  variables: Record<string, string> = {},
): SigningKeys | Problem {
  const platform = loadPlatform(folder);
  const found = platform.environments.find((candidate) => candidate.name === environment)!;
  return resolveSigningKeys(platform, found, name, given, temporaryFolder(), variables);
}

const GROUP = '/subscriptions/33333333-3333-4333-8333-333333333301/resourceGroups/g';

const recordKeys = (folder: string, file: string, platformKeys: string, loginServer = 'myorgdev.azurecr.io'): void => {
  const identity = (digit: string): string => {
    const id = '11111111-1111-1111-1111-111111111111'.replaceAll('1', digit);
    return `{ clientId: ${id}, principalId: ${id}, resourceId: ${GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/n${digit} }`;
  };
  writeFile(
    folder,
    file,
    `identities: { reader: ${identity('1')}, writer: ${identity('2')} }
vault: { resourceId: ${GROUP}/providers/Microsoft.KeyVault/vaults/my-org-dev, uri: https://my-org-dev.vault.azure.net/ }
registry: { resourceId: ${GROUP}/providers/Microsoft.ContainerRegistry/registries/${loginServer.split('.')[0]!}, loginServer: ${loginServer} }
signingKeys:
  platform: [${platformKeys}]
  applications: [{ id: https://my-org-dev.vault.azure.net/keys/applications/3333, publicKey: ${JSON.stringify(KEY('apps'))}, use: sign }]
`,
  );
};
const recorded = (version: string, use: string): string =>
  `{ id: https://my-org-dev.vault.azure.net/keys/platform/${version}, publicKey: ${JSON.stringify(KEY(`v${version}`))}, use: ${use} }`;

describe('signing keys', () => {
  const publicKeyFile = (): string => {
    const folder = temporaryFolder();
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    writeFile(folder, 'key.pub', publicKey.export({ format: 'pem', type: 'spki' }) as string);
    return path.join(folder, 'key.pub');
  };
  const keyFile = (content = '-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----\n'): string => {
    const folder = temporaryFolder();
    writeFile(folder, 'cosign.key', content);
    return path.join(folder, 'cosign.key');
  };

  it('are those that the outputs record: the one that signs at its version, and all that are accepted', () => {
    const folder = platformFolder();
    recordKeys(folder, 'outputs/dev.yaml', `${recorded('1111', 'verify')}, ${recorded('2222', 'sign')}`);
    const keys = resolve(folder, 'dev') as SigningKeys;
    expect(keys.signer?.key).toBe('azurekms://my-org-dev.vault.azure.net/platform/2222');
    expect(keys.signer?.publicKey).toBe(keys.accepted[0]);
    expect(path.basename(keys.accepted[0]!)).toBe('dev-platform-0.pub');
    expect(keys.accepted).toHaveLength(2);
    const applications = resolve(folder, 'dev', {}, 'applications') as SigningKeys;
    expect(applications.signer?.key).toBe('azurekms://my-org-dev.vault.azure.net/applications/3333');
  });

  it('are written for cosign, that of the signer first', () => {
    const folder = platformFolder();
    recordKeys(folder, 'outputs/dev.yaml', `${recorded('1111', 'verify')}, ${recorded('2222', 'sign')}`);
    const platform = loadPlatform(folder);
    const scratch = temporaryFolder();
    const keys = resolveSigningKeys(platform, platform.environments[0]!, 'platform', {}, scratch, {}) as SigningKeys;
    expect(keys.accepted.map((file) => fs.readFileSync(file, 'utf8'))).toEqual([KEY('v2222'), KEY('v1111')]);
    expect(fs.statSync(keys.accepted[0]!).mode & 0o077).toBe(0);
  });

  it('are those of the environment that owns the Key Vault', () => {
    const folder = wholePlatformFolder('classic');
    recordKeys(folder, 'outputs/dev.yaml', recorded('1111', 'sign'), 'myacrdev.azurecr.io');
    expect((resolve(folder, 'experimental') as SigningKeys).signer?.key).toBe(
      'azurekms://my-org-dev.vault.azure.net/platform/1111',
    );
  });

  it('are not known before they are recorded', () => {
    expect(resolve(platformFolder(), 'dev')).toMatchObject({
      message: "no outputs are recorded for 'dev', so its signing keys are not known",
      remedy: expect.stringContaining('pulumi up --stack dev') as string,
    });
  });

  it('need the version of a key', () => {
    const folder = platformFolder();
    recordKeys(folder, 'outputs/dev.yaml', recorded('1111', 'sign').replace('/1111', ''));
    expect(resolve(folder, 'dev')).toMatchObject({ message: expect.stringContaining('names no version of a key') as string });
    const publicKeys = [publicKeyFile()];
    expect(resolve(folder, 'dev', { key: 'azurekms://my-org-dev.vault.azure.net/platform', publicKeys })).toMatchObject({
      message: "'azurekms://my-org-dev.vault.azure.net/platform' names no version of a key",
    });
  });

  it('may be given, and then nothing recorded is used', () => {
    const folder = platformFolder();
    const publicKeys = [publicKeyFile(), publicKeyFile()];
    const key = 'azurekms://other.vault.azure.net/platform/0123456789abcdef0123456789abcdef';
    expect(resolve(folder, 'dev', { key, publicKeys })).toEqual({
      name: 'platform',
      accepted: publicKeys,
      signer: { key, publicKey: publicKeys[0] },
    });
    expect(resolve(folder, 'dev', { publicKeys })).toEqual({ name: 'platform', accepted: publicKeys });
  });

  it('in files need their password', () => {
    const publicKeys = [publicKeyFile()];
    const key = keyFile();
    expect(resolve(platformFolder(), 'dev', { key, publicKeys })).toMatchObject({
      location: { file: key },
      message: 'needs a password, and COSIGN_PASSWORD is not set',
    });
    expect(resolve(platformFolder(), 'dev', { key, publicKeys }, 'platform', { COSIGN_PASSWORD: '' })).toEqual({
      name: 'platform',
      accepted: publicKeys,
      signer: { key, publicKey: publicKeys[0] },
    });
  });

  it('of the other role are refused where they can be told apart', () => {
    const folder = platformFolder();
    recordKeys(folder, 'outputs/dev.yaml', recorded('1111', 'sign'));
    writeFile(folder, 'applications.pub', KEY('apps'));
    const publicKeys = [path.join(folder, 'applications.pub')];
    expect(resolve(folder, 'dev', { publicKeys })).toMatchObject({
      message: 'is the key of applications, where that of platform is needed',
    });
    const key = 'azurekms://my-org-dev.vault.azure.net/platform/1111';
    expect(resolve(folder, 'dev', { key, publicKeys: [publicKeyFile()] }, 'applications')).toMatchObject({
      location: { file: key },
      message: 'is the key of platform, where that of applications is needed',
    });
    expect(resolve(folder, 'dev', { key, publicKeys: [publicKeyFile()] })).toMatchObject({ signer: { key } });
  });

  it('of a kind that Key Vault does not sign with are refused', () => {
    const folder = temporaryFolder();
    for (const type of ['ed25519', 'x25519'] as const) {
      // The overloads of TypeScript know each kind apart.
      const { publicKey } = type === 'ed25519' ? generateKeyPairSync('ed25519') : generateKeyPairSync('x25519');
      writeFile(folder, `${type}.pub`, publicKey.export({ format: 'pem', type: 'spki' }) as string);
      expect(resolve(platformFolder(), 'dev', { publicKeys: [path.join(folder, `${type}.pub`)] })).toMatchObject({
        message: `is a public key of type ${type}; EC P-256 is what Key Vault signs with`,
      });
    }
  });

  it.each([
    ['a key without a public key', () => ({ key: keyFile() }), '--public-key', 'is missing'],
    ['no such public key', () => ({ publicKeys: ['/nowhere.pub'] }), '/nowhere.pub', 'does not exist'],
    ['something else as public key', () => ({ publicKeys: [__filename] }), __filename, 'is not a public key in PEM form'],
    ['no such key', () => ({ key: '/nowhere.key', publicKeys: [publicKeyFile()] }), '/nowhere.key', 'does not exist'],
    ['a folder as key', () => ({ key: __dirname, publicKeys: [publicKeyFile()] }), __dirname, 'is not a key file'],
    [
      'something else as key',
      () => ({ key: __filename, publicKeys: [publicKeyFile()] }),
      __filename,
      'is not a private key of cosign',
    ],
    [
      'another kind of address',
      () => ({ key: 'gcpkms://x', publicKeys: [publicKeyFile()] }),
      '--key',
      "'gcpkms://x' is neither a file",
    ],
  ])('are refused when given as %s', (_what, given, file, message) => {
    expect(resolve(platformFolder(), 'dev', given())).toMatchObject({
      location: { file },
      message: expect.stringContaining(message) as string,
    });
  });
});
