/** The watcher changes his list by a form, and the list server follows. */
import { readFile } from 'node:fs/promises';
import { expect, expectAccessible, test } from './fixtures.ts';
import { SimulatorPage } from './simulator-page.ts';

test('somebody is put on the list by a form: the server asks for him, and tells the whole list', async ({ page }) => {
  test.setTimeout(180_000);
  const simulator = new SimulatorPage(page);
  await simulator.open('#v=1&e=0.1.0&s=list-xcap&n=1');
  await simulator.timeline.getByRole('button', { name: 'Somebody more on the list' }).click();
  await simulator.rest();
  await simulator.press('ArrowLeft');
  await simulator.choose('What if', /Change the lists of UE#1/);
  const { dialog } = simulator;
  const text = dialog.getByLabel('Text of the document');
  await expect(text).toHaveValue(/user3_public1/);
  await dialog.getByRole('button', { name: 'Add a member' }).click();
  // One verdict: what is odd about an address is no praise beside a remark.
  await dialog.getByLabel('Address of member 3').fill('mary');
  await expect(dialog.getByRole('status')).toHaveText('The server takes this, but nobody will be found by “mary”.');
  await dialog.getByLabel('Address of member 3').fill('sip:user4_public1@home2.net');
  await dialog.getByLabel('Name of member 3').fill('Mary');
  await expect(text).toHaveValue(/<rl:entry uri="sip:user4_public1@home2.net">\s*<rl:display-name>Mary</);
  await expect(dialog.getByRole('status')).toContainText('The server takes this');
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Send' }).click();
  await expect(simulator.notice.first()).toContainText(/UE#1 puts its lists at step \d+: XDMS#1 answers 200 OK/, { timeout: 30_000 });
  await simulator.rest();
  await expect(simulator.caption).toContainText('UE#1 sends a PUT to XDMS#1');
  const trace = await (await simulator.save('Trace')).path().then((path) => readFile(path, 'utf8'));
  expect(trace).toContain('who watches them is told of whoever is on them now');
});
