import { draftAgent, IdentityWorld } from '#test/identity-world.ts';

const objects = Number(process.argv[2] ?? 20_000);
const main = draftAgent({
  name: 'main',
  project: true,
  pageSize: 500,
  flow: ['employeeID=employeeId', 'mail=mail', 'displayName=displayName', 'sAMAccountName=accountName'],
});
const other = draftAgent({
  name: 'other',
  pageSize: 500,
  join: [['employeeNumber=employeeId'], ['mail=mail']],
  flow: ['telephoneNumber=telephone'],
});
const world = new IdentityWorld([main, other]);
for (let index = 0; index < objects; index += 1) {
  const name = `user${index}`;
  world.directory(main).set(`a-${index}`, `CN=${name},OU=Staff,DC=main`, {
    sAMAccountName: [name],
    employeeID: [String(index)],
    mail: [`${name}@fabrikam.example`],
    displayName: [`Person ${index}`],
  });
  world.directory(other).set(`o-${index}`, `uid=${name},ou=people,DC=other`, {
    uid: [name],
    employeeNumber: [String(index)],
    mail: [`${name}@fabrikam.example`],
    telephoneNumber: [`+1 555 ${index}`],
  });
}

/** Objects per second of wall time, and per second of processor time for a machine that does other things too. */
async function rate(
  run: () => Promise<unknown>,
): Promise<{ readonly wall: number; readonly processor: number }> {
  const started = performance.now();
  const before = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(before);
  return {
    wall: Math.round(objects / ((performance.now() - started) / 1000)),
    processor: Math.round(objects / ((user + system) / 1_000_000)),
  };
}

const perSecond = {
  stageAndProject: await rate(() => world.run(main, 'full-import-delta-sync')),
  stageAndJoin: await rate(() => world.run(other, 'full-import-delta-sync')),
  fullImportUnchanged: await rate(() => world.run(other, 'full-import-delta-sync')),
  fullSynchronization: await rate(() => world.run(other, 'full-sync')),
};
const times: number[] = [];
for (let round = 0; round < 20_000; round += 1) {
  const started = performance.now();
  const source = world.joins.findConnector(main.id, `a-${(round * 7919) % objects}`);
  if (source?.person !== undefined) world.joins.connectorsOf(source.person);
  times.push(performance.now() - started);
}
times.sort((one, next) => one - next);
const lookUp = {
  p50Us: Math.round((times[10_000] ?? 0) * 1000),
  p99Us: Math.round((times[19_800] ?? 0) * 1000),
};
const joined = world.connectors.counts(other.id).connector;
await world.close();
process.stdout.write(
  `${JSON.stringify({ objects, joined, perSecond, lookUp, rssMb: Math.round(process.memoryUsage().rss / 1_048_576) })}\n`,
);
