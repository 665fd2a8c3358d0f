import { FLUX_NAMESPACE } from '../../manifests/builders';
import { PLATFORM_FILE, type Environment, type Platform } from '../model';
import { redact } from '../tools';
import { retry } from './patience';
import { azureDevOpsToken, type NoToken } from './preflight/azure-devops-token';
import { checkIdentities } from './preflight/check-identities';
import { checkSync } from './preflight/check-sync';
import { PREFLIGHT_CHECKS, type PreflightCheck } from './preflight/preflight-check';
import { type PreflightOptions } from './preflight/preflight-options';

/**
 * Looks at what has to be true before the FluxInstance of an environment can become Ready. Never throws for what it finds: what
 * could not be looked at is `unknown`, with the reason.
 */
export function preflight(
  platform: Platform,
  environment: Environment,
  options: PreflightOptions,
): Promise<readonly PreflightCheck[]> {
  const { patience = { deadlineMilliseconds: 0 }, signal, onMissing } = options;
  let told = '';
  return retry(
    patience,
    signal,
    () => look(platform, environment, options),
    (checks) => {
      const missing = checks.filter(({ result }) => result === 'missing');
      const names = missing.map(({ name }) => name).join();
      if (missing.length > 0 && names !== told && options.patience !== undefined) onMissing?.(missing);
      told = names;
      return missing.length > 0;
    },
  );
}

/** One look. */
async function look(platform: Platform, environment: Environment, options: PreflightOptions): Promise<readonly PreflightCheck[]> {
  const { git } = platform;
  const isAzureDevOps = git.host === 'azure-devops';
  if (isAzureDevOps) options.onStep?.('asking for a token of Azure DevOps');
  const token = isAzureDevOps ? await azureDevOpsToken(options) : undefined;
  options.onStep?.(`looking at branch '${environment.branch}' of ${git.url}`);
  const checks = await Promise.all([
    checkSync(platform, environment, options, typeof token === 'string' ? token : undefined),
    token === undefined ? secretChecks(platform) : checkIdentities(platform, environment, options, token),
  ]);
  const order = (check: PreflightCheck): number => PREFLIGHT_CHECKS.indexOf(check.name);
  return checks
    .flat()
    .sort((a, b) => order(a) - order(b))
    .map((check) => ({ ...check, detail: printable(check.detail, options.environment, token) }));
}

function secretChecks({ git: { host, secretName } }: Platform): readonly PreflightCheck[] {
  if (secretName === undefined) return [];
  return [
    {
      name: 'secret',
      result: 'unknown',
      location: { file: PLATFORM_FILE },
      detail: `Secret '${secretName}' with the credentials for ${host} has to be in namespace ${FLUX_NAMESPACE}, which cannot be seen from here`,
      remedy: `\`kubectl --namespace ${FLUX_NAMESPACE} get secret ${secretName}\` shows whether it is there.`,
    },
  ];
}

/** Servers name branches and groups and say why they refuse: nothing of that may steer a terminal or hold a secret. */
function printable(text: string, environment: PreflightOptions['environment'], token: string | NoToken | undefined): string {
  const secrets = typeof token === 'string' ? { ...environment, SYSTEM_ACCESSTOKEN: token } : environment;
  return redact(text, secrets).replace(/[\p{Cc}\p{Cf}]/gu, ' ');
}
