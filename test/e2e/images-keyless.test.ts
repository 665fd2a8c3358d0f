import * as fs from 'node:fs';
import * as path from 'node:path';
import { parse, stringify } from 'yaml';
import { type LockFile } from '../../src/model';
import { readFile, writeFile } from '../support/platform-folder';
import { pushImage } from './support/image-layout';
import { startSigstore } from './support/sigstore';
import { supplyChain } from './support/supply-chain';

const ISSUER = 'https://token.actions.githubusercontent.com';
const WORKFLOW = '/source-controller/.github/workflows/release.yml@refs/tags/v1.0.0';

describe('a keyless upstream signature', () => {
  it('is verified by the identity, the issuer, the certificate authority and the transparency log that are trusted', async () => {
    const chain = await supplyChain();
    const [ours, theirs] = await Promise.all([startSigstore(), startSigstore()]);
    const lock = parse(readFile(chain.folder, 'platform.lock.yaml')) as LockFile;
    const signers = {
      'source-controller': (reference: string) => ours.signAs(`https://github.com/fluxcd${WORKFLOW}`, ISSUER, reference),
      'kustomize-controller': (reference: string) => ours.signAs(`https://github.com/mallory${WORKFLOW}`, ISSUER, reference),
      'helm-controller': (reference: string) =>
        ours.signAs(`https://github.com/fluxcd${WORKFLOW}`, 'https://accounts.example.com', reference),
      'notification-controller': (reference: string) => theirs.signAs(`https://github.com/fluxcd${WORKFLOW}`, ISSUER, reference),
      'image-reflector-controller': () => Promise.resolve(''),
    };
    for (const [name, signKeyless] of Object.entries(signers)) {
      const entry = lock.images[name]!;
      const repository = `${chain.upstream.host}/published/fluxcd/${name}`;
      const { digest } = await pushImage(`${repository}:v1.0.0`, `keyless ${name}`);
      entry.digest = digest;
      entry.signer = { issuer: ISSUER, identity: '^https://github\\.com/fluxcd/.*$' };
      await signKeyless(`${repository}@${digest}`);
    }
    writeFile(chain.folder, 'platform.lock.yaml', stringify(lock));
    const platform = parse(readFile(chain.folder, 'platform.yaml')) as { supplyChain: object };
    platform.supplyChain = { ...platform.supplyChain, trustedRoot: 'supply-chain/trusted_root.json' };
    writeFile(chain.folder, 'platform.yaml', stringify(platform));
    writeFile(chain.folder, path.join('supply-chain', 'trusted_root.json'), fs.readFileSync(ours.trustedRoot, 'utf8'));

    const { code, out, err } = await chain.release(Object.keys(signers).flatMap((name) => ['--only', name]));
    expect(code).toBe(1);
    expect(out).toMatch(/✓ {2}source-controller +v1\.0\.0 +sha256:[a-f0-9]{12} +verified +clean +copied/);
    expect(out).toContain('4 of 5 failed');
    const refusal = (name: string): string => new RegExp(`image ${name}: .*`).exec(err)?.[0] ?? '';
    expect(refusal('kustomize-controller')).toMatch(
      /is not signed by whom the lock names: .*got subjects \[https:\/\/github\.com\/mallory/,
    );
    expect(refusal('helm-controller')).toMatch(
      /is not signed by whom the lock names: .*with issuer https:\/\/accounts\.example\.com/,
    );
    expect(refusal('notification-controller')).toContain('is not signed by whom the lock names');
    expect(refusal('image-reflector-controller')).toContain('no signatures found');
  });
});
