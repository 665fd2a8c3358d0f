import { formatLocation, type Problem } from '../problem';
import { type Sources } from '../sources';
import { suggestion } from '../suggest';
import { own } from '../records';
import { loginServerOf } from '../login-server';

/** Recorded facts fit the environment they are recorded for. */
export function checkOutputs({ platform, outputs }: Sources): readonly Problem[] {
  return [...outputs].flatMap(([name, { yaml, content }]): readonly Problem[] => {
    const environment = own(platform.content.environments, name);
    if (environment === undefined) {
      return [
        {
          location: { file: yaml.file },
          message: `records outputs of environment '${name}', which does not exist`,
          remedy: `${suggestion(name, Object.keys(platform.content.environments), 'environments of platform.yaml')} Rename or delete the file.`,
        },
      ];
    }
    const problems: Problem[] = [];
    for (const [section, resource] of [
      ['registry', 'registry'],
      ['vault', 'vault'],
      ['signingKeys', 'vault'],
    ] as const) {
      const owner = environment[resource].sharedWith;
      if (owner !== undefined && content[section] !== undefined) {
        problems.push({
          location: yaml.locateKey([section])!,
          message: `'${section}' is recorded, but '${name}' shares the ${resource} of '${owner}' (${formatLocation(platform.yaml.locate(['environments', name, resource, 'sharedWith']))})`,
          remedy: `Record it in outputs/${owner}.yaml, which owns it.`,
        });
      } else if (owner === undefined && content[section] === undefined) {
        problems.push({
          location: yaml.locate([]),
          message: `'${section}' is missing, although '${name}' owns its ${resource}`,
          remedy: 'Record the outputs of the stack again.',
        });
      }
    }
    const recorded = content.registry?.loginServer;
    const expected = environment.registry.sharedWith === undefined ? loginServerOf(platform.content, name) : recorded;
    if (recorded !== undefined && recorded !== expected) {
      problems.push({
        location: yaml.locate(['registry', 'loginServer']),
        message: `the registry is recorded as '${recorded}', but platform.yaml makes it '${expected ?? ''}'`,
        remedy: `Give 'environments.${name}.registry.loginServer' in platform.yaml, or record the outputs again.`,
      });
    }
    return problems;
  });
}
