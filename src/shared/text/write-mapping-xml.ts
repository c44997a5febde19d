/** The mappings file of the wizard and of `ssomanage -createmappings`. */
export function writeMappingXml(
  application: string,
  mappings: readonly { readonly windowsAccount: string; readonly externalUser: string }[],
): string {
  const lines = mappings.map(({ windowsAccount, externalUser }) => {
    const [domain = '', user = ''] = windowsAccount.split('\\');
    const parts = [
      ['windowsDomain', domain],
      ['windowsUserId', user],
      ['externalApplication', application],
      ['externalUserId', externalUser],
    ].map(([name, value = '']) => `    <${name}>${escapeXml(value)}</${name}>`);
    return ['  <mapping>', ...parts, '  </mapping>'].join('\n');
  });
  return `<?xml version="1.0" encoding="utf-8"?>\n<sso>\n${lines.join('\n')}\n</sso>\n`;
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
