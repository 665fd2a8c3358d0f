import { load } from '../../src/model';
import { edit, platformFolder, readFile, writeFile } from '../support/platform-folder';

const FILE = 'outputs/dev.yaml';

/** A platform with recorded outputs, where no controller that writes runs. */
function readingPlatform(): string {
  const folder = platformFolder('valid/recorded-outputs');
  const components = '[source-controller, kustomize-controller, helm-controller, image-reflector-controller]';
  edit(folder, 'platform.yaml', '  operator: 0.59.0\n', `  operator: 0.59.0\n  components: ${components}\n`);
  return folder;
}

const withoutWriter = (folder: string): void => {
  writeFile(folder, FILE, readFile(folder, FILE).replace(/^ {2}writer: .*\n/m, ''));
};

describe('the identity that writes', () => {
  it('is not needed where no controller writes', () => {
    const folder = readingPlatform();
    withoutWriter(folder);
    const result = load(folder);
    expect('platform' in result && result.platform.environments[0]!.outputs?.identities).toEqual({
      reader: expect.anything() as unknown,
    });
  });

  it('may be recorded where no controller writes', () => {
    expect(load(readingPlatform())).toHaveProperty('platform');
  });

  it('is needed by the one controller that writes', () => {
    const folder = readingPlatform();
    edit(folder, 'platform.yaml', 'image-reflector-controller]', 'notification-controller]');
    withoutWriter(folder);
    const result = load(folder);
    expect('problems' in result && result.problems.map(({ message }) => message)).toEqual([
      "'identities.writer' is missing, although flux.components of platform.yaml has notification-controller",
    ]);
  });
});
