import { orderPrefix } from './config-object.ts';

/** What kinds of objects are called, by their place. */
const kinds: Readonly<Record<string, string>> = {
  '': 'Server',
  'agents[]': 'Management agent',
  'agents[].partitions[]': 'Directory partition',
  'agents[].runProfiles[]': 'Run profile',
  passwordSync: 'Options',
  channel: 'Channel',
  keyKeeper: 'Key keeper',
  logFile: 'Log file',
  snapshots: 'Snapshots',
  singleSignOn: 'SSO System',
  'singleSignOn.servers[]': 'SSO Server',
  'applications[]': 'Affiliate application',
  'adapters[]': 'Password sync adapter',
  'filters[]': 'Password filter',
  'mappings[]': 'Mapping',
  'pcns[]': 'Password change notification of',
  'pcns[].targets[]': 'Notification target',
};

/** Properties by the labels of the console's sheets. */
const labels: Readonly<Record<string, string>> = {
  logLevel: 'Log level',
  metricsPort: 'Port of the metrics',
  'agents[].kind': 'Management agent for',
  'agents[].profile': 'Directory',
  'agents[].connection.url': 'Server',
  'agents[].connection.caFile': 'Certificate authority file',
  'agents[].connection.serverName': 'Server name',
  'agents[].connection.authentication.method': 'Sign in with',
  'agents[].connection.authentication.user': 'User name',
  'agents[].connection.authentication.principal': 'Kerberos name',
  'agents[].connection.authentication.keytab': 'Keytab file',
  'agents[].connection.connectTimeout': 'Connection timeout (seconds)',
  'agents[].join': 'Join rules',
  'agents[].project': 'Project objects to the metaverse',
  'agents[].flow': 'Import attribute flow',
  'agents[].secret': 'Password',
  'agents[].password.enabled': 'Enable password management',
  'agents[].password.operations': 'Supported password operations',
  'agents[].password.retryCount': 'Maximum retry count',
  'agents[].password.retryInterval': 'Retry interval (seconds)',
  'agents[].password.requireSecureConnection':
    'Require secure connection for password synchronization operations',
  'agents[].password.unlock': 'Unlock locked accounts when resetting passwords',
  'agents[].password.mustChange': 'Require a new password at the next logon',
  'agents[].password.verify': 'Prove each new password on the target',
  'agents[].password.hold': 'Hold deliveries',
  'agents[].password.shadow': 'Shadow mode',
  'agents[].password.concurrency': 'Connections at the same time',
  'agents[].password.operationTimeout': 'Time limit of one operation (seconds)',
  'agents[].partitions[].dn': 'Directory partition',
  'agents[].partitions[].include': 'Containers to include',
  'agents[].partitions[].exclude': 'Containers to exclude',
  'agents[].partitions[].filter': 'Filter',
  'agents[].partitions[].passwordSource.enabled':
    'Enable this partition as a password synchronization source',
  'agents[].partitions[].passwordSource.domain': 'Domain (NetBIOS name)',
  'agents[].partitions[].passwordSource.targets': 'Targets',
  'agents[].partitions[].passwordSource.maxChangesPerDay': 'Most changes in 24 hours',
  'agents[].runProfiles[].steps': 'Steps',
  'passwordSync.enabled': 'Enable Password Synchronization',
  'passwordSync.historySize': 'Save last password change/set event details (count)',
  'passwordSync.keepDays': 'A settled change can be traced for (days)',
  'passwordSync.maxQueueAge': 'A waiting change expires after (seconds)',
  'passwordSync.dampingWindow': 'A change that comes back within this time is an echo (seconds)',
  'passwordSync.serviceAccount': "The service's own account",
  'channel.host': 'Address',
  'channel.port': 'Port',
  'channel.spn': 'Service principal name',
  'channel.keytab': 'Keytab file',
  'channel.certificateFile': 'Certificate file',
  'channel.keyFile': 'Key file',
  'singleSignOn.system.enabled': 'Enable',
  'singleSignOn.system.masterSecretServer': 'Master secret server',
  'singleSignOn.system.ticketTimeout': 'Ticket timeout (in minutes)',
  'singleSignOn.system.credentialCacheTimeout': 'Credential cache timeout (in minutes)',
  'singleSignOn.system.administrators': 'SSO Administrators',
  'singleSignOn.system.affiliateAdministrators': 'SSO Affiliate Administrators',
  'singleSignOn.system.allowTickets': 'Allow tickets',
  'singleSignOn.system.validateTickets': 'Validate tickets',
  'singleSignOn.system.allowHostInitiatedSso': 'Allow host initiated SSO',
  'singleSignOn.system.passwordSync.fromWindowsToAdapters': 'From Windows to Adapters',
  'singleSignOn.system.passwordSync.fromAdaptersToDatabase': 'From Adapters to SSO database (partial sync)',
  'singleSignOn.system.passwordSync.fromAdaptersToWindows': 'From Adapters to Windows (full sync)',
  'singleSignOn.system.audits.deletedApplications': 'Deleted applications (rows)',
  'singleSignOn.system.audits.deletedMappings': 'Deleted mappings (rows)',
  'singleSignOn.system.audits.externalCredentialLookups': 'External credential lookups (rows)',
  'singleSignOn.masterSecret': 'Master secret',
  'singleSignOn.sharedDatabase.secret': 'Password of the credential database',
  'mappings[].secret': 'Credentials',
  'singleSignOn.servers[].positiveAuditLevel': 'Positive Audit Level',
  'singleSignOn.servers[].negativeAuditLevel': 'Negative Audit Level',
  'singleSignOn.servers[].sqlServer': 'SQL Server',
  'singleSignOn.servers[].database': 'SSO Database',
  'singleSignOn.servers[].useSsl': 'Use SSL when connecting to SQL Server',
  'singleSignOn.servers[].serviceAccount': 'Service Account',
  'singleSignOn.servers[].passwordSyncAge': 'Password Sync Age (in hours)',
  'singleSignOn.servers[].allowPasswordSyncFromPcns': 'Allow Password Sync from PCNS',
  'singleSignOn.servers[].allowPasswordSyncFromMiis': 'Allow password sync from MIIS',
  'singleSignOn.servers[].allowPasswordSyncFromFim2007': 'Allow password sync from FIM 2007',
  'singleSignOn.servers[].allowPasswordSyncFromFim': 'Allow password sync from FIM',
  'singleSignOn.servers[].allowRemoteLookup': 'Allow Remote Lookup',
};

export function kindWords(place: string): string {
  return kinds[place] ?? sentence(lastWord(place).replace(/ies$/, 'y').replace(/s$/, ''));
}

/** The label of a property of an object at `place`; from its own name where no sheet has it. */
export function labelWords(place: string, path: string): string {
  if (path.startsWith(orderPrefix))
    return `Order of ${sentence(path.slice(orderPrefix.length)).toLowerCase()}`;
  const known = labels[place === '' ? path : `${place}.${path}`];
  return known ?? path.split('.').map(sentence).join(': ');
}

/** A section is called by its kind; anything else by its own name. */
export function nameWords(place: string, name: string): string {
  return place.endsWith('[]') ? name : kindWords(place);
}

function lastWord(place: string): string {
  return place.replaceAll('[]', '').split('.').at(-1) ?? '';
}

/** `retryInterval` as `Retry interval`. */
function sentence(name: string): string {
  const words = name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .replaceAll(/\b(?:tls|spn|url|dn|sso)\b/g, (word) => word.toUpperCase());
  return words.charAt(0).toUpperCase() + words.slice(1);
}
