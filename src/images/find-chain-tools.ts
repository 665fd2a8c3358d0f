import { type Platform, type Problem } from '../model';
import { locateTool, TOOLS_FOLDER, type LocatedTool } from '../tools';
import { CHAIN_TOOLS, type ChainTool } from './tool-call';

/** The tools of the chain on this machine; absent where there is none. */
export type ChainToolsFound = Readonly<Partial<Record<ChainTool, LocatedTool>>>;

export function findChainTools(
  { directory }: Platform,
  environment: Readonly<Record<string, string | undefined>>,
): ChainToolsFound {
  return Object.fromEntries(
    CHAIN_TOOLS.flatMap((name) => {
      const found = locateTool(name, directory, environment);
      return found === undefined ? [] : [[name, found] as const];
    }),
  );
}

/** The problem of a tool that is needed and not here. */
export function missingTool(name: ChainTool): Problem {
  return {
    location: { file: name },
    message: 'is neither installed nor on PATH',
    remedy: `Run \`npx k8s-gitops tools install ${name}\`.`,
  };
}

/** Where each tool is from, for people: where the pinned ones are installed, or PATH. */
export function describeTools(found: ChainToolsFound): string {
  return CHAIN_TOOLS.map((name) => {
    const origin = found[name]?.origin;
    if (origin === undefined) return `${name} missing`;
    return `${name} from ${origin === 'installed' ? TOOLS_FOLDER : 'PATH'}`;
  }).join(', ');
}
