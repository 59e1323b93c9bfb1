/** `npm run bench`: ours, the reference, the ratio, in one run. Bounded in time; nothing here is a test. */
import { measureFlow, measureMemory, USUAL } from './flow.ts';
import { measurePage } from './page.ts';
import { measureSipHop } from './sip-hop.ts';

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const us = (value: number): string => `${value.toFixed(1)} µs`;

say('SIP hop: parse whole, read twelve fields, pop Route, push Via, decrement Max-Forwards, serialise; reference: JsSIP parseMessage on the same texts');
const hop = measureSipHop();
say(`  ours ${us(hop.ours)}   JsSIP ${us(hop.jssip)}   ratio ${hop.ratio.toFixed(1)} (wanted: at least 30)`);

say('Complete flow: SUBSCRIBE to the 200 of the first NOTIFY, distinct registered users; reference: JsSIP parses of that SUBSCRIBE');
for (const { recorded, perSecond } of [
  { recorded: true, perSecond: USUAL },
  { recorded: false, perSecond: USUAL },
  { recorded: true, perSecond: 100 },
]) {
  const { flow, jssip, ratio, messages } = measureFlow(600, recorded, perSecond);
  const count = recorded ? `, ${messages.toFixed(1)} messages a flow` : '';
  say(
    `  ${perSecond} a second, recording ${recorded ? 'on ' : 'off'}: ours ${us(flow)}   JsSIP ${us(jssip)}   ratio ${ratio.toFixed(2)} (wanted: at most 1.50)${count}`,
  );
}

say('Memory per live subscription over all entities, forced collection');
say(`  ${(measureMemory(2400) / 1000).toFixed(2)} kB (wanted: at most 5; a Kamailio presence server alone: 0.79)`);

say('Page: principal flow in headless Chromium at 1280x720, software rendering');
const page = await measurePage();
const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(1)} kB gzip`;
say(`  script before the first picture: ${kilobytes(page.scriptBytes)} (wanted: at most 250); with the engine behind it: ${kilobytes(page.scriptWithEngine)}`);
say(`  playing: ${page.scriptPerFrame.toFixed(2)} ms of script a frame at ${page.framesPerSecond.toFixed(0)} frames a second`);
say(`  a seek (one step on the time line): ${page.scriptPerSeek.toFixed(1)} ms of script, ${page.layoutPerSeek.toFixed(1)} ms of style and layout`);
