import { ORGANIZATION_STACK } from '../environment-names';
import { type Problem } from '../problem';
import { type Sources } from '../sources';
import { stackFile } from '../stack-file-name';
import { suggestion } from '../suggest';

/** Every file that looks like the settings of a stack is one: another would be ignored silently. */
export function checkStackFiles({ platform, stackFiles }: Sources): readonly Problem[] {
  const stacks = [...Object.keys(platform.content.environments), ORGANIZATION_STACK];
  return stackFiles.flatMap((file): readonly Problem[] => {
    const [, stack = '', ending = ''] = /^Pulumi\.(.+)\.([^.]+)$/.exec(file) ?? [];
    if (!stacks.includes(stack)) {
      return [
        {
          location: { file },
          message: 'is the settings of no environment',
          remedy: `${suggestion(stack, stacks, 'stacks')} Rename or delete it.`,
        },
      ];
    }
    if (ending === 'yaml') return [];
    return [
      {
        location: { file },
        message: "is not a 'Pulumi.<environment>.yaml' file, so it would be ignored",
        remedy: `Rename it to '${stackFile(stack)}'.`,
      },
    ];
  });
}
