import { type Construct } from 'constructs';
import {
  LOCK_FILE,
  OUTPUTS_FOLDER,
  PLATFORM_FILE,
  type Environment,
  type JsonValue,
  type Platform,
  type System,
} from '../src/model';
import { FluxInstance } from './flux/flux-instance';
import { pendingIdentities, recordedClientIds } from './flux/flux-instance-spec';
import { operatorValues } from './flux/operator-values';
import { generatedHeader, type GeneratedFile } from './generated-file';
import { PlatformCharts } from './systems/platform-charts';
import { manifestText } from './manifest-text';
import { stringify } from './stringify';
import { PlatformRelease } from './systems/platform-release';
import { SystemRegistration } from './systems/system-registration';

/** Folder of everything generated. */
export const CLUSTERS_FOLDER = 'clusters';

/** Every file of an environment, made anew; the same model gives the same bytes. */
export function environmentFiles(platform: Platform, environment: Environment): readonly GeneratedFile[] {
  const folder = `${CLUSTERS_FOLDER}/${environment.name}`;
  return [
    {
      path: `${folder}/flux-operator-values.yaml`,
      content:
        generatedHeader([PLATFORM_FILE, LOCK_FILE]) + stringify(operatorValues(platform, environment) as unknown as JsonValue),
    },
    fluxInstanceFile(`${folder}/flux-instance.yaml`, platform, environment),
    {
      path: `${folder}/systems/platform-charts.yaml`,
      content:
        generatedHeader([PLATFORM_FILE]) +
        manifestText((chart) => new PlatformCharts(chart, 'PlatformCharts', environment.platformCharts)),
    },
    ...environment.systems.map((system) => ({
      path: `${folder}/systems/${system.name}.yaml`,
      content:
        generatedHeader([system.file, PLATFORM_FILE]) +
        manifestText((chart) => {
          addSystem(chart, environment, system);
        }),
    })),
  ];
}

function fluxInstanceFile(path: string, platform: Platform, environment: Environment): GeneratedFile {
  const clientIds = recordedClientIds(environment);
  const outputs = `${OUTPUTS_FOLDER}/${environment.name}.yaml`;
  const pending = pendingIdentities(platform, environment, clientIds).map(
    (identity) => `the client id of ${identity}, which ${outputs} will hold after \`pulumi up --stack ${environment.name}\`.`,
  );
  const sources = environment.outputs === undefined ? [PLATFORM_FILE] : [PLATFORM_FILE, outputs];
  const content = manifestText((chart) => new FluxInstance(chart, 'FluxInstance', { platform, environment, clientIds }));
  return { path, content: generatedHeader(sources, pending) + content };
}

function addSystem(chart: Construct, environment: Environment, system: System): void {
  const { registration, helmRelease } = system;
  if (registration !== undefined) new SystemRegistration(chart, 'Registration', { environment, system, registration });
  if (helmRelease !== undefined) new PlatformRelease(chart, 'Release', { environment, system, release: helmRelease });
}
