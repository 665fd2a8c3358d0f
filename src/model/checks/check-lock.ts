import { type Problem } from '../problem';
import { type Source, type Sources } from '../sources';
import { CONTROLLERS_PATH, OPERATOR, type LockFile } from '../lock-file';

/** The lock belongs to the versions that the model names. */
export function checkLock({ platform, lock }: Sources): readonly Problem[] {
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
      remedy: `Set both to the same: resolve the new version into ${lock.yaml.file}, or go back to '${locked}'.`,
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
    remedy: `Add it with its digest, or with 'digest: unresolved' where it is not known yet.`,
  };
}
