import { type Environment, type Platform, type Problem } from '../model';
import { describeAge, durationMilliseconds, parseTrivyState } from './database-age';
import { lastWords } from './explain-failure';
import { missingTool } from './find-chain-tools';
import { callTool, isInterrupted, type ToolCaller } from './tool-call';
import { downloadDatabaseCalls, versionCall, type ScanSettings } from './trivy';

/** Clocks differ; a database that is made for tomorrow is wrong. */
const TOLERATED_CLOCK_DIFFERENCE = durationMilliseconds('1h');

/** Gets the databases from the environment's registry and refuses ones that are too old to scan with. */
export async function prepareScan(
  { supplyChain }: Platform,
  { name }: Environment,
  caller: ToolCaller,
  settings: ScanSettings,
  today: Date,
): Promise<readonly Problem[]> {
  if (caller.executables.trivy === undefined) return [missingTool('trivy')];
  if (isInterrupted(caller)) return [];
  const location = { file: `${settings.loginServer}/trivy` };
  const copy = `Run \`npx k8s-gitops images databases --env ${name}\`, which copies them from upstream; a pipeline does it daily.`;
  for (const call of downloadDatabaseCalls(settings)) {
    const result = await callTool(caller, call);
    if (result.code === 0) continue;
    if (isInterrupted(caller)) return [];
    const message = `the vulnerability databases cannot be had: trivy: ${result.failure ?? lastWords(result.stderr)}`;
    return [{ location, message, remedy: copy }];
  }
  const result = await callTool(caller, versionCall(settings));
  const state = result.code === 0 ? parseTrivyState(result.stdout) : undefined;
  if (state?.databaseUpdatedAt === undefined) {
    return [{ location, message: 'Trivy does not tell how old its vulnerability database is', remedy: copy }];
  }
  const age = today.getTime() - state.databaseUpdatedAt.getTime();
  if (age < -TOLERATED_CLOCK_DIFFERENCE) {
    const message = `the vulnerability database says that it is of ${state.databaseUpdatedAt.toISOString()}, which is still to come`;
    return [{ location, message, remedy: `Check the clock of this machine. ${copy}` }];
  }
  if (age <= durationMilliseconds(supplyChain.databaseMaxAge)) return [];
  return [
    {
      location,
      message: `the vulnerability database is ${describeAge(age)} old (of ${state.databaseUpdatedAt.toISOString()}), more than supplyChain.databaseMaxAge allows (${supplyChain.databaseMaxAge})`,
      remedy: copy,
    },
  ];
}
