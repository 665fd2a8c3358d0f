import * as fs from 'node:fs';
import * as path from 'node:path';
import * as pulumi from '@pulumi/pulumi';
import { formatProblem, type Environment, type StackSettings } from '../src/model';
import { registryLogin, removeRegistryLogin } from '../src/stacks';
import { ACCESS_PATIENCE_SECONDS } from './azure/platform-command';
import { checkKubeconfig } from './cluster/kubeconfig';
import { pathFromProgram, registryConfigFile } from './registry-config';
import { type Effects } from './stack-program';
import { refusal } from './azure/refusal';

/** Tells Pulumi's language host that what went wrong has been told. Source: pulumi/pulumi, sdk/nodejs/cmd/run. */
const EXIT_AFTER_MESSAGE = 32;

/**
 * Ends the program from within a value that others wait for. Thrown there, the message would come out as the last of several that wrap it, with a
 * stack trace that means nothing to the reader.
 */
async function stop(message: string): Promise<never> {
  await pulumi.log.error(message);
  return process.exit(EXIT_AFTER_MESSAGE);
}

/** What is signed in for one run is gone after it, however it ends. */
function removeAtEnd(configFile: string): void {
  process.once('exit', () => {
    removeRegistryLogin(configFile);
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      removeRegistryLogin(configFile);
      process.kill(process.pid, signal);
    });
  }
}

/** What a program tells, in the log of the engine. */
export const LOGGED_EFFECTS: Pick<Effects, 'info' | 'request' | 'warn'> = {
  info: (message) => {
    void pulumi.log.info(message);
  },
  request: (message) => {
    void pulumi.log.info(`to request: ${message}`);
  },
  warn: (message) => {
    void pulumi.log.warn(message);
  },
};

/** The effects of a program that the engine runs. */
export function liveEffects(platformFolder: string, environment: Environment, settings: StackSettings): Effects {
  return {
    signInToRegistry: async ({ name, loginServer, subscriptionId }) => {
      const { folder } = registryConfigFile(environment, settings);
      const configFile = path.join(platformFolder, folder, 'config.json');
      if (settings.dockerConfig !== undefined) {
        if (fs.existsSync(configFile)) return;
        return stop(
          `${folder}/config.json does not exist, and 'k8s-gitops:dockerConfig' says that the credentials of ${loginServer} are there.\n` +
            `→ helm registry login ${loginServer} --registry-config ${folder}/config.json, or remove 'k8s-gitops:dockerConfig' and \`az\` signs in.`,
        );
      }
      removeAtEnd(configFile);
      const problem = await registryLogin({
        registry: name,
        loginServer,
        subscription: subscriptionId,
        // The registry and the right to it may be minutes old.
        patience: { deadlineMilliseconds: ACCESS_PATIENCE_SECONDS * 1000 },
        configFile,
        environment: process.env,
      });
      if (problem !== undefined) await stop(formatProblem(problem));
    },
    kubeconfigFile: (file, context) => {
      const absolute = path.resolve(platformFolder, file);
      const text = fs.existsSync(absolute) ? fs.readFileSync(absolute, 'utf8') : undefined;
      const wrong = text === undefined ? 'does not exist' : checkKubeconfig(text, context);
      if (wrong === undefined) return pathFromProgram(file);
      throw refusal(
        `The kubeconfig ${file} ${wrong}.\n→ Correct 'k8s-gitops:cluster.kubeconfig' (and '.context'), or remove it and the endpoint is looked up.`,
      );
    },
    ...LOGGED_EFFECTS,
  };
}
