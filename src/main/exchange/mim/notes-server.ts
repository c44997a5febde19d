/**
 * Host and organization of a hierarchical name of Lotus Notes: `Mail1/Sales/Fabrikam/US`, or with its types,
 * `CN=Mail1/OU=Sales/O=Fabrikam/C=US`. `base` is empty where the name has one part alone.
 */
export function notesServer(name: string): { readonly host: string; readonly base: string } {
  const [host = '', ...above] = name.split('/').map((part) => part.trim().replace(/^[A-Za-z]{1,2}=/, ''));
  const country = above.length > 1 && /^[A-Za-z]{2}$/.test(above.at(-1) ?? '') ? above.pop() : undefined;
  const organization = above.pop();
  const base = [
    ...(organization === undefined ? [] : [`O=${organization}`]),
    ...(country === undefined ? [] : [`C=${country}`]),
  ].join(',');
  return { host: host.replaceAll(' ', '-'), base };
}
