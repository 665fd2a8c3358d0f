import { dotted, kindOf, quote, type PathSegment } from '../model';
import { type PodTemplate } from './pod-template';

/** The levels of the Pod Security Standards that restrict anything. */
export type PodSecurityLevel = 'baseline' | 'restricted';

/** A field of a workload that its namespace's level forbids. */
export interface PodSecurityViolation {
  /** Name of the control, as the Pod Security Standards call it. */
  readonly control: string;
  /** Path of the field in the workload's object; of a field that is missing, where it belongs. */
  readonly path: readonly PathSegment[];
  readonly message: string;
  readonly remedy: string;
}

/** A pod as the controls look at it. */
export interface SecuredPod {
  readonly template: PodTemplate;
  /** Minor version of Kubernetes, such as 34. */
  readonly minor: number;
}

/** Finds what one control forbids. */
export type ControlCheck = (pod: SecuredPod) => readonly Forbidden[];

/** A field that a control forbids. */
export interface Forbidden {
  readonly path: readonly PathSegment[];
  /** @default - the field is missing */
  readonly value?: unknown;
  readonly remedy: string;
}

/** A control of the Pod Security Standards. */
export interface PodSecurityControl {
  readonly name: string;
  readonly check: ControlCheck;
}

/** A violation in words. */
export function explainForbidden(
  { name }: PodSecurityControl,
  level: PodSecurityLevel,
  { path, value, remedy }: Forbidden,
): PodSecurityViolation {
  const what = value === undefined ? 'is missing' : `is ${typeof value === 'object' ? quote(value) : kindOf(value)}`;
  const message = `'${dotted(path)}' ${what}, which Pod Security '${level}' does not allow (${name})`;
  return { control: name, path, message, remedy };
}
