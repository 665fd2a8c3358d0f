import { type Environment, type Platform, type StackSettings } from '../src/model';

/** A registry, as it is signed in to. */
export interface RegistryToSignInTo {
  readonly name: string;
  readonly loginServer: string;
  readonly subscriptionId: string;
}

/** What reaches outside of Pulumi's own ways while a program runs; an offline plan has none of it. */
export interface Effects {
  /**
   * Writes credentials of the registry where Helm, crane and cosign look for them.
   *
   * @throws pulumi.RunError with what is missing
   */
  readonly signInToRegistry: (registry: RegistryToSignInTo) => Promise<void>;
  /**
   * Checks a kubeconfig file that is given in place of the endpoint that Azure names.
   *
   * @param file relative to the platform folder
   * @returns its path as the Kubernetes provider finds it
   * @throws pulumi.RunError with what is wrong with it
   */
  readonly kubeconfigFile: (file: string, context?: string) => string;
  /** Tells the person who runs it what is worth knowing. */
  readonly info: (message: string) => void;
  /** Tells the person who runs it what another team has to do, which stands in the outputs too. */
  readonly request: (message: string) => void;
  /** Tells the person who runs it what should not stay so. */
  readonly warn: (message: string) => void;
}

/** What the program of an environment's stack is made from. */
export interface StackContext {
  readonly platform: Platform;
  readonly environment: Environment;
  readonly settings: StackSettings;
  readonly effects: Effects;
}

/** The program of a stack: registers its resources and gives the outputs of the stack. */
export type StackProgram = (context: StackContext) => Promise<Record<string, unknown>>;
