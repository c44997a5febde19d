import { expect, test } from 'vitest';

import { DelimitedParser } from '#agents/file/delimited-parser.ts';
import { delimitedLayoutSchema } from '#shared/model/agent-file.ts';
import { readRecords } from '#test/read-records.ts';

/** What the document of the format gives as examples, and what it forbids. */
const csv = (text: string): string[] =>
  readRecords(() => new DelimitedParser(delimitedLayoutSchema.parse({})), text);

// RFC 4180 section 2, rule by rule, and the cases that suites of CSV files have in common.
test.each<[string, string, string[]]>([
  ['2.1, records end in CR LF', 'a,b\r\naaa,bbb\r\nzzz,yyy\r\n', ['a=aaa b=bbb', 'a=zzz b=yyy']],
  ['2.2, the last record may have no end', 'a,b\r\naaa,bbb\r\nzzz,yyy', ['a=aaa b=bbb', 'a=zzz b=yyy']],
  ['2.3, a header', 'field_name,field\r\naaa,bbb\r\n', ['field_name=aaa field=bbb']],
  ['2.4, spaces are part of a field', 'a,b\r\n aaa, b b \r\n', ['a= aaa b= b b ']],
  ['2.5, any field may be quoted', '"a","b"\r\n"aaa","bbb"\r\nzzz,yyy\r\n', ['a=aaa b=bbb', 'a=zzz b=yyy']],
  ['2.6, a line end in quotes', 'a,b\r\n"aaa","b\r\nbb"\r\n', ['a=aaa b=b\r\nbb']],
  ['2.6, a comma in quotes', 'a,b\r\n"aaa, Inc.",bbb\r\n', ['a=aaa, Inc. b=bbb']],
  ['2.7, a quote in quotes', 'a,b\r\n"aaa","b""bb"\r\n', ['a=aaa b=b"bb']],
  ['nothing but quotes', 'a,b\n"""","""""" \n'.replace(' \n', '\n'), ['a=" b=""']],
  ['quotes at both ends', 'a,b\n"""x""",1\n', ['a="x" b=1']],
  [
    'JSON in a field',
    'id,point\n1,"{""type"": ""Point"", ""at"": [102.0, 0.5]}"\n',
    ['id=1 point={"type": "Point", "at": [102.0, 0.5]}'],
  ],
  ['quotes and line ends together', 'a,b\n1,"ha\n""ha""\nha"\n3,4\n', ['a=1 b=ha\n"ha"\nha', 'a=3 b=4']],
  ['blank lines inside quotes', 'a,b\n1,"x\n\ny"\n', ['a=1 b=x\n\ny']],
  ['empty fields', 'a,b,c\n1,"",""\n2,3,4\n,,5\n', ['a=1', 'a=2 b=3 c=4', 'c=5']],
  ['empty fields with CR LF', 'a,b,c\r\n1,"",""\r\n2,,\r\n', ['a=1', 'a=2']],
  ['a header alone', 'a,b,c\n', []],
  ['nothing at all', '', []],
  ['degrees, minutes and seconds', 'at,x\n"29°59\'N, 31°8\'E",1\n', ["at=29°59'N, 31°8'E x=1"]],
  ['letters of many scripts', 'a,b\nʤ,ʎ\n漢字,😀\n', ['a=ʤ b=ʎ', 'a=漢字 b=😀']],
  ['both line ends in one file', 'a,b\r\n1,2\n3,4\r\n', ['a=1 b=2', 'a=3 b=4']],
  ['a tab in a field', 'a,b\n1,x\ty\n', ['a=1 b=x\ty']],
  ['a quote on its own line', 'a,b\n1,"\n"\n', ['a=1 b=\n']],
  ['2.4, every record as many fields', 'a,b,c\n1,2\n1,2,3\n', ['2:1 parse-error', 'a=1 b=2 c=3']],
  ['2.4, no comma at the end', 'a,b\n1,2,\n3,4\n', ['2:1 parse-error', 'a=3 b=4']],
  ['2.5, no quote in a plain field', 'a,b\n1,b"bb\n3,4\n', ['2:4 parse-error', 'a=3 b=4']],
  ['2.5, nothing behind a closing quote', 'a,b\n"1" ,2\n3,4\n', ['2:4 parse-error', 'a=3 b=4']],
  ['2.5, nothing before an opening quote', 'a,b\n1, "2"\n3,4\n', ['2:4 parse-error', 'a=3 b=4']],
  ['a backslash escapes nothing', 'a,b\n"x\\"y",2\n3,4\n', ['2:5 parse-error', 'a=3 b=4']],
])('RFC 4180: %s', (_, text, records) => {
  expect(csv(text)).toEqual(records);
});
