import { type GateVerdict, pass, refuse } from './gate-verdict.ts';

/** The engine's own account does not pass; `serviceAccount` is `DOMAIN\name`, or a name of any domain. */
export function gateServiceAccount(
  change: { readonly domain: string; readonly account: string },
  serviceAccount: string | undefined,
): GateVerdict {
  if (serviceAccount === undefined) return pass;
  const [name = '', domain = change.domain] = serviceAccount.split('\\').reverse();
  const isOwn = sameText(name, change.account) && sameText(domain, change.domain);
  return isOwn ? refuse(6912, `${change.domain}\\${change.account} is the account of this service`) : pass;
}

function sameText(left: string, right: string): boolean {
  return left.toUpperCase() === right.toUpperCase();
}
