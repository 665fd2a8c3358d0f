import { z } from 'zod';
import { custom } from './custom-issue';
import { TAG_NAME } from './rules/azure-names';
import { text } from './rules/text-rule';

/** Azure takes 15 tags on a key of a Key Vault, of which the program sets two. */
const MAX_TAGS = 13;

/** Tags that the program sets. */
const OWN_TAGS: readonly string[] = ['environment', 'managed-by'];

/** Tags that Azure would take for one another, that the program sets itself, or that are too many. */
function usableTags(tags: Readonly<Record<string, string>>, context: z.RefinementCtx): void {
  const first = new Map<string, string>();
  for (const name of Object.keys(tags)) {
    if (name === 'secure') {
      custom(
        context,
        [name],
        "a tag is called 'secure', which is how Pulumi writes a secret",
        'Tags are no secrets: everybody who sees the resource sees them. Remove it.',
      );
      continue;
    }
    const key = name.toLowerCase();
    const earlier = first.get(key);
    if (OWN_TAGS.includes(key)) {
      custom(context, [name], `the tag '${name}' is set by the program`, 'Remove it, or choose another name.');
    } else if (earlier !== undefined) {
      custom(context, [name], `the tags '${earlier}' and '${name}' are one to Azure, which ignores case`, 'Keep one of the two.');
    } else first.set(key, name);
  }
  const count = Object.keys(tags).length;
  if (count > MAX_TAGS) {
    custom(
      context,
      [],
      `there are ${count} tags, more than ${MAX_TAGS}: keys and secrets of a Key Vault take 15, of which the program sets ${OWN_TAGS.join(' and ')}`,
      'Remove some.',
    );
  }
}

/** Tags of every resource of a stack. */
export const azureTags = z
  .record(text(TAG_NAME), z.string().max(256))
  .superRefine(usableTags)
  .describe(`Tags of every resource, besides \`environment\` and \`managed-by\`, which the program sets: at most ${MAX_TAGS}.`)
  .prefault({});
