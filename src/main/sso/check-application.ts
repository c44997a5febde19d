import type { SsoApplication } from '#shared/model/sso-application.ts';

import { SsoError } from './sso-error.ts';

/** Options that an SSO Administrator alone sets. */
const administratorOptions = [
  'allowTickets',
  'validateTickets',
  'timeoutTickets',
  'ticketTimeout',
  'allowHostInitiatedSso',
] as const;
const fixedForever = [
  'type',
  'administratorsSameAsAffiliate',
  'windowsCredentials',
  'restrictedCredentials',
] as const;

/** Puts in what follows from the type: Group is Windows-initiated, Host Group is host-initiated. */
export function settleApplicationType(application: SsoApplication): SsoApplication {
  if (application.type === 'host-group')
    return { ...application, allowWindowsInitiatedSso: false, allowHostInitiatedSso: true };
  return application;
}

/** The field that receives passwords; undefined where there is none or nobody can tell which. */
export function findSynchronizedField({ fields }: Pick<SsoApplication, 'fields'>): number | undefined {
  const marked = fields.flatMap(({ synchronized }, index) => (synchronized && index > 0 ? [index] : []));
  if (marked.length > 0) return marked.length === 1 ? marked[0] : undefined;
  return fields.length === 2 ? 1 : undefined;
}

/** Rules of an application that need more than one of its values. Throws `SsoError`. */
export function checkApplication(application: SsoApplication): void {
  const { name, type, fields, users, windowsAccount } = application;
  const refuse = (event: number, message: string): never => {
    throw new SsoError(event, 'invalid_input', `Application ${name}: ${message}`);
  };
  const labels = new Set(fields.map(({ label }) => label.toLowerCase()));
  if (labels.size < fields.length) refuse(10758, 'two fields have the same label');
  if (fields.filter(({ synchronized }) => synchronized).length > 1)
    refuse(10818, 'more than one field is synchronized');
  if (fields[0]?.synchronized === true || fields[0]?.masked === true)
    refuse(10787, 'the first field is the external user ID, neither masked nor synchronized');
  if (application.administratorsSameAsAffiliate && application.administrators.length > 0)
    refuse(10775, 'its administrators are the SSO Affiliate Administrators, so it takes no others');
  if (!application.administratorsSameAsAffiliate && application.administrators.length === 0)
    refuse(10786, 'it needs Application Administrators');
  if (type === 'host-group') {
    if (windowsAccount === undefined) refuse(10846, 'a Host Group needs its one Windows account');
    if (users.length > 0) refuse(10846, 'a Host Group has one Windows account in place of Application Users');
  } else {
    if (windowsAccount !== undefined) refuse(10787, 'only a Host Group has one Windows account');
    if (users.length === 0) refuse(10786, 'it needs Application Users');
  }
  if (type === 'group' && application.allowHostInitiatedSso)
    refuse(10787, 'a Group application is Windows-initiated only');
  if (type !== 'individual' && application.windowsCredentials)
    refuse(10787, 'only credentials of an Individual application can be Windows credentials');
  if (type !== 'group' && application.restrictedCredentials)
    refuse(10787, 'only credentials of a Group application can be restricted');
  if (application.directPasswordSync) checkDirectSync(application, refuse);
}

function checkDirectSync(
  application: SsoApplication,
  refuse: (event: number, message: string) => never,
): void {
  if (application.type === 'host-group') refuse(10787, 'a Host Group takes no passwords from Windows');
  if (findSynchronizedField(application) === undefined)
    refuse(10848, 'it has no field, or several, that Direct Password Sync could write');
  if (application.adapter !== undefined)
    refuse(10851, `the adapter ${application.adapter} changes its passwords; Direct Password Sync would too`);
}

/** What may not be said of an application that is being made. */
export function checkNewApplication(application: SsoApplication): void {
  const refuse = (event: number, what: string): never => {
    throw new SsoError(event, 'invalid_input', `Application ${application.name}: ${what}`);
  };
  if (application.enabled) refuse(10850, 'it is made disabled; enable it afterwards');
  if (application.directPasswordSync) refuse(10849, 'Direct Password Sync is switched on afterwards');
  if (application.ticketTimeout !== undefined) refuse(10787, 'a ticket timeout is set afterwards');
  if (application.adapter !== undefined || application.passwordFilter !== undefined)
    refuse(10787, 'adapter and password filter are assigned afterwards');
  checkApplication(application);
}

/** What may not change on an application that there is. Throws `SsoError`. */
export function checkApplicationChange(before: SsoApplication, after: SsoApplication): void {
  for (const key of fixedForever) {
    if (before[key] !== after[key])
      throw new SsoError(
        10787,
        'invalid_input',
        `Application ${before.name}: ${key} is fixed once it is made`,
      );
  }
  const { fields } = after;
  if (before.directPasswordSync && fields.length > before.fields.length)
    throw new SsoError(
      10852,
      'conflict',
      `Application ${before.name}: no field is added while Direct Password Sync is on`,
    );
  const kept = before.fields.every(
    ({ masked, synchronized }, index) =>
      fields[index]?.masked === masked && fields[index].synchronized === synchronized,
  );
  if (!kept)
    throw new SsoError(
      10787,
      'invalid_input',
      `Application ${before.name}: what its fields are is fixed once it is made; labels may change`,
    );
  checkApplication(after);
}

/** The options that changed and that only an SSO Administrator changes. */
export function administratorOptionsChanged(
  before: SsoApplication,
  after: SsoApplication,
): readonly string[] {
  return administratorOptions.filter((key) => before[key] !== after[key]);
}
