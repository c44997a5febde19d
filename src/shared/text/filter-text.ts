/** A value inside an LDAP filter in text, with what has a meaning there escaped (RFC 4515 3). */
export function escapeFilterText(value: string): string {
  return value.replaceAll(
    /[\\*()\0]/g,
    (character) => `\\${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
}
