import { execFile } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

import { AppError } from '#shared/model/app-error.ts';

import { findAssets } from './find-assets.ts';

const run = promisify(execFile);

const compilers = ['cc', 'gcc', 'clang'];
const flags = [
  '-O2',
  '-std=gnu11',
  '-Wall',
  '-Wextra',
  '-fPIE',
  '-pie',
  '-fstack-protector-strong',
  '-fstack-clash-protection',
  '-U_FORTIFY_SOURCE',
  '-D_FORTIFY_SOURCE=2',
  '-Wl,-z,relro,-z,now,-z,noexecstack',
  '-s',
];

/**
 * Puts the hook's program at `path`: a prebuilt one for this kind of machine, or compiled here. Returns how.
 * Throws `AppError` `unavailable` where there is neither, or where it does not refuse a simple password.
 */
export async function buildHook(path: string): Promise<string> {
  const folder = findAssets('hook');
  const scratch = mkdtempSync(join(tmpdir(), 'carillon-hook-'));
  try {
    const built = join(scratch, 'carillon-hook');
    const prebuilt = join(folder, `carillon-hook-linux-${process.arch}`);
    let how = 'prebuilt';
    if (existsSync(prebuilt)) copyFileSync(prebuilt, built);
    else how = await compile(join(folder, 'carillon-hook.c'), built);
    await proveHook(built, scratch);
    mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
    const placed = `${path}.new`;
    copyFileSync(built, placed);
    // A rename: Samba may be running the old program at this moment.
    renameSync(placed, path);
    return how;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function compile(source: string, built: string): Promise<string> {
  for (const compiler of compilers) {
    try {
      await run(compiler, [...flags, '-o', built, source]);
      return `compiled with ${compiler}`;
    } catch (cause) {
      if (!(cause instanceof Error && 'code' in cause && cause.code === 'ENOENT'))
        throw new AppError('unavailable', `${compiler} could not build the hook`, { cause });
    }
  }
  throw new AppError('unavailable', 'There is no prebuilt hook for this machine and no C compiler', {
    fix: 'Install gcc and the C library headers (Debian: apt install gcc libc6-dev) and run this again.',
  });
}

/** A program that cannot run would make Samba refuse every change. */
async function proveHook(program: string, scratch: string): Promise<void> {
  const child = run(program, [join(scratch, 'hook.conf')], { env: { SAMBA_CPS_ACCOUNT_NAME: 'carillon' } });
  child.child.stdin?.end('aaaaaaaa');
  const code = await child.then(
    () => 0,
    (error: unknown) => (error instanceof Error && 'code' in error ? error.code : undefined),
  );
  if (code !== 1)
    throw new AppError('unavailable', `The hook does not work on this machine (exit code ${code})`);
}
