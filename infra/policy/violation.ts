/** A rule that a resource or a stack breaks. */
export interface Violation {
  /** Name of the rule. */
  readonly policy: string;
  readonly enforcement: 'mandatory' | 'advisory';
  /** Of the resource. @default - it is about the stack as a whole */
  readonly urn?: string;
  /** Short name of the resource. @default - it is about the stack as a whole */
  readonly resource?: string;
  /** What is wrong, with both values. */
  readonly message: string;
  /** What to do about it. */
  readonly remedy: string;
}
