/** What stands for itself (RFC 2849, SAFE-STRING), without a space at its end, which few readers keep. */
const safe = /^(?:[!-9;=-~](?:[ -~]*[!-~])?)?$/;

/** One `name: value`, in base64 where the value is not safe as it is (RFC 2849). */
export function writeLine(name: string, value: string): string {
  return safe.test(value) ? `${name}: ${value}` : `${name}:: ${Buffer.from(value).toString('base64')}`;
}
