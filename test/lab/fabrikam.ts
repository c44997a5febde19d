import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { SystemStatus } from '#shared/contract/system.ts';

import { carillonProgram, runCarillon } from './carillon-command.ts';
import { agentNames, fabrikamConfiguration, fullProfile } from './fabrikam-configuration.ts';
import { addServiceAccount, exportKeytab } from './kerberos-realm.ts';
import type { Lab } from './lab.ts';
import { findFreePort } from './port.ts';
import { requireCommand } from './run-command.ts';
import { type ServerProcess, startServerProcess } from './server-process.ts';
import { captureAnswers, engineAnswers } from './service-answers.ts';

const servicePassword = 'Lab-Receiver-1!';
const sourcePassword = 'Lab-Source-1!';

/** The lines of smb.conf that the product needs: the PCNS schema can be added. */
export const fabrikamGlobals = ['dsdb:schema update allowed = yes'];

/** The product at work in a lab: capture on the domain controller, the engine, agents joined, passwords flowing. */
export interface Fabrikam {
  /** Data directory of the engine. */
  readonly data: string;
  /** Capture's configuration file. */
  readonly captureFile: string;
  readonly engine: ServerProcess;
  readonly capture: ServerProcess;
  /** Environment that the product's commands need in here. */
  readonly env: Readonly<Record<string, string>>;
  startEngine(): Promise<void>;
  startCapture(): Promise<void>;
  stop(): Promise<void>;
}

export interface FabrikamOptions {
  readonly lab: Pick<Lab, 'samba' | 'openldap' | 'ds389' | 'directory'>;
  /** Settings of capture beside those of the lab. */
  readonly captureSettings?: { readonly hook?: object; readonly holdTime?: number };
  /** Further environment of the two services, for example options of Node that help to look into them. */
  readonly serviceEnv?: Readonly<Record<string, string>>;
  /** Settings of the engine beside those of the lab. */
  readonly configure?: Readonly<Record<string, unknown>>;
  readonly onProgress: (line: string) => void;
}

/** Sets the whole product up by its own commands, as an administrator would. */
export async function startFabrikam({
  lab,
  captureSettings,
  configure = {},
  serviceEnv,
  onProgress,
}: FabrikamOptions): Promise<Fabrikam> {
  // A service that is left behind by a failure would keep this process, and so the whole lab, from ending.
  await using starting = new AsyncDisposableStack();
  const { samba, directory } = lab;
  const data = join(directory, 'engine');
  const place = join(directory, 'capture');
  const captureFile = join(place, 'capture.json');
  const env = { KRB5_CONFIG: samba.krb5Config };
  // The name must stand on the realm's own address; only FABRIKAM.LAB has a member server's.
  const host = samba.realm === 'FABRIKAM.LAB' ? 'intsvr1.fabrikam.lab' : samba.host;
  const spn = `PCNSCLNT/${host}`;
  // The domain controller's settings name the port: it must outlive a restart of the engine.
  const port = await findFreePort(samba.address);
  mkdirSync(data, { mode: 0o700 });
  mkdirSync(place, { mode: 0o700 });

  onProgress('Making the service accounts');
  await addServiceAccount(samba, {
    name: 'svc-carillon',
    password: servicePassword,
    servicePrincipalNames: [spn],
  });
  await addServiceAccount(samba, { name: 'svc-adma', password: sourcePassword, servicePrincipalNames: [] });
  const keytab = join(data, 'service.keytab');
  await exportKeytab(samba, keytab, spn);

  onProgress('Starting the engine');
  const configuration = fabrikamConfiguration({
    lab,
    keytab,
    spn,
    port,
    sourceAccount: `svc-adma@${samba.realm.toLowerCase()}`,
  });
  writeFileSync(join(data, 'carillon.json'), JSON.stringify({ ...configuration, ...configure }, null, 2), {
    mode: 0o600,
  });
  await runCarillon(['config', 'check', join(data, 'carillon.json')], { env, data });
  const startEngine = (): Promise<ServerProcess> =>
    startServerProcess({
      name: 'Carillon engine',
      command: [...carillonProgram, 'serve', '--data', data],
      env: { ...env, ...serviceEnv },
      logFile: join(data, 'engine.log'),
      isReady: () => engineAnswers(data),
    });
  let engine = await startEngine();
  starting.defer(() => engine.stop());
  for (const [agent, password] of [
    [agentNames.source, sourcePassword],
    [agentNames.openldap, lab.openldap.servicePassword],
    [agentNames.ds389, lab.ds389.servicePassword],
  ] as const) {
    await runCarillon(['agents', 'set-password', agent], { env, data, input: `${password}\n` });
  }

  for (const agent of Object.values(agentNames)) {
    onProgress(`Importing and joining ${agent}`);
    await runCarillon(['run', agent, fullProfile], { env, data, timeout: 120_000 });
  }

  onProgress('Installing capture on the domain controller');
  writeCaptureConfiguration(lab, place, captureFile, captureSettings);
  await requireCommand(
    carillonProgram[0] ?? '',
    [...carillonProgram.slice(1), 'capture', 'install', '--config', captureFile],
    { env },
  );
  await samba.restart();
  const status = await runCarillon<SystemStatus>(['status'], { env, data });
  await configurePcns(lab, status, host);
  const startCapture = (): Promise<ServerProcess> =>
    startServerProcess({
      name: 'Carillon capture',
      command: [...carillonProgram, 'capture', '--config', captureFile],
      env: { ...env, ...serviceEnv },
      logFile: join(place, 'capture.log'),
      isReady: () => captureAnswers(captureFile),
    });
  let capture = await startCapture();

  starting.move();
  return {
    data,
    captureFile,
    env,
    get engine() {
      return engine;
    },
    get capture() {
      return capture;
    },
    async startEngine() {
      engine = await startEngine();
    },
    async startCapture() {
      capture = await startCapture();
    },
    async stop() {
      await Promise.all([capture.stop(), engine.stop()]);
    },
  };
}

function writeCaptureConfiguration(
  { samba }: Pick<Lab, 'samba'>,
  place: string,
  file: string,
  { hook, ...settings }: { readonly hook?: object } = {},
): void {
  const configuration = {
    version: 1,
    dataDirectory: join(place, 'data'),
    smbConf: samba.smbConf,
    hook: {
      program: join(place, 'carillon-hook'),
      configuration: join(place, 'hook.conf'),
      socket: join(place, 'run', 'hook.sock'),
      // The longest there is: on a machine with much else to do the service may not run for seconds, and a change
      // that passes meanwhile reaches nobody.
      deadlineMs: 8000,
      ...hook,
    },
    reconcileInterval: 2,
    refreshInterval: 2,
    ...settings,
  };
  writeFileSync(file, JSON.stringify(configuration, null, 2), { mode: 0o600 });
}

/** Adds the engine as a target where PCNS keeps its targets: in the directory. */
async function configurePcns(
  { samba }: Pick<Lab, 'samba'>,
  { channel }: SystemStatus,
  host: string,
): Promise<void> {
  const remote = [
    `/Server:${samba.host}`,
    `/User:${samba.adminUser}@${samba.realm.toLowerCase()}`,
    '/Password:*',
    `/CaFile:${samba.caFile}`,
  ];
  const input = `${samba.adminPassword}\n`;
  const env = { KRB5_CONFIG: samba.krb5Config };
  await runCarillon(['pcnscfg', 'schema', ...remote], { input, env });
  await runCarillon(
    [
      'pcnscfg',
      'addtarget',
      '/N:INTSVR1',
      `/A:${host}:${channel.port ?? 0}`,
      `/S:PCNSCLNT/${host}`,
      `/FI:${samba.netbios}\\Domain Users`,
      `/FE:${samba.netbios}\\Domain Admins`,
      '/I:1',
      `/K:${channel.fingerprint ?? ''}`,
      ...remote,
    ],
    { input, env },
  );
}
