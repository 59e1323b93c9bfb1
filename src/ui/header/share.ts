/** Handing on the link of this moment: what the button does, and the entry of the palette. */
import { inThousands } from '#base/thousands.ts';
import type { Command } from '#store/commands.ts';
import { linkOf } from '#store/open-link.ts';
import { NO_LINK, NO_LINK_OWN, notify } from '#store/runs.ts';
import type { Simulator } from '#store/simulator.ts';
import { selectRun } from '#store/store.ts';

/** Longer links are not sure to pass through mail and chat whole. */
const LONG_LINK = 8000;

/** What is said of a link; of a long one too how long it is, and what keeps the run instead. */
export function tellOfLink(simulator: Simulator, length: number, text: string): void {
  if (length <= LONG_LINK) return notify(simulator, text);
  notify(
    simulator,
    `${text} It is ${inThousands(String(length), '\u00a0')} characters long: mail and chat may cut it. Export > Run saves the same run as a file.`,
    'plain',
    'save-run',
  );
}

/** Copies it and says so; where the browser forbids copying, the address bar has it. */
async function copyLink(simulator: Simulator): Promise<void> {
  const link = linkOf(simulator);
  if (link === undefined) {
    const isOwn = selectRun(simulator.store.getState())?.request.own !== undefined;
    notify(simulator, isOwn ? NO_LINK_OWN : NO_LINK, 'problem', 'save-run');
    return;
  }
  window.history.replaceState(window.history.state, '', link);
  const { length } = window.location.href;
  try {
    await navigator.clipboard.writeText(window.location.href);
    tellOfLink(simulator, length, 'The link to this moment is copied: it holds the scenario, your changes and the moment, and nothing else.');
  } catch {
    tellOfLink(simulator, length, 'The browser does not allow copying here. The link to this moment is in the address bar: copy it from there.');
  }
}

export const share: Command = {
  id: 'link.share',
  label: 'Share',
  keys: [],
  enabled: ({ store }) => store.getState().session.phase.kind === 'ready',
  run: copyLink,
};
