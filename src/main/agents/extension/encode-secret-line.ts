const alphabet = new TextEncoder().encode('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/');
const padding = 0x3d;
const newline = 0x0a;

/** Base64 of a secret with its line end, in bytes that the caller wipes: no string of it ever exists. */
export function encodeSecretLine(secret: Uint8Array): Uint8Array<ArrayBuffer> {
  const line = new Uint8Array(new ArrayBuffer(Math.ceil(secret.length / 3) * 4 + 1));
  let at = 0;
  for (let index = 0; index < secret.length; index += 3) {
    const [first = 0, second, third] = secret.subarray(index, index + 3);
    line[at] = alphabet[first >> 2] ?? 0;
    line[at + 1] = alphabet[((first & 3) << 4) | ((second ?? 0) >> 4)] ?? 0;
    line[at + 2] =
      second === undefined ? padding : (alphabet[((second & 15) << 2) | ((third ?? 0) >> 6)] ?? 0);
    line[at + 3] = third === undefined ? padding : (alphabet[third & 63] ?? 0);
    at += 4;
  }
  line[at] = newline;
  return line;
}
