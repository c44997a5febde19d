/** A typed password as the contract takes it over JSON: base64 of its UTF-8 bytes. */
export function encodeSecret(text: string): string {
  const bytes = new TextEncoder().encode(text);
  try {
    return btoa(String.fromCharCode(...bytes));
  } finally {
    bytes.fill(0);
  }
}
