/** The page as a person meets it: by roles and labels. Panels of their own have their own page objects. */
import type { Download, Locator, Page } from '@playwright/test';
import { openPage, whenIdle } from './fixtures.ts';
import type { Taste } from './fixtures.ts';

export class SimulatorPage {
  readonly page: Page;
  readonly caption: Locator;
  /** What is happening and why; and what comes next. */
  readonly sentence: Locator;
  readonly next: Locator;
  readonly timeline: Locator;
  readonly slider: Locator;
  readonly dialog: Locator;
  readonly notice: Locator;

  constructor(page: Page) {
    this.page = page;
    this.caption = page.getByRole('region', { name: 'Caption' });
    this.sentence = this.caption.getByRole('paragraph').first();
    this.next = this.caption.getByRole('paragraph').last();
    this.timeline = page.getByRole('region', { name: 'Time line' });
    this.slider = page.getByRole('slider', { name: 'Position in the story' });
    this.dialog = page.getByRole('dialog');
    this.notice = page.getByRole('status').or(page.getByRole('alert')).filter({ hasText: /./ });
  }

  async open(fragment = '', taste: Taste = {}): Promise<void> {
    await openPage(this.page, fragment, taste);
  }

  async rest(): Promise<void> {
    await whenIdle(this.page);
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name });
  }

  /** Presses a key, `times` times, and waits for rest. */
  async press(key: string, times = 1): Promise<void> {
    for (let i = 0; i < times; i++) await this.page.keyboard.press(key);
    await this.rest();
  }

  async choose(menu: string | RegExp, item: string | RegExp): Promise<void> {
    await this.button(menu).click();
    await this.page
      .getByRole('menuitem', { name: item })
      .or(this.page.getByRole('menuitemradio', { name: item }))
      .click();
  }

  /** Number of the current step, 0 where the story opens, and how many there are. */
  async position(): Promise<{ readonly step: number; readonly of: number }> {
    return this.page.evaluate(() => window.__simulator?.position() ?? { step: -1, of: -1 });
  }

  async hash(): Promise<string> {
    return this.page.evaluate(() => window.__simulator?.hash() ?? '');
  }

  async link(): Promise<string> {
    return this.page.evaluate(() => window.__simulator?.link() ?? '');
  }

  async save(file: string): Promise<Download> {
    const download = this.page.waitForEvent('download');
    await this.choose('Export', file);
    return download;
  }
}

/** What of a step that was named before stands in its own sentence: a NOTIFY that sets out says its news first, and names itself after that. */
export const saidAgain = (named: string): string => named.replace(/^.* sends (?=a Notif|a NOTIFY)/i, '');
