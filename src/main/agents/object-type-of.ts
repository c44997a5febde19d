/** From the most to the least specific; the last class that a server lists wins where none of these is there. */
const knownClasses = ['user', 'inetorgperson', 'organizationalperson', 'person', 'account', 'posixaccount'];

/** The class that an entry is known by, in the server's spelling. */
export function objectTypeOf(classes: readonly string[]): string {
  const folded = classes.map((name) => name.toLowerCase());
  const known = knownClasses.find((name) => folded.includes(name));
  return classes[known === undefined ? classes.length - 1 : folded.indexOf(known)] ?? 'top';
}
