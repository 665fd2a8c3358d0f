import { type PlanObject, type PlanValue } from '../../plan/plan-value';
import { type Finding } from '../finding';
import { isKnownText, isObject, shown, valueAt } from '../known-value';
import { type PolicyFacts } from '../policy-facts';
import { type ResourceRule } from '../rule';

const FLUX_INSTANCE = 'kubernetes:fluxcd.controlplane.io/v1:FluxInstance';
const HELM = ['kubernetes:helm.sh/v3:Release', 'kubernetes:helm.sh/v3:Chart', 'kubernetes:helm.sh/v4:Chart'];

const EXACT = /^\d+\.\d+\.\d+$/;
const EXACT_CHART = /^v?\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/;
const DIGEST = /@sha256:[0-9a-f]{64}$/;

/** What runs is what was looked at. */
export const exactVersions = (facts: PolicyFacts): ResourceRule => ({
  name: 'exact-versions',
  description:
    'The FluxInstance has the exact version of platform.yaml and no artifact that can change, a chart its exact version, and every image a ' +
    'tag or digest that is not latest. Versions are known before; a chart or patch that names a registry may be known later, ' +
    'and is looked at again when it is.',
  about: (type) => type === FLUX_INSTANCE || HELM.includes(type),
  check: ({ type, props }) => [...(type === FLUX_INSTANCE ? checkFlux(props, facts) : checkChart(props)), ...checkImages(props)],
});

function checkFlux(props: PlanObject, { fluxVersion }: PolicyFacts): readonly Finding[] {
  const version = valueAt(props, 'spec', 'distribution', 'version');
  const artifact = valueAt(props, 'spec', 'distribution', 'artifact');
  return [
    ...(isKnownText(version) && EXACT.test(version) && version === fluxVersion
      ? []
      : [
          {
            message: `spec.distribution.version is ${shown(version)}, and has to be '${fluxVersion}', the version of platform.yaml.`,
            remedy: 'Take the version from flux.version of platform.yaml.',
          },
        ]),
    ...(artifact === undefined || (isKnownText(artifact) && DIGEST.test(artifact))
      ? []
      : [
          {
            message: `spec.distribution.artifact is ${shown(artifact)}, and what it names can change.`,
            remedy: 'Leave the artifact out, or pin it with @sha256:<digest>.',
          },
        ]),
  ];
}

function checkChart(props: PlanObject): readonly Finding[] {
  const version = valueAt(props, 'version');
  return [
    ...(isKnownText(version) && EXACT_CHART.test(version)
      ? []
      : [
          {
            message: `version is ${shown(version)}, and has to be one exact version.`,
            remedy: 'Give version as x.y.z; without it, or with a range, Helm takes the newest.',
          },
        ]),
    ...(valueAt(props, 'devel') === true
      ? [{ message: 'devel is true, by which Helm takes what is not released.', remedy: 'Take devel out.' }]
      : []),
  ];
}

/** Images stand under keys that end with `image`, as `repository` with `tag`, and in the text of patches; latest is told wherever it stands. */
function checkImages(props: PlanObject): readonly Finding[] {
  return [...new Set(imagesIn('', props).filter(floats))].map((image) => ({
    message: `The image ${shown(image)} has no tag or digest, or the tag latest.`,
    remedy: 'Name the image with its exact tag or @sha256:<digest>.',
  }));
}

const floats = (image: string): boolean =>
  !/(:(?!latest$)[\w][\w.-]*|@sha256:[0-9a-f]{64})$/.test(image.slice(image.lastIndexOf('/') + 1));

function imagesIn(key: string, value: PlanValue): readonly string[] {
  if (typeof value === 'string') return isKnownText(value) ? imagesInText(key, value) : [];
  if (Array.isArray(value)) return (value as readonly PlanValue[]).flatMap((one) => imagesIn(key, one));
  if (!isObject(value)) return [];
  return [...imageOf(key, value), ...Object.entries(value).flatMap(([name, one]) => imagesIn(name, one))];
}

/** `repository` is an image beside `tag` or `digest`, or under a key such as `image`. */
function imageOf(key: string, value: PlanObject): readonly string[] {
  const { repository, tag, digest } = value;
  if (typeof repository !== 'string' || !(/image$/i.test(key) || 'tag' in value || 'digest' in value)) return [];
  if (isKnownText(digest) && digest !== '') return [`${repository}@${digest}`];
  return [isKnownText(tag) && tag !== '' ? `${repository}:${tag}` : repository];
}

function imagesInText(key: string, text: string): readonly string[] {
  const named = /image$/i.test(key) && text !== '' && !/\s/.test(text) ? [text] : [];
  // Patches are YAML or JSON in a text.
  const patched = [...text.matchAll(/\bimage["']?:\s*["']?([^\s"',}]+)/g)].map(([, image]) => image!);
  const latest = [...text.matchAll(/\w[\w./-]*:latest(?![\w.-])(?!@)/g)].map(([image]) => image);
  return [...named, ...patched, ...latest];
}
