import type { MappingNames } from '#agents/entsso/sso-server-link.ts';
import type { SsoCaller } from '#sso/caller.ts';
import type { Mappings } from '#sso/mappings.ts';
import { isSsoError } from '#sso/sso-error.ts';

import { realmOf } from '../channel/domain-proofs.ts';
import type { Domain } from './domain-directory.ts';

/** Mappings of the server that an agent connects to, in the rights of the account that it names. */
export interface MappingDesk {
  create(account: string, mapping: MappingNames): Promise<void>;
  delete(account: string, mapping: MappingNames): Promise<void>;
}

/** Works with the rights of the agent's account, never with those of the service that it runs in. */
export function createMappingDesk(mappings: Mappings, domains: () => readonly Domain[]): MappingDesk {
  const callerOf = (user: string): SsoCaller => {
    const account = ntNameOf(user, domains());
    return { account, name: account, isRemote: false };
  };
  return {
    async create(user, mapping) {
      const caller = callerOf(user);
      try {
        await mappings.create(caller, [mapping]);
      } catch (error) {
        if (!isSsoError(error, 11045) && !isSsoError(error, 11046)) throw error;
        // Made by an earlier run, or by hand: whether it is enabled is its administrator's choice.
        if (await exists(mapping)) return;
        throw error;
      }
      await mappings.setEnabled(caller, mapping, true);
    },
    async delete(user, mapping) {
      const caller = callerOf(user);
      if (!(await exists(mapping))) return;
      await mappings.setEnabled(caller, mapping, false);
      await mappings.delete(caller, [mapping]);
    },
  };

  async function exists(mapping: MappingNames): Promise<boolean> {
    try {
      await mappings.find(mapping);
      return true;
    } catch (error) {
      if (isSsoError(error, 10757)) return false;
      throw error;
    }
  }
}

/** `DOMAIN\name` of a user who may be written as `name@domain`. */
function ntNameOf(user: string, domains: readonly Domain[]): string {
  const [name = '', realm] = user.split('@');
  if (realm === undefined) return user;
  const domain = domains.find(({ dn }) => realmOf(dn) === realm.toUpperCase());
  return `${domain?.name ?? realm}\\${name}`;
}
