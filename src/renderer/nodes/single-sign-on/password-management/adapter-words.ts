import type { AdapterState } from '#shared/contract/adapters.ts';

/** `Enabled, online`. */
export function adapterStateWords({ enabled, online }: Pick<AdapterState, 'enabled' | 'online'>): string {
  return `${enabled ? 'Enabled' : 'Disabled'}, ${online ? 'online' : 'offline'}`;
}
