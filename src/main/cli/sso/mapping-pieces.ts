import { mostMappingsAtOnce } from '#shared/contract/sso-bulk.ts';
import { AppError } from '#shared/model/app-error.ts';
import type { SsoApplication } from '#shared/model/sso-application.ts';

interface FileMapping {
  readonly application: string;
  readonly windowsAccount: string;
  readonly externalUser: string;
}

/** What of a mapping stands once in an application of each type, with the event of the second one. */
const singleSides = {
  individual: { windowsAccount: 11045, externalUser: 11046 },
  group: { windowsAccount: 11026 },
  'host-group': { externalUser: 11046 },
} as const;

/**
 * Carries out what a file asks for, piece by piece as a call takes them. Where there are several pieces the server looks
 * at all of them before the first is carried out, so that a mistake anywhere in the file changes nothing. Throws what
 * the first refused piece throws; says how far it came where another hand or an outage ends it in between.
 */
export async function workThrough<T>(
  file: string,
  mappings: readonly FileMapping[],
  work: (piece: FileMapping[], check: boolean) => Promise<T[]>,
): Promise<readonly T[]> {
  const pieces = Array.from({ length: Math.ceil(mappings.length / mostMappingsAtOnce) }, (_, index) =>
    mappings.slice(index * mostMappingsAtOnce, (index + 1) * mostMappingsAtOnce),
  );
  if (pieces.length > 1) for (const piece of pieces) await work(piece, true);
  const done: T[] = [];
  for (const [index, piece] of pieces.entries())
    try {
      done.push(...(await work(piece, false)));
    } catch (cause) {
      if (index === 0 || !(cause instanceof AppError)) throw cause;
      const behind = mappings.length - index * mostMappingsAtOnce;
      throw new AppError(
        cause.code,
        `${done.length} mappings of ${file} were carried out, the last ${behind} were not: ${cause.message}`,
        { cause, fix: `Run it again with a file of the last ${behind}.` },
      );
    }
  return done;
}

/** Throws `AppError` `conflict` where a file has twice what its application takes once. */
export async function requireOnce(
  file: string,
  mappings: readonly FileMapping[],
  find: (application: string) => Promise<SsoApplication>,
): Promise<void> {
  const types = new Map<string, SsoApplication['type']>();
  const seen = new Set<string>();
  for (const mapping of mappings) {
    const application = mapping.application.toLowerCase();
    const type = types.get(application) ?? (await find(mapping.application)).type;
    types.set(application, type);
    const sides: { readonly windowsAccount?: number; readonly externalUser?: number } = singleSides[type];
    for (const side of ['windowsAccount', 'externalUser'] as const) {
      if (sides[side] === undefined) continue;
      const value = side === 'windowsAccount' ? mapping[side].toLowerCase() : mapping[side];
      const key = JSON.stringify([application, side, value]);
      if (seen.has(key))
        throw new AppError(
          'conflict',
          `${file} has ${mapping[side]} twice in ${mapping.application} (event ${sides[side]})`,
        );
      seen.add(key);
    }
  }
}

/** Without mappings that stand there before, in the very same words. */
export function withoutRepeated(mappings: readonly FileMapping[]): readonly FileMapping[] {
  return [...new Map(mappings.map((mapping) => [JSON.stringify(mapping), mapping])).values()];
}
