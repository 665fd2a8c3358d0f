/** Folder of what the stacks learned. */
export const OUTPUTS_FOLDER = 'outputs';

/** The file that holds the configuration of a stack, as Pulumi calls it. */
export const stackFile = (stack: string): string => `Pulumi.${stack}.yaml`;

/** The file that records what a stack learned, relative to the platform folder. */
export const outputsPath = (stack: string): string => `${OUTPUTS_FOLDER}/${stack}.yaml`;
