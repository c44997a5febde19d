/** What an element or attribute of the ENTSSO files is called in our model, and what it holds; a dot leads inwards. */
export type SsoWords = Readonly<
  Record<string, readonly [path: string, kind: 'text' | 'number' | 'flag' | 'accounts']>
>;

/** Of `globalInfo`. */
export const systemWords: SsoWords = {
  ssoAdminAccount: ['administrators', 'accounts'],
  ssoAffiliateAdminAccount: ['affiliateAdministrators', 'accounts'],
  secretServer: ['masterSecretServer', 'text'],
  auditDeletedApps: ['audits.deletedApplications', 'number'],
  auditDeletedMappings: ['audits.deletedMappings', 'number'],
  auditCredentialLookups: ['audits.externalCredentialLookups', 'number'],
  ticketTimeout: ['ticketTimeout', 'number'],
  credCacheTimeout: ['credentialCacheTimeout', 'number'],
};

/** Simple elements that applications and adapters share. */
const commonWords: SsoWords = {
  description: ['description', 'text'],
  appUserAccount: ['users', 'accounts'],
  appAdminAccount: ['administrators', 'accounts'],
};
const commonFlags: SsoWords = {
  enableApp: ['enabled', 'flag'],
  allowLocalAccounts: ['allowLocalAccounts', 'flag'],
  adminAccountSame: ['administratorsSameAsAffiliate', 'flag'],
};

/** Simple elements of an `application`. */
export const applicationWords: SsoWords = {
  ...commonWords,
  contact: ['contact', 'text'],
  windowsAccount: ['windowsAccount', 'text'],
};
/** Attributes of its `flags`. */
export const applicationFlags: SsoWords = {
  ...commonFlags,
  hostInitiatedSSO: ['allowHostInitiatedSso', 'flag'],
  windowsInitiatedSSO: ['allowWindowsInitiatedSso', 'flag'],
  validatePassword: ['verifyExternalCredentials', 'flag'],
  disableCredCache: ['disableCredentialCache', 'flag'],
  allowTickets: ['allowTickets', 'flag'],
  validateTickets: ['validateTickets', 'flag'],
  timeoutTickets: ['timeoutTickets', 'flag'],
  appTicketTimeout: ['ticketTimeout', 'number'],
  directPasswordSync: ['directPasswordSync', 'flag'],
  windowsCreds: ['windowsCredentials', 'flag'],
  restrictedCreds: ['restrictedCredentials', 'flag'],
  restrictMappingCreate: ['restrictMappingCreate', 'flag'],
};

export const adapterWords: SsoWords = { ...commonWords, computer: ['computer', 'text'] };
export const adapterFlags: SsoWords = {
  ...commonFlags,
  syncFromAdapter: ['receiveChanges', 'flag'],
  verifyOldPassword: ['verifyOldPassword', 'flag'],
  changeWindowsPassword: ['changeWindowsPassword', 'flag'],
  syncToAdapter: ['sendChanges', 'flag'],
  sendOldPassword: ['sendOldPassword', 'flag'],
  allowMappingConflicts: ['allowMappingConflicts', 'flag'],
  notificationRetryCount: ['retryCount', 'number'],
  notificationRetryDelay: ['retryDelay', 'number'],
  maxPendingNotifications: ['maxPending', 'number'],
  storeNotifications: ['storeNotifications', 'flag'],
};
