import fc from 'fast-check';
import { expect, test } from 'vitest';

import { readSsoXml } from '#exchange/entsso/read-sso-xml.ts';
import { ssoSystemSchema } from '#shared/model/single-sign-on.ts';
import { writeMappingXml } from '#shared/text/write-mapping-xml.ts';
import { writeSsoXml } from '#shared/text/write-sso-xml.ts';

const word = (characters: readonly string[], maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...characters), minLength: 1, maxLength });
const name = word(['a', 'B', '-', '&', "'", 'ü'], 12);
const account = fc
  .tuple(fc.constantFrom('FAB', 'NORTH.1', "O'N"), word(['a', 'B', '&', "'", '$', '1'], 8))
  .map(([domain, user]) => `${domain}\\${user}`);
const accounts = fc.array(account, { maxLength: 3 });
const minutes = fc.integer({ min: 1, max: 525_600 });
const rows = fc.integer({ min: 0, max: 1_000_000 });
const system = fc
  .record({
    administrators: accounts,
    affiliateAdministrators: accounts,
    masterSecretServer: fc.option(fc.constantFrom('intsvr1', 'intsvr1.fabrikam.lab'), { nil: undefined }),
    ticketTimeout: minutes,
    credentialCacheTimeout: minutes,
    audits: fc.record({ deletedApplications: rows, deletedMappings: rows, externalCredentialLookups: rows }),
  })
  .map((value) => ssoSystemSchema.parse(value));
const mapping = fc.record({
  windowsAccount: account,
  externalUser: word(['a', 'Z', '<', '&', '"', '>', ' ', ']', 'é', '\u{1F511}'], 12).map((text) =>
    `u${text}`.trim(),
  ),
});

test('what is written of the system and of mappings is read as it was', () => {
  fc.assert(
    fc.property(system, name, fc.array(mapping, { maxLength: 3 }), (settings, application, mappings) => {
      const read = readSsoXml(writeSsoXml({ system: settings }), 'file.xml');
      expect(ssoSystemSchema.parse(read.system)).toEqual(settings);
      expect(readSsoXml(writeMappingXml(application, mappings), 'file.xml').mappings).toEqual(
        mappings.map((each) => ({ ...each, application })),
      );
    }),
  );
});
