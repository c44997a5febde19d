import { z } from 'zod';

/** Accounts that Windows has itself; a right for one of them is a right for nobody in particular. */
const builtIn =
  /^(?:builtin|nt authority|nt service|authority)\\|(?:^|\\)(?:everyone|jeder|authenticated users|users|administrators|guests|domain users|anonymous logon|network|interactive|system|local system|local service|network service)$/i;

/** A user or group in NT4 form, `DOMAIN\name`. NetBIOS names have 15 characters at most (MS-NBTE 2.2.1). */
export const windowsAccountSchema = z
  .string()
  .trim()
  .max(272)
  .regex(
    /^[^\\/:*?"<>|\s][^\\/:*?"<>|]{0,14}\\[^\\/"[\]:;|=,+*?<>]{1,256}$/,
    'Is not an account of the form DOMAIN\\name',
  );

/** Accounts that have a right: users or, better, groups. None that everybody is a member of. */
export const accountListSchema = z
  .array(
    windowsAccountSchema.refine((account) => !isBuiltInAccount(account), {
      message: 'Is a built-in account, which has no rights in single sign-on (event 10777)',
    }),
  )
  .max(64)
  .default([]);

export function isBuiltInAccount(account: string): boolean {
  return builtIn.test(account.trim());
}
