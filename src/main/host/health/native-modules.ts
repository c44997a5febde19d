import { createRequire } from 'node:module';

import type { Finding } from '#shared/contract/finding.ts';

/** A module that needs a compiler where no ready-built one is had; Carillon starts without it. */
export interface NativeModule {
  readonly name: string;
  readonly available: boolean;
  /** What does not work without it. */
  readonly cost: string;
  readonly fix: string;
}

const modules = [
  {
    name: 'kerberos',
    cost: 'domain controllers cannot deliver, and agents sign in with a password only',
    packages: 'libkrb5-dev',
  },
  {
    name: 'keytar',
    cost: "the operating system's keychain cannot keep the key; a key file or a passphrase can",
    packages: 'libsecret-1-dev',
  },
] as const;

export function findNativeModules(): readonly NativeModule[] {
  return modules.map(({ name, cost, packages }) => ({
    name,
    available: isLoadable(name),
    cost,
    // A module that did not build is taken away again, so there is nothing that "npm rebuild" could build.
    fix: `Install ${packages}, pkg-config, g++, make and python3, then run: npm ci`,
  }));
}

/** By `require`, so that the types check where the module is missing too. */
function isLoadable(name: string): boolean {
  try {
    createRequire(import.meta.url)(name);
    return true;
  } catch {
    return false;
  }
}

/** A missing module matters as much as what the configuration asks of it. */
export function findMissingModules(
  modulesFound: readonly NativeModule[],
  needed: ReadonlySet<string>,
): readonly Finding[] {
  return modulesFound
    .filter(({ available }) => !available)
    .map(({ name, cost, fix }) => ({
      severity: needed.has(name) ? 'error' : 'information',
      subject: name,
      message: `The native module is missing: ${cost}`,
      fix,
    }));
}
