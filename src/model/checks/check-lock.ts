import { type Problem } from '../problem';
import { type Source, type Sources } from '../sources';
import { CONTROLLERS_PATH, OPERATOR, UNRESOLVED, type LockFile } from '../lock-file';
import { parseMirrorReference } from '../mirror-reference';
import { own } from '../records';
import { type SystemFile } from '../system-file';

/** Resolves what the lock lacks. */
const RESOLVE = 'Run `npx k8s-gitops upgrade`, which resolves what is missing.';

/** The lock belongs to the versions that the model names, and has what the systems mirror. */
export function checkLock({ platform, lock, systems }: Sources): readonly Problem[] {
  if (lock === undefined) return [];
  const { flux } = platform.content;
  return [
    ...differs(lock, platform, 'version', flux.version),
    ...differs(lock, platform, 'variant', flux.variant),
    ...differs(lock, platform, 'operator', flux.operator),
    ...[...flux.components, OPERATOR]
      .filter((image) => lock.content.images[image] === undefined)
      .map((image) => missing(lock, 'images', image)),
    ...(lock.content.charts[OPERATOR] === undefined ? [missing(lock, 'charts', OPERATOR)] : []),
    ...flux.components.flatMap((component) => otherTarget(lock, component)),
    ...otherTag(lock, 'images', `v${flux.operator}`),
    ...otherTag(lock, 'charts', flux.operator),
    ...[...systems.values()].flatMap((system) => mirrored(lock, system)),
    ...sharedTargets(lock),
  ];
}

function differs(
  lock: Source<LockFile>,
  { yaml }: Sources['platform'],
  field: 'version' | 'variant' | 'operator',
  wanted: string,
): readonly Problem[] {
  const locked = lock.content.flux[field];
  if (locked === wanted) return [];
  return [
    {
      location: yaml.locate(['flux', field]),
      message: `'flux.${field}' is '${wanted}', but ${lock.yaml.file} holds the digests of '${locked}'`,
      remedy: `Run \`npx k8s-gitops upgrade\`, which brings the lock to the model, or go back to '${locked}'.`,
    },
  ];
}

/** A FluxInstance takes every controller from one place in the registry. */
function otherTarget({ yaml, content }: Source<LockFile>, component: string): readonly Problem[] {
  const target = content.images[component]?.target;
  const expected = `${CONTROLLERS_PATH}/${component}`;
  if (target === undefined || target === expected) return [];
  return [
    {
      location: yaml.locate(['images', component, 'target']),
      message: `'images.${component}.target' is '${target}', but the FluxInstance pulls '${expected}'`,
      remedy: `Set it to '${expected}'.`,
    },
  ];
}

/** The operator's image and chart carry its version as their tag. */
function otherTag({ yaml, content }: Source<LockFile>, section: 'images' | 'charts', expected: string): readonly Problem[] {
  const tag = content[section][OPERATOR]?.tag;
  if (tag === undefined || tag === expected) return [];
  return [
    {
      location: yaml.locate([section, OPERATOR, 'tag']),
      message: `'${section}.${OPERATOR}.tag' is '${tag}', but platform.yaml names the version of the tag '${expected}'`,
      remedy: `Set it to '${expected}', with the digest of that tag.`,
    },
  ];
}

function missing({ yaml }: Source<LockFile>, section: 'images' | 'charts', name: string): Problem {
  return {
    location: yaml.locate([section]),
    message: `'${section}' has no entry '${name}', which the platform runs`,
    remedy: RESOLVE,
  };
}

/** What a system mirrors is in the lock, and as the system says. */
function mirrored({ yaml, content }: Source<LockFile>, system: Source<SystemFile>): readonly Problem[] {
  return system.content.mirror.flatMap((given, index): readonly Problem[] => {
    const reference = parseMirrorReference(given);
    const location = system.yaml.locate(['mirror', index]);
    const section = reference.kind === 'image' ? 'images' : 'charts';
    const entry = own(content[section], reference.name);
    if (entry === undefined)
      return [{ location, message: `${yaml.file} has no ${reference.kind} '${reference.name}'`, remedy: RESOLVE }];
    if (`${entry.upstream}:${entry.tag}` !== reference.name) {
      return [
        {
          location: yaml.locate([section, reference.name, entry.upstream === reference.repository ? 'tag' : 'upstream']),
          message: `the entry '${reference.name}' is of '${entry.upstream}:${entry.tag}'`,
          remedy: 'Delete the entry and run `npx k8s-gitops upgrade`, which writes it anew.',
        },
      ];
    }
    if (reference.digest === undefined || entry.digest === UNRESOLVED || entry.digest === reference.digest) return [];
    return [
      {
        location,
        message: `'${reference.name}' is declared with the digest '${reference.digest}', but ${yaml.file} has '${entry.digest}'`,
        remedy: `Find out which one its publisher names. If it is the new one, delete the entry from ${yaml.file} and run \`npx k8s-gitops upgrade\`.`,
      },
    ];
  });
}

/** Two artifacts cannot have one tag in one repository. */
function sharedTargets({ yaml, content }: Source<LockFile>): readonly Problem[] {
  const taken = new Map<string, string>();
  return (['images', 'charts'] as const).flatMap((section) =>
    Object.entries(content[section]).flatMap(([name, { target, tag }]): readonly Problem[] => {
      const place = `${target}:${tag}`;
      const other = taken.get(place);
      taken.set(place, `${section}.${name}`);
      if (other === undefined) return [];
      return [
        {
          location: yaml.locate([section, name, 'target']),
          message: `'${section}.${name}' would be mirrored to '${place}', where '${other}' is`,
          remedy: "Give one of the two another 'target'.",
        },
      ];
    }),
  );
}
