/**
 * How fast people are imported, joined, synchronized and found; prints one JSON document. Two numbers choose the
 * size: people in the LDIF file (500000) and people in OpenLDAP (100000).
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { FileImport } from '#agents/file/file-import.ts';
import { type RunningOpenLdap, startOpenLdap } from '#lab/openldap-server.ts';
import { requireCommand } from '#lab/run-command.ts';
import { type Agent, agentSchema, type FileAgent } from '#shared/model/agent.ts';
import { ldapAgent, sourcesOf } from '#test/directory-agents.ts';
import { IdentityWorld } from '#test/identity-world.ts';

const [people = 500_000, inDirectory = 100_000] = process.argv.slice(2).map(Number);
const fewPeople = Math.min(10_000, people);
/** Neighbouring pairs of an import and a search; the first warms up and does not count. */
const rounds = 6;
const lookUps = 20_000;
const attributes = ['uid', 'employeeNumber', 'mail', 'displayName', 'objectClass', 'entryUUID'];

const directory = mkdtempSync(join(tmpdir(), 'carillon-bench-'));
const say = (line: string): void => console.error(line);

function median(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[values.length >> 1] ?? 0;
}

/** Seconds that something takes. */
async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}

/** The same people on either side; the LDIF file knows all of them, the directory the first. */
async function writePeople(path: string, count: number, base: string, from = 0): Promise<void> {
  const file = createWriteStream(path);
  for (let index = from; index < from + count; index += 1) {
    const isFull = !file.write(
      `dn: uid=user${index},${base}\nobjectClass: inetOrgPerson\nuid: user${index}\ncn: Person ${index}\n` +
        `sn: Person\ndisplayName: Person ${index}\nemployeeNumber: ${index}\nmail: user${index}@fabrikam.example\n\n`,
    );
    if (isFull) await once(file, 'drain');
  }
  file.end();
  await once(file, 'close');
}

function fileAgent(path: string, name: string): FileAgent {
  return agentSchema.parse({
    kind: 'ldif',
    id: crypto.randomUUID(),
    name,
    connection: { path },
    partitions: [{ dn: 'dc=file' }],
    project: true,
    flow: [
      { connector: 'employeeNumber', person: 'employeeId' },
      { connector: 'uid', person: 'accountName' },
      { connector: 'mail', person: 'mail' },
      { connector: 'displayName', person: 'displayName' },
    ],
    runProfiles: (['full-import-stage-only', 'full-sync', 'delta-sync'] as const).map((type) => ({
      name: type,
      steps: [{ type, timeout: 600 }],
    })),
  }) as FileAgent;
}

function directoryAgent(server: RunningOpenLdap) {
  const lab = ldapAgent(server, 'openldap', { include: [server.peopleDn], pageSize: 500 });
  const agent: Agent = {
    ...lab.agent,
    join: [{ mappings: [{ connector: 'employeeNumber', person: 'employeeId' }] }],
    flow: [
      { connector: 'uid', person: 'directoryName' },
      { connector: 'mail', person: 'directoryMail' },
      { connector: 'displayName', person: 'directoryDisplayName' },
    ],
    runProfiles: [...lab.agent.runProfiles, { name: 'delta-sync', steps: [stepOf('delta-sync')] }],
  };
  return { ...lab, agent };
}

function stepOf(type: 'delta-sync') {
  return { type, pageSize: 500, timeout: 600 };
}

/** Everything that the import asks for, by the same account over the same TLS in pages of the same size, to nowhere. */
async function searchOnce(server: RunningOpenLdap): Promise<number> {
  const passwordFile = join(directory, 'password');
  writeFileSync(passwordFile, server.servicePassword, { mode: 0o600 });
  const signIn = ['-x', '-H', server.ldapsUrl, '-D', server.serviceDn, '-y', passwordFile];
  const child = spawn(
    'ldapsearch',
    [
      '-LLL',
      ...signIn,
      ...['-b', server.peopleDn, '-E', 'pr=500/noprompt'],
      '(objectClass=inetOrgPerson)',
      ...attributes,
    ],
    { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, LDAPTLS_CACERT: server.caFile } },
  );
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`ldapsearch ended with ${code}`);
  return inDirectory;
}

async function runProfile(world: IdentityWorld, agent: Agent, profile: string): Promise<void> {
  const { result, steps } = await world.runner.run(agent.id, profile);
  if (result !== 'success')
    throw new Error(`${profile} of ${agent.name}: ${result} ${steps[0]?.detail ?? ''}`);
}

async function fillServer(server: RunningOpenLdap): Promise<void> {
  const ldif = join(directory, 'directory.ldif');
  await writePeople(ldif, inDirectory, server.peopleDn);
  await server.stop();
  await requireCommand('slapadd', ['-q', '-f', join(server.directory, 'slapd.conf'), '-l', ldif], {
    timeout: 600_000,
  });
  await server.restart();
}

const server = await startOpenLdap({
  directory: join(directory, 'openldap'),
  noSync: true,
  maximumSize: 8 * 1024 ** 3,
});
try {
  say(`Filling OpenLDAP with ${inDirectory} people`);
  await fillServer(server);
  const lab = directoryAgent(server);
  const sources = sourcesOf([lab]);
  const sourceOf = (agent: Agent) => (agent.kind === 'ldif' ? new FileImport(agent) : sources(agent));

  const imports: number[] = [];
  const searches: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    searches.push(inDirectory / (await secondsOf(() => searchOnce(server))));
    const world = new IdentityWorld([lab.agent], sourceOf);
    imports.push(
      inDirectory / (await secondsOf(() => runProfile(world, lab.agent, 'full-import-stage-only'))),
    );
    await world.close();
    say(`import ${Math.round(imports.at(-1) ?? 0)}/s, ldapsearch ${Math.round(searches.at(-1) ?? 0)}/s`);
    if (round > 0) continue;
    imports.pop();
    searches.pop();
  }

  /** Microseconds per object of a first import and synchronization, at one size. */
  const measure = async (count: number) => {
    const path = join(directory, `people-${count}.ldif`);
    await writePeople(path, count, 'ou=people,dc=file');
    const file = fileAgent(path, `LDIF ${count}`);
    const world = new IdentityWorld([file, lab.agent], sourceOf);
    const staging = await secondsOf(() => runProfile(world, file, 'full-import-stage-only'));
    const projecting = await secondsOf(() => runProfile(world, file, 'delta-sync'));
    const perObject = ((staging + projecting) / count) * 1e6;
    say(
      `${count} people: staged ${Math.round(count / staging)}/s, projected ${Math.round(count / projecting)}/s`,
    );
    return { world, file, perObject, staging };
  };

  const few = await measure(fewPeople);
  await few.world.close();
  const { world, file, perObject, staging } = await measure(people);
  await runProfile(world, lab.agent, 'full-import-stage-only');
  const joining = await secondsOf(() => runProfile(world, lab.agent, 'delta-sync'));
  const joined = world.connectors.counts(lab.agent.id).connector;
  const expected = Math.min(people, inDirectory);
  if (joined !== expected) throw new Error(`${joined} objects joined, ${expected} should have`);
  const synchronizing = await secondsOf(() => runProfile(world, file, 'full-sync'));

  const times: number[] = [];
  for (let round = 0; round < lookUps; round += 1) {
    const dn = `uid=user${(round * 7919) % people},ou=people,dc=file`;
    const started = performance.now();
    const source = world.joins.findConnector(file.id, dn);
    if (source?.person === undefined) throw new Error(`${dn} was not found`);
    world.joins.connectorsOf(source.person);
    times.push(performance.now() - started);
  }
  times.sort((one, next) => one - next);
  const rssMb = Math.round(process.resourceUsage().maxRSS / 1024);
  await world.close();
  const round2 = (value: number) => Math.round(value * 100) / 100;
  console.log(
    JSON.stringify(
      {
        import: {
          perSecond: Math.round(median(imports)),
          ldapsearchPerSecond: Math.round(median(searches)),
          ratio: round2(median(imports.map((rate, pair) => rate / (searches[pair] ?? rate)))),
          ldifPerSecond: Math.round(people / staging),
        },
        join: { perSecond: Math.round(inDirectory / joining) },
        fullSync: { perSecond: Math.round(people / synchronizing) },
        lookup: { p99Ms: round2(times[Math.floor(lookUps * 0.99)] ?? 0) },
        rssMb,
        growth: round2(perObject / few.perObject),
      },
      undefined,
      2,
    ),
  );
} finally {
  await server.stop();
  rmSync(directory, { recursive: true, force: true });
}
