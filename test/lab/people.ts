import { ldifLine } from './ldif.ts';

/** A person who exists in every directory of the lab. */
export interface Person {
  /** employeeID in Active Directory, employeeNumber elsewhere: what joins them. */
  readonly employeeNumber: string;
  readonly givenName: string;
  readonly surname: string;
  /** sAMAccountName and uid. */
  readonly account: string;
  readonly mail: string;
  readonly department: string;
}

/** Given name and surname, and an account where letters beyond Latin ones give none. */
const names = `
Aaliyah Brooks|Adrián Fuentes|Agnieszka Nowak|Ahmed El Sayed|Aiko Watanabe|Alan Whitfield|Alejandra Núñez
Amara Okafor|Amélie Girard|Anders Håkansson|Andrea Conti|Anna Schreiber|Anton Bruckmoser|Arjun Mehta
Åsa Lindqvist|Astrid Sørensen|Benjamin Clarke|Birgit Müller|Björn Þórsson|Bogdan Ionescu|Bruna Gonçalves
Camille Lefèvre|Carla Ferreira|Catherine Dubois|Chinedu Eze|Chloé Moreau|Claudia Weiß|Daniel Kowalski
Daria Wójcik|Dávid Szabó|Deepika Rao|Dmitri Volkov|Dorothea Krüger|Edward Langley|Eilís Ní Bhriain
Elena Popescu|Ελένη Παπαδοπούλου=epapadopoulou|Elif Yıldız|Emeka Obi|Emily Hartwell|Emma Larsson|Eszter Kovács
Fatima Zahra|Felix Baumgartner|Fernando Castaño|Fiona MacLeod|François Lambert|Frida Nyström|Gábor Tóth
Georgios Nikolaidis|Giulia Romano|Grace Mwangi|Gunnar Ólafsson|Hannah Fischer|Harriet Osborne|Håkon Bjørnstad
Helena Dvořáková|Hiroshi Tanaka|Ingrid Østergård|Isabel Marín|Ivana Petrović|Jakub Černý|James O'Connell
Jana Šimková|Jean-Luc Béranger|Joanna Zielińska|Johan van der Berg|Juan Ibáñez|Jürgen Schäfer|Karin Ekström
Katarzyna Łukaszewicz|Keiko Yamamoto|Kwame Mensah|Laura Bianchi|Leïla Benali|Liam Gallagher|Lucía Peña
Magnus Ångström|Małgorzata Dąbrowska|Marcus Webb|María José Ortiz|Maximilian Groß|Mehmet Öztürk|Mia Virtanen
Miloš Jovanović|Nadia Haddad|Ngozi Adeyemi|Niamh O'Sullivan|Nguyễn Văn An|Olga Sokolova|Oskar Jääskeläinen
Paolo Esposito|Priya Raman|Raúl Domínguez|Renée Fontaine|Сергей Иванов=sivanov|Siobhán Doyle|Søren Kjær
陽子 田中=ytanaka|Zoë Kowalczyk
`
  .trim()
  .split(/[|\n]/);

const departments = ['Finance', 'Research', 'Sales', 'Engineering', 'Care'] as const;

/** Letters that do not come apart into a base letter and a mark. */
const plainLetters: Readonly<Record<string, string>> = {
  ß: 'ss',
  ø: 'o',
  æ: 'ae',
  ł: 'l',
  þ: 'th',
  ð: 'd',
  ı: 'i',
  đ: 'd',
};

function toAscii(text: string): string {
  const lower = text.toLowerCase().replace(/[ßøæłþðıđ]/g, (letter) => plainLetters[letter] ?? letter);
  return lower.normalize('NFD').replace(/[^a-z]/g, '');
}

function toPerson(line: string, index: number): Person {
  const [name = '', known] = line.split('=');
  const space = name.indexOf(' ');
  const givenName = name.slice(0, space);
  const surname = name.slice(space + 1);
  // A sAMAccountName has at most 20 characters.
  const account = known ?? `${toAscii(givenName).slice(0, 1)}${toAscii(surname)}`.slice(0, 20);
  return {
    employeeNumber: `${10_001 + index}`,
    givenName,
    surname,
    account,
    mail: `${account}@fabrikam.example`,
    department: departments[index % departments.length] ?? departments[0],
  };
}

/** A hundred people, the same in every run. */
export const people: readonly Person[] = names.map(toPerson);

/** The person with this account; throws when there is none. */
export function findPerson(account: string): Person {
  const found = people.find((person) => person.account === account);
  if (found === undefined) throw new Error(`No person "${account}" in the lab`);
  return found;
}

/** What a person can log on with, everywhere, before any change. */
export function initialPassword(person: Person): string {
  return `Initial-${person.employeeNumber}-Pw`;
}

function displayName({ givenName, surname }: Person): string {
  return `${givenName} ${surname}`;
}

/** The person's name in Active Directory; Finance writes surnames first, so that some names need escaping. */
export function activeDirectoryDn(person: Person, baseDn: string): string {
  const name =
    person.department === 'Finance' ? `${person.surname}\\, ${person.givenName}` : displayName(person);
  return `CN=${name},OU=People,${baseDn}`;
}

/** The person's name in OpenLDAP: by account. */
export function openLdapDn(person: Person, peopleDn: string): string {
  return `uid=${person.account},${peopleDn}`;
}

/** The person's name in 389 Directory Server: by common name. */
export function directoryServer389Dn(person: Person, peopleDn: string): string {
  return `cn=${displayName(person)},${peopleDn}`;
}

function record(dn: string, attributes: Readonly<Record<string, string | Uint8Array>>): string {
  const lines = Object.entries(attributes).map(([name, value]) => ldifLine(name, value));
  return `${[ldifLine('dn', dn), 'changetype: add', ...lines].join('\n')}\n`;
}

/** LDIF of an organizational unit People and everybody in it. */
export function activeDirectoryEntries(persons: readonly Person[], baseDn: string): string {
  const unit = record(`OU=People,${baseDn}`, { objectClass: 'organizationalUnit' });
  const entries = persons.map((person) =>
    record(activeDirectoryDn(person, baseDn), {
      objectClass: 'user',
      sAMAccountName: person.account,
      userPrincipalName: `${person.account}@${baseDn.toLowerCase().replaceAll('dc=', '').replaceAll(',', '.')}`,
      givenName: person.givenName,
      sn: person.surname,
      displayName: displayName(person),
      mail: person.mail,
      employeeID: person.employeeNumber,
      department: person.department,
      userAccountControl: '512',
      unicodePwd: Buffer.from(`"${initialPassword(person)}"`, 'utf16le'),
    }),
  );
  return [unit, ...entries].join('\n');
}

function inetOrgPerson(dn: string, person: Person): string {
  return record(dn, {
    objectClass: 'inetOrgPerson',
    uid: person.account,
    cn: displayName(person),
    givenName: person.givenName,
    sn: person.surname,
    mail: person.mail,
    employeeNumber: person.employeeNumber,
    departmentNumber: person.department,
    userPassword: initialPassword(person),
  });
}

/** LDIF of everybody for OpenLDAP. */
export function openLdapEntries(persons: readonly Person[], peopleDn: string): string {
  return persons.map((person) => inetOrgPerson(openLdapDn(person, peopleDn), person)).join('\n');
}

/** LDIF of everybody for 389 Directory Server. */
export function directoryServer389Entries(persons: readonly Person[], peopleDn: string): string {
  return persons.map((person) => inetOrgPerson(directoryServer389Dn(person, peopleDn), person)).join('\n');
}
