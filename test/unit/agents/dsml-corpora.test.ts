import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { DsmlParser } from '#agents/file/dsml-parser.ts';
import { readRecords } from '#test/read-records.ts';

/** What the documents of the format give as examples, and what they forbid. */
const folder = mkdtempSync(join(tmpdir(), 'carillon-corpora-'));
const photo = pathToFileURL(join(folder, 'photo.jpg')).href;

beforeAll(() => writeFileSync(join(folder, 'photo.jpg'), Uint8Array.of(0xff, 0xd8, 0xff, 0xe0)));
afterAll(() => rmSync(folder, { recursive: true }));

const dsml = (text: string): string[] => readRecords(() => new DsmlParser(folder), text);
const core = 'xmlns="urn:oasis:names:tc:DSML:2:0:core"';
const schema = 'xmlns:xsd="http://www.w3.org/2001/XMLSchema"';
const instance = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';

const request = (body: string): string =>
  `<batchRequest ${core} ${schema} ${instance}>${body}</batchRequest>`;

const response = (body: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<batchResponse ${core} ${schema} ${instance}>${body}</batchResponse>`;

const alice = 'CN=Alice,OU=HR,DC=Example,DC=COM';

// DSML 2.0, the elements of its sections 3 to 6.
test.each<[string, string, string[]]>([
  ['an empty batch', request(''), []],
  ['an empty answer', response(''), []],
  [
    'an answer to a search, with a reference between',
    response(
      `<searchResponse requestID="1"><searchResultEntry dn="OU=Development,DC=Example,DC=COM"><attr name="objectclass"><value>top</value><value>organizationalUnit</value></attr><attr name="ou"><value>Development</value></attr></searchResultEntry><searchResultReference><ref>ldap://srv01.fabrikam.com/OU=Marketing,DC=Example,DC=COM</ref></searchResultReference><searchResultEntry dn="CN=David,OU=HR,DC=Example,DC=COM"><attr name="objectclass"><value>person</value></attr><attr name="sn"><value>Johnson</value></attr><attr name="givenName"><value>David</value></attr></searchResultEntry><searchResultDone><control type="1.2.840.113556.1.4.621" criticality="false"><controlValue xsi:type="xsd:base64Binary">RFNNTHYyLjAgcm9ja3MhIQ==</controlValue></control><resultCode code="0"/></searchResultDone></searchResponse>`,
    ),
    [
      '<OU=Development,DC=Example,DC=COM> objectclass=top|organizationalUnit ou=Development',
      '<CN=David,OU=HR,DC=Example,DC=COM> objectclass=person sn=Johnson givenname=David',
    ],
  ],
  [
    'an addition',
    request(
      `<addRequest dn="${alice}"><attr name="objectclass"><value>top</value><value>person</value></attr><attr name="sn"><value>Johnson</value></attr><attr name="givenName"><value>Alice</value></attr></addRequest>`,
    ),
    [`add <${alice}> objectclass=top|person sn=Johnson givenname=Alice`],
  ],
  ['a deletion', request(`<delRequest dn="${alice}"/>`), [`delete <${alice}>`]],
  [
    'a modification of several kinds',
    request(
      `<modifyRequest dn="${alice}"><modification name="telephoneNumber" operation="replace"><value>536 354 2343</value><value>234 212 4534</value></modification><modification name="sn" operation="delete"/><modification name="mail" operation="add"><value>a@example.com</value></modification></modifyRequest>`,
    ),
    [`modify <${alice}>`],
  ],
  [
    'a new name and place',
    request(
      `<modDNRequest dn="${alice}" newrdn="CN=Alice Johnson" deleteoldrdn="true" newSuperior="OU=Marketing,DC=Example,DC=COM"/>`,
    ),
    [`rename <${alice}>`],
  ],
  [
    'a value in base64 and one by its address',
    request(
      `<addRequest dn="${alice}"><attr name="cn;lang-de"><value xsi:type="xsd:base64Binary">QWxpY2U=</value></attr><attr name="jpegPhoto"><value xsi:type="xsd:anyURI">${photo}</value></attr></addRequest>`,
    ),
    [`add <${alice}> cn=Alice jpegphoto=/9j/4A==`],
  ],
  [
    'requests that show no object, between two that do',
    request(
      `<authRequest principal="CN=Bob"/><compareRequest dn="${alice}"><assertion name="sn"><value>Johnson</value></assertion></compareRequest><delRequest dn="CN=a"/><extendedRequest><requestName>1.3.563.52.424</requestName><requestValue xsi:type="xsd:base64Binary">TFNNTHYyLjAgcm9ja3MhIQ==</requestValue></extendedRequest><searchRequest dn="" scope="baseObject" derefAliases="neverDerefAliases"><filter><equalityMatch name="sn"><value>x</value></equalityMatch></filter></searchRequest><abandonRequest abandonID="1"/><delRequest dn="CN=b"/>`,
    ),
    ['delete <CN=a>', 'delete <CN=b>'],
  ],
  [
    'answers without an object',
    response(
      `<authResponse><resultCode code="0"/></authResponse><addResponse matchedDN="${alice}"><resultCode code="68" descr="entryAlreadyExists"/><errorMessage>It exists</errorMessage></addResponse><errorResponse type="malformedRequest"><message>Unknown element</message><detail/></errorResponse>`,
    ),
    [],
  ],
  [
    'a batch with attributes of its own',
    `<batchRequest ${core} requestID="ABC" processing="parallel" responseOrder="unordered" onError="resume"><delRequest dn="CN=a" requestID="1"/></batchRequest>`,
    ['delete <CN=a>'],
  ],
])('DSML 2.0: %s is accepted', (_, text, records) => {
  expect(dsml(text)).toEqual(records);
});

test.each<[string, string, string]>([
  ['another namespace', '<batchRequest xmlns="http://www.dsml.org/DSML"/>', 'is no batchRequest'],
  ['a document of DSML 1', '<dsml:dsml xmlns:dsml="http://www.dsml.org/DSML"/>', 'is no batchRequest'],
  ['an element that is not closed', request('<delRequest dn="CN=a">'), 'tag'],
  ['two documents in one', `${request('')}${request('')}`, 'document'],
  ['an attribute twice', request('<delRequest dn="CN=a" dn="CN=b"/>'), 'uplicate'],
  ['a prefix that is not bound', request('<x:delRequest dn="CN=a"/>'), 'prefix'],
  ['an ampersand alone', request('<addRequest dn="CN=a &b; c"/>'), 'entity'],
  ['no end', `<batchRequest ${core}>`, 'unclosed'],
  ['no document', '', 'document'],
])('DSML 2.0: %s stops the file', (_, text, message) => {
  expect(() => dsml(text)).toThrow(message);
});
