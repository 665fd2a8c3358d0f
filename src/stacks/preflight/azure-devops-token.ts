import { azureCli } from '../azure-cli';
import { type PreflightOptions } from './preflight-options';

/** Microsoft's application id of Azure DevOps, for which the Azure CLI asks a token. */
const AZURE_DEVOPS = '499b84ac-1321-427f-aa17-267ca6975798';

const TIMEOUT_MILLISECONDS = 60_000;

/** Why there is no token. */
export interface NoToken {
  readonly reason: string;
  readonly remedy: string;
}

/** A token for Azure DevOps: of the pipeline's job where there is one, otherwise of whoever signed in with the Azure CLI. */
export async function azureDevOpsToken({ environment, signal }: PreflightOptions): Promise<string | NoToken> {
  const ofPipeline = environment['SYSTEM_ACCESSTOKEN'];
  if (ofPipeline !== undefined && ofPipeline !== '') return usable(ofPipeline, 'SYSTEM_ACCESSTOKEN');
  const answer = await azureCli(['account', 'get-access-token', '--resource', AZURE_DEVOPS, '--query', 'accessToken'], {
    environment,
    timeoutMilliseconds: TIMEOUT_MILLISECONDS,
    ...(signal === undefined ? {} : { signal }),
  });
  if ('problem' in answer) {
    const { message, remedy } = answer.problem;
    return { reason: `there is no token for Azure DevOps: ${message}`, remedy: `${remedy} ${IN_A_PIPELINE}` };
  }
  return usable(answer.value, 'what `az account get-access-token` printed');
}

const IN_A_PIPELINE = 'In a pipeline, hand it SYSTEM_ACCESSTOKEN.';

/** A token goes into a header: a line break in it would begin another one. The value itself is never told. */
function usable(value: unknown, source: string): string | NoToken {
  if (typeof value === 'string' && /^[\x21-\x7e]+$/.test(value)) return value;
  return { reason: `${source} is not a token`, remedy: `Sign in with \`az login\`, then run it again. ${IN_A_PIPELINE}` };
}
