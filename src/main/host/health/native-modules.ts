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
    load: () => import('kerberos'),
    cost: 'domain controllers cannot deliver, and agents sign in with a password only',
    packages: 'libkrb5-dev',
  },
  {
    name: 'keytar',
    load: () => import('keytar'),
    cost: "the operating system's keychain cannot keep the key; a key file or a passphrase can",
    packages: 'libsecret-1-dev',
  },
] as const;

export async function findNativeModules(): Promise<readonly NativeModule[]> {
  return await Promise.all(
    modules.map(async ({ name, load, cost, packages }) => ({
      name,
      available: await load().then(
        () => true,
        () => false,
      ),
      cost,
      fix: `Install ${packages}, g++ and make, then run: npm rebuild ${name}`,
    })),
  );
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
