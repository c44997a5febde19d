import type { DomainController, KnownController } from '#shared/contract/capture.ts';

/** A domain controller without a word for this long is an alarm. */
const silenceLimit = 60 * 60_000;

export type NamedController = Pick<DomainController, 'server' | 'domain'>;

/** Everything that was heard of, and what the directory names besides, by name. */
export function knownControllers(
  heard: readonly DomainController[],
  named: readonly NamedController[],
  now: number,
): readonly KnownController[] {
  const known = new Set(heard.map(controllerKey));
  return [
    ...heard.map(
      (one) => ({ ...one, capture: now - lastWord(one) > silenceLimit ? 'silent' : 'alive' }) as const,
    ),
    ...named
      .filter((one) => !known.has(controllerKey(one)))
      .map((one) => ({ ...one, capture: 'missing' }) as const),
  ].sort((left, right) => left.server.localeCompare(right.server));
}

type LastHeard = Pick<KnownController, 'lastHeartbeatAt' | 'lastChangeAt' | 'firstSeenAt'>;

/** When a domain controller was last heard of, milliseconds since 1970 UTC. */
export function lastWord({ lastHeartbeatAt, lastChangeAt, firstSeenAt }: LastHeard): number {
  return Math.max(lastHeartbeatAt ?? 0, lastChangeAt ?? 0, firstSeenAt ?? 0);
}

/** Names are compared by their first label: senders call themselves with or without their domain. */
export function controllerKey({ server, domain }: NamedController): string {
  return `${domain}\\${server.split('.')[0] ?? server}`.toLowerCase();
}
