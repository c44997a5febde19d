/**
 * Changes per second over one connection on loopback, TLS and all, with a receiver that takes them at once:
 * what the channel itself costs. Prints one JSON document.
 */
import { ChannelWorld, newChange, secret } from '../unit/channel/channel-world.ts';

const count = 50_000;
await using world = await new ChannelWorld().start({ onChange: async () => undefined });
const sender = await world.openSender();
const rates: number[] = [];
for (let round = 0; round < 5; round += 1) {
  const changes = Array.from({ length: count / 5 }, () => newChange());
  const begin = performance.now();
  const cpu = process.cpuUsage();
  await Promise.all(changes.map((change) => sender.send(change, secret('Correct-Horse-7'))));
  rates.push(Math.round((count / 5 / (performance.now() - begin)) * 1000));
  const used = process.cpuUsage(cpu);
  console.error(
    `round ${round}: ${rates.at(-1)}/s, ${((used.user + used.system) / (count / 5)).toFixed(1)} µs of processor a change, both ends`,
  );
}
const serial: number[] = [];
for (let index = 0; index < 2000; index += 1) {
  const begin = performance.now();
  await sender.send(newChange(), secret('Correct-Horse-7'));
  serial.push(performance.now() - begin);
}
serial.sort((left, right) => left - right);
rates.sort((left, right) => left - right);
console.log(
  JSON.stringify({
    perSecond: rates[Math.floor(rates.length / 2)],
    serial: { p50Ms: serial[1000], p99Ms: serial[1980] },
    rssMb: Math.round(process.memoryUsage.rss() / 1_048_576),
  }),
);
