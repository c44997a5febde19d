/** `DOMAIN\name` or `name`. */
export function splitAccount(account: string | undefined): {
  domain: string | undefined;
  name: string | undefined;
} {
  const at = account?.indexOf('\\') ?? -1;
  if (account === undefined || at < 0) return { domain: undefined, name: account };
  return { domain: account.slice(0, at), name: account.slice(at + 1) };
}
