/** Rules changed by a form beside their text, and a watcher who waits answered on the stage. */
import type { Locator, Page } from '@playwright/test';
import { expect, expectAccessible, test } from './fixtures.ts';
import { SimulatorPage } from './simulator-page.ts';

const XCAP = '#v=1&e=0.1.0&s=authorize-xcap&n=1';

class RulesPage extends SimulatorPage {
  readonly text: Locator;
  readonly verdict: Locator;
  readonly form: Locator;
  readonly question: Locator;

  constructor(page: Page) {
    super(page);
    this.text = this.dialog.getByLabel('Text of the document');
    this.verdict = this.dialog.getByRole('status');
    this.form = this.dialog.getByRole('region', { name: 'The rules as a form' });
    this.question = page.getByRole('group', { name: /asks to see UE#2$/ });
  }

  /** To the end of the chapter in which the presentity hears of the watcher. */
  async goWhereAsked(): Promise<void> {
    await this.timeline.getByRole('button', { name: 'The presentity allows it' }).click();
    await this.rest();
    for (let i = 0; i < 5 && (await this.question.count()) === 0; i++) await this.press('ArrowLeft');
  }

  async openRules(): Promise<void> {
    await this.choose('What if', /Change the rules of UE#2/);
    await expect(this.text).toBeVisible();
  }
}

test('a watcher who waits is answered on the stage, by the keyboard, and let in', async ({ page }) => {
  test.setTimeout(180_000);
  const simulator = new RulesPage(page);
  await simulator.open(XCAP);
  await expect(simulator.question).toHaveCount(0);
  await simulator.goWhereAsked();
  await expect(simulator.question).toHaveCount(1);
  await expectAccessible(page);
  const allow = simulator.question.getByRole('button', { name: 'Allow sip:user1_public1@home1.net' });
  await allow.focus();
  await page.keyboard.press('Enter');
  await expect(simulator.button(/Run 2 of 2/)).toBeVisible();
  await simulator.rest();
  await expect(simulator.question).toHaveCount(0);
  await expect(page.getByRole('banner')).toContainText('UE#2 answers a watcher');
  await simulator.press('Control+z');
  await simulator.question.getByRole('button', { name: 'Answer later' }).click();
  await expect(simulator.question).toHaveCount(0);
  await simulator.choose('What if', /^Politely block sip:user1/);
  await expect(simulator.button(/Run 3 of 3/)).toBeVisible();
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`rules are changed by a form that writes the document (${colorScheme})`, async ({ page }) => {
    test.setTimeout(180_000);
    const simulator = new RulesPage(page);
    await simulator.open(XCAP, { colorScheme });
    await simulator.goWhereAsked();
    await simulator.openRules();
    await expectAccessible(page);
    await expect(simulator.text).toHaveValue(/<cr:rule id="everybody">/);
    await simulator.dialog.getByRole('button', { name: 'Add a rule' }).click();
    await expect(simulator.verdict).toContainText('Line 16: Whom the rule is about is still missing. The server would answer 409 (Conflict).');
    await expectAccessible(page);
    const rule = simulator.form.getByRole('group', { name: 'The rule rule-2' });
    // A rule that is not finished is there again when the form is opened again.
    await page.keyboard.press('Escape');
    await expect(simulator.dialog).toHaveCount(0);
    await simulator.openRules();
    await expect(rule.getByLabel('Their addresses')).toHaveValue('');
    await rule.getByLabel('Their addresses').fill('sip:user1_public1@home1.net');
    await rule.getByLabel('Some of it').check();
    await rule.getByLabel('all attributes').uncheck();
    await expect(simulator.text).toHaveValue(/<cr:one id="sip:user1_public1@home1.net"\/>[^]*<pr:provide-note>true<\/pr:provide-note>/);
    await expect(simulator.verdict).toContainText('The server takes this');
    // And the other way round.
    await simulator.text.fill((await simulator.text.inputValue()).replace('>allow<', '>polite-block<'));
    await expect(rule.getByLabel('Politely block')).toBeChecked();
    await simulator.dialog.getByRole('button', { name: 'Send' }).click();
    await expect(simulator.notice.first()).toContainText('UE#2 puts the rule “rule-2”');
    await expect(simulator.notice.first()).toContainText('XDMS answers 201 Created');
    await simulator.rest();
    await expect(simulator.caption).toContainText('UE#2 sends a PUT to XDMS');
    // Whoever gets the link gets the same run.
    const [hash, link] = [await simulator.hash(), await simulator.link()];
    const other = new SimulatorPage(await page.context().newPage());
    await other.open(link);
    expect(await other.hash()).toBe(hash);
  });
}

test('whatever is written stays, readable or not, until it is given up; what breaks the schema can be sent, and is refused', async ({ page }) => {
  test.setTimeout(180_000);
  const simulator = new RulesPage(page);
  await simulator.open(XCAP);
  await simulator.goWhereAsked();
  await simulator.openRules();
  const bomb = '<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>\n<ruleset xmlns="urn:ietf:params:xml:ns:common-policy">&b;</ruleset>';
  await simulator.text.fill(bomb);
  await expect(simulator.verdict).toContainText('Line 1: A document type declaration is not taken');
  await expect(simulator.form).toContainText('Nothing of it is lost');
  const megabyte = `<ruleset xmlns="urn:ietf:params:xml:ns:common-policy">${'<!-- long -->'.repeat(80_000)}</ruleset>`;
  await simulator.text.fill(megabyte);
  await expect(simulator.verdict).toContainText('longer than 65536 characters');
  await simulator.text.fill('<ruleset xmlns="urn:ietf:params:xml:ns:common-policy"><rule/></ruleset>');
  await expect(simulator.verdict).toContainText('A rule lacks its id');
  await page.keyboard.press('Escape');
  await expect(simulator.dialog).toHaveCount(0);
  // Another scenario, and back.
  await simulator.press('s');
  await simulator.dialog.getByRole('button', { name: /A watcher asks once/ }).click();
  await simulator.rest();
  await simulator.choose('Other runs', /The presentity answers a watcher who waits/);
  await simulator.rest();
  await simulator.openRules();
  await expect(simulator.text).toHaveValue(/<rule\/>/);
  await simulator.dialog.getByRole('button', { name: 'Send it all the same' }).click();
  await expect(page.getByRole('alert')).toContainText(/XDMS answers 409 Conflict\. The server does not take it: .*A rule lacks its id\./);
  await simulator.rest();
  await simulator.openRules();
  await expect(simulator.text).toHaveValue(/<rule\/>/);
  await simulator.dialog.getByRole('button', { name: 'As it is kept' }).click();
  await expect(simulator.text).toHaveValue(/everybody/);
});
