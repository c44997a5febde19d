import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';

import { AppError } from '#shared/model/app-error.ts';
import { buildHook } from './build-hook.ts';
import type { CaptureConfiguration } from './capture-configuration.ts';
import { addPasswordScript, hookCommand, readGlobalParameter, removePasswordScript } from './smb-conf.ts';

export interface InstallOptions {
  readonly configuration: CaptureConfiguration;
  /** Says what would be done, and does nothing. */
  readonly dryRun: boolean;
  readonly write: (line: string) => void;
}

/** Wires the hook into Samba. Done twice it changes nothing the second time. Throws `AppError`. */
export async function installCapture({ configuration, dryRun, write }: InstallOptions): Promise<void> {
  const { hook, smbConf } = configuration;
  const before = readSmbConf(smbConf);
  const command = hookCommand(hook);
  const after = addPasswordScript(before, command);
  const settings = hookSettings(configuration);
  const replaced = readGlobalParameter(removePasswordScript(before), 'check password script');

  write(`Hook: ${hook.program}, run by Samba for every new password before it is taken`);
  write(
    `Its settings: ${hook.configuration} (${hook.whenAway === 'open' ? 'changes pass' : 'changes are refused'} while capture is away)`,
  );
  if (before === after) write(`${smbConf} has "check password script" already`);
  else
    write(
      `${smbConf} gets: check password script = ${command}; the file as it is now is kept as ${backupOf(smbConf)}`,
    );
  if (replaced !== undefined)
    write(`This takes the place of "${replaced}", which stays in the file as a comment and is no longer run`);
  if (dryRun) return;

  write(`The hook was put in place (${await buildHook(hook.program)})`);
  writeDurably(hook.configuration, settings, 0o644);
  if (before !== after) {
    if (!existsSync(backupOf(smbConf))) copyFileSync(smbConf, backupOf(smbConf));
    writeDurably(smbConf, after, statSync(smbConf).mode & 0o777);
  }
  write(
    'Samba reads this when it starts: restart it on this domain controller (systemctl restart samba-ad-dc).',
  );
  write(
    'Samba asks the hook only while the domain wants complex passwords: samba-tool domain passwordsettings show',
  );
}

/** Takes the hook out of Samba and leaves queue and configuration where they are. */
export function uninstallCapture({ configuration, dryRun, write }: InstallOptions): void {
  const { hook, smbConf } = configuration;
  const before = readSmbConf(smbConf);
  const after = removePasswordScript(before);
  if (before === after) write(`${smbConf} has no hook of Carillon's`);
  else
    write(
      `${smbConf} loses "check password script"${after.length > before.length ? ', as it was before' : ''}`,
    );
  if (dryRun) return;
  if (before !== after) writeDurably(smbConf, after, statSync(smbConf).mode & 0o777);
  // The program stays: until Samba is restarted it would refuse every change without it.
  write(
    `Restart Samba now (systemctl restart samba-ad-dc); then ${hook.program} and ${hook.configuration} can go.`,
  );
}

/** The hook's settings in the form that it reads. */
function hookSettings({ hook }: CaptureConfiguration): string {
  return [
    `socket = ${hook.socket}`,
    `deadline-ms = ${hook.deadlineMs}`,
    `when-away = ${hook.whenAway}`,
    `complexity = ${hook.complexity ? 'on' : 'off'}`,
    '',
  ].join('\n');
}

function readSmbConf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new AppError('not_found', `${path} cannot be read`, {
      fix: 'Name the smb.conf of this domain controller as "smbConf" in the capture configuration.',
      cause,
    });
  }
}

function backupOf(path: string): string {
  return `${path}.before-carillon`;
}

function writeDurably(path: string, text: string, mode: number): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
  const unfinished = `${path}.part`;
  try {
    writeFileSync(unfinished, text, { mode, flush: true });
    renameSync(unfinished, path);
  } catch (cause) {
    rmSync(unfinished, { force: true });
    throw new AppError('unavailable', `${path} cannot be written`, { cause });
  }
}
