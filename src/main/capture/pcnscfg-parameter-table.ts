import { type PcnscfgParameter, readBoolean, readNumber } from './pcnscfg-parameters.ts';

/** Where the configuration is; every verb takes these. */
export const remoteParameters: readonly PcnscfgParameter[] = [
  {
    key: 'remoteServer',
    short: 'Server',
    long: 'server',
    summary: 'domain controller to configure; this one where absent',
  },
  { key: 'user', short: 'User', long: 'user', summary: 'DOMAIN\\user that may change the configuration' },
  {
    key: 'password',
    short: 'Password',
    long: 'password',
    summary: '* asks for the password; only * is taken',
  },
  {
    key: 'certificate',
    short: 'CaFile',
    long: 'ca-file',
    summary: 'certificate authority of that domain controller, PEM',
  },
  { key: 'file', short: 'File', long: 'file', summary: 'local configuration file instead of the directory' },
];

export const nameParameter: PcnscfgParameter = {
  key: 'name',
  short: 'N',
  long: 'name',
  required: true,
  summary: 'friendly name, unique',
};
export const inclusionParameter: PcnscfgParameter = {
  key: 'inclusionSid',
  short: 'FI',
  long: 'inclusion-group',
  summary: 'inclusion group, DOMAIN\\group',
};
export const exclusionParameter: PcnscfgParameter = {
  key: 'exclusionSid',
  short: 'FE',
  long: 'exclusion-group',
  summary: 'exclusion group; empty for none',
};

export const targetParameters: readonly PcnscfgParameter[] = [
  {
    key: 'server',
    short: 'A',
    long: 'address',
    summary: 'host name or address of the target, with :port where it is not 6947',
  },
  { key: 'spn', short: 'S', long: 'spn', summary: 'service principal name, class/host' },
  inclusionParameter,
  exclusionParameter,
  {
    key: 'userNameFormat',
    short: 'F',
    long: 'user-name-format',
    summary: '1 distinguished name, 3 NT4 name (default)',
  },
  {
    key: 'keepAliveInterval',
    short: 'I',
    long: 'keep-alive',
    summary: 'seconds between status messages, 0 for none (default)',
  },
  { key: 'disabled', short: 'D', long: 'disabled', summary: 'True or False (default)' },
  {
    key: 'queueWarningLevel',
    short: 'WL',
    long: 'queue-warning-level',
    summary: 'waiting changes that cause a warning, 0 for never (default)',
  },
  {
    key: 'queueWarningInterval',
    short: 'WI',
    long: 'queue-warning-interval',
    summary: 'minutes between warnings, default 30',
  },
  {
    key: 'fingerprint',
    short: 'K',
    long: 'fingerprint',
    summary:
      "fingerprint of the target's key as it prints it, sha256/...; empty where a certificate authority vouches",
  },
];
/** The same where the target is new, which needs some of them. */
export const newTargetParameters = targetParameters.map((parameter) =>
  ['server', 'spn', 'inclusionSid'].includes(parameter.key) ? { ...parameter, required: true } : parameter,
);

export const serviceParameters: readonly PcnscfgParameter[] = [
  {
    key: 'maximumQueueLength',
    short: 'L',
    long: 'maximum-queue-length',
    summary: '0 to 4294967295 changes, 0 is unlimited (default)',
  },
  {
    key: 'maximumQueueAge',
    short: 'A',
    long: 'maximum-queue-age',
    summary: '0 to 4294967295 seconds, 0 is unlimited, default 259200',
  },
  {
    key: 'maximumNotificationRetries',
    short: 'R',
    long: 'maximum-notification-retries',
    summary: '0 to 1000, 0 is unlimited (default)',
  },
  { key: 'retryInterval', short: 'I', long: 'retry-interval', summary: '10 to 3600 seconds, default 60' },
];

/** How the text of a parameter becomes the value that the schema takes; text stays text. */
export const parameterReaders: Readonly<Record<string, (text: string) => unknown>> = {
  userNameFormat: readNumber,
  keepAliveInterval: readNumber,
  queueWarningLevel: readNumber,
  queueWarningInterval: readNumber,
  maximumQueueLength: readNumber,
  maximumQueueAge: readNumber,
  maximumNotificationRetries: readNumber,
  retryInterval: readNumber,
  disabled: readBoolean,
};
