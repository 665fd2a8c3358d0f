import * as pulumi from '@pulumi/pulumi';

/**
 * Why a program does not go on, told to a person without a stack trace.
 *
 * It has no stack at all: Pulumi formats it for its own tracing whether or not it is shown, which takes Node 20 up to a minute.
 */
export function refusal(message: string): Error {
  const error = new pulumi.RunError(message);
  delete error.stack;
  return error;
}
