import * as fs from 'node:fs';
import * as path from 'node:path';
import * as pulumi from '@pulumi/pulumi';
import { formatProblem, type Environment, type StackSettings } from '../src/model';
import { registryLogin, removeRegistryLogin } from '../src/stacks';
import { checkKubeconfig } from './cluster/kubeconfig';
import { registryConfigFile } from './registry-config';
import { type Effects } from './stack-program';

/** The effects of a program that the engine runs. */
export function liveEffects(platformFolder: string, environment: Environment, settings: StackSettings): Effects {
  return {
    signInToRegistry: async ({ name, loginServer }) => {
      const { folder } = registryConfigFile(environment, settings);
      const configFile = path.join(platformFolder, folder, 'config.json');
      if (settings.dockerConfig !== undefined) {
        if (fs.existsSync(configFile)) return;
        throw new pulumi.RunError(
          `${folder}/config.json does not exist, and 'k8s-gitops:dockerConfig' says that the credentials of ${loginServer} are there.\n` +
            `→ helm registry login ${loginServer} --registry-config ${folder}/config.json, or remove 'k8s-gitops:dockerConfig' and \`az\` signs in.`,
        );
      }
      // What is signed in for one run is gone after it, however it ends.
      process.once('exit', () => {
        removeRegistryLogin(configFile);
      });
      const problem = await registryLogin({ registry: name, loginServer, configFile, environment: process.env });
      if (problem !== undefined) throw new pulumi.RunError(formatProblem(problem));
    },
    kubeconfigFile: (file, context) => {
      const absolute = path.resolve(platformFolder, file);
      const text = fs.existsSync(absolute) ? fs.readFileSync(absolute, 'utf8') : undefined;
      const wrong = text === undefined ? 'does not exist' : checkKubeconfig(text, context);
      if (wrong === undefined) return path.isAbsolute(file) ? file : path.posix.join('..', file);
      throw new pulumi.RunError(
        `The kubeconfig ${file} ${wrong}.\n→ Correct 'k8s-gitops:cluster.kubeconfig' (and '.context'), or remove it and the endpoint is looked up.`,
      );
    },
    info: (message) => {
      void pulumi.log.info(message);
    },
    warn: (message) => {
      void pulumi.log.warn(message);
    },
  };
}
