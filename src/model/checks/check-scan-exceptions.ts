import { type Problem } from '../problem';
import { REPOSITORY_PATH } from '../rules/oci-references';
import { violation } from '../rules/text-rule';
import { REGISTRY_PREFIX } from '../scan-exceptions-file';
import { type Sources } from '../sources';
import { suggestion } from '../suggest';

/** An exception names images that there are, and each finding is accepted once. */
export function checkScanExceptions({ scanExceptions, lock }: Sources): readonly Problem[] {
  if (scanExceptions === undefined || lock === undefined) return [];
  const { yaml, content } = scanExceptions;
  const known = Object.keys(lock.content.images);
  const told = new Map<string, number>();
  return content.exceptions.flatMap((exception, index) =>
    exception.images.flatMap((image, position): readonly Problem[] => {
      const location = yaml.locate(['exceptions', index, 'images', position]);
      const isApplication =
        image.startsWith(REGISTRY_PREFIX) && violation(REPOSITORY_PATH, image.slice(REGISTRY_PREFIX.length)) === undefined;
      if (!isApplication && !known.includes(image)) {
        return [
          { location, message: `unknown image '${image}'`, remedy: suggestion(image, known, `images of ${lock.yaml.file}`) },
        ];
      }
      const key = JSON.stringify([exception.vulnerability, image, exception.package]);
      const earlier = told.get(key);
      told.set(key, index);
      if (earlier === undefined) return [];
      return [
        {
          location,
          message: `${exception.vulnerability} in '${image}' is already excepted by 'exceptions[${earlier}]'`,
          remedy: 'Keep one of the two.',
        },
      ];
    }),
  );
}
