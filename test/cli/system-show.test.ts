import { edit, platformFolder, writeFile } from '../support/platform-folder';
import { runCli, type CliResult } from '../support/run-cli';

const show = (folder: string, ...args: readonly string[]): Promise<CliResult> =>
  runCli(['system', 'show', ...args, '--dir', folder]);

describe('k8s-gitops system show', () => {
  it('shows everything, environment by environment', async () => {
    const { code, out } = await show(platformFolder('valid/everything-overridden'), 'shop');
    expect(code).toBe(0);
    expect(out).toMatch(/^shop\n {2}pattern +B\n {2}team +shop\n {2}release +the platform\n {2}file +systems\/shop\.yaml\n/);
    expect(out).toContain('\ndev  suspended\n');
    expect(out).toMatch(/chart +charts\/shop 1\.2\.2 of myorgprod\.azurecr\.io\n {2}image tag +0\.9\n {2}sku +sku-large\n {2}quota +30 pods, CPU 15 up to 120, memory 15Gi up to 240Gi\n/); // prettier-ignore
    expect(out).toMatch(/^docker\.io\/library\/redis:7\.4\.1 +library\/redis:7\.4\.1 +(?:sha256|unresolved)/m);
  });

  it('prints data for machines, of one environment', async () => {
    const { out } = await show(platformFolder(), 'ingress', '--env', 'dev', '--json');
    expect(JSON.parse(out)).toEqual({
      ok: true,
      system: {
        ...{ name: 'ingress', pattern: 'A', team: 'platform', release: 'system', mirror: [], file: 'systems/ingress.yaml' },
        environments: [
          {
            ...{
              environment: 'dev',
              suspended: false,
              bearsData: false,
              namespace: 'ingress',
              dependsOn: [],
              neededBy: ['shop'],
            },
            repository: {
              url: 'https://dev.azure.com/my-org/my-project/_git/k8s-ingress',
              ...{ branch: 'dev', path: './environments/dev/flux' },
            },
            generated: 'clusters/dev/systems/ingress.yaml',
          },
        ],
      },
    });
  });

  it('shows the names of each environment', async () => {
    const folder = platformFolder();
    edit(folder, 'platform.yaml', 'tenancy:', "naming: { namespace: '{system}-{environment}' }\ntenancy:");
    const { out } = await show(folder, 'shop');
    expect(out).toMatch(/\ndev\n(?: .*\n)* {2}namespace +shop-dev\n(?: .*\n)*\nprod\n(?: .*\n)* {2}namespace +shop-prod\n/);
  });

  it.each([
    [['shpo'], "unknown system 'shpo'. Did you mean 'shop'?"],
    [['shop', '--env', 'prd'], "unknown environment 'prd'. Did you mean 'prod'?"],
  ])('refuses %j', async (args, message) => {
    expect(await show(platformFolder(), ...args)).toEqual({ code: 2, out: '', err: `error: ${message}\n` });
  });

  it('tells the problems of the model', async () => {
    const folder = platformFolder();
    writeFile(folder, 'systems/shop.yaml', 'pattern: Z\nteam: x\n');
    expect(await show(folder, 'ingress')).toMatchObject({ code: 1, out: '' });
  });
});

describe('k8s-gitops system skus', () => {
  it('offers no folder, because the sizes are the same in all', async () => {
    expect((await runCli(['system', 'skus', '--help'])).out).not.toContain('--dir');
    expect(await runCli(['system', 'skus', '--dir', '.'])).toMatchObject({ code: 2, out: '' });
    const { code, out } = await runCli(['system', 'skus', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ ok: true, skus: { 'sku-small': {} } });
  });
});
