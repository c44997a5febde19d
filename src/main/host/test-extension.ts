import { type ExtensionCheck, testExtension } from '#agents/extension/extension-kit.ts';
import { extensionSchema } from '#shared/model/agent-extension.ts';
import { AppError } from '#shared/model/app-error.ts';
import type { SecretBytes } from '#shared/secret/secret-bytes.ts';

export interface ExtensionCommand {
  readonly command: string;
  readonly arguments: readonly string[];
  /** `name=value` texts. */
  readonly parameters: readonly string[];
  readonly object?: string | undefined;
  readonly credential?: SecretBytes | undefined;
  /** Seconds that one request may take. */
  readonly timeout: number;
}

/** Runs the conformance kit on a command. Throws `AppError` `invalid_input` where it cannot be one. */
export async function testExtensionCommand(given: ExtensionCommand): Promise<{
  readonly ok: boolean;
  readonly checks: readonly ExtensionCheck[];
}> {
  const parameters = given.parameters.map((text) => {
    const equals = text.indexOf('=');
    if (equals > 0) return [text.slice(0, equals), text.slice(equals + 1)] as const;
    throw new AppError('invalid_input', `"${text}" has not the form name=value`);
  });
  const extension = extensionSchema.safeParse({
    command: given.command,
    arguments: given.arguments,
    parameters: Object.fromEntries(parameters),
    startTimeout: given.timeout,
  });
  if (!extension.success) throw new AppError('invalid_input', `"${given.command}" cannot be started`);
  const { object, credential, timeout } = given;
  const checks = await testExtension({
    extension: extension.data,
    timeout: timeout * 1000,
    ...(object !== undefined && { object }),
    ...(credential !== undefined && { credential }),
  });
  return { ok: checks.every(({ result }) => result !== 'failed'), checks };
}
