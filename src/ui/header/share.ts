/** Handing on the link of this moment: what the button does, and the entry of the palette. */
import type { Command } from '#store/commands.ts';
import { linkOf } from '#store/open-link.ts';
import { NO_LINK, notify } from '#store/runs.ts';
import type { Simulator } from '#store/simulator.ts';

/** Copies it and says so; where the browser forbids copying, the address bar has it. */
async function copyLink(simulator: Simulator): Promise<void> {
  const link = linkOf(simulator);
  if (link === undefined) {
    notify(simulator, NO_LINK, 'problem', 'save-run');
    return;
  }
  window.history.replaceState(window.history.state, '', link);
  try {
    await navigator.clipboard.writeText(window.location.href);
    notify(simulator, 'The link to this moment is copied: it holds the scenario, your changes and the moment, and nothing else.');
  } catch {
    notify(simulator, 'The browser does not allow copying here. The link to this moment is in the address bar: copy it from there.');
  }
}

export const share: Command = {
  id: 'link.share',
  label: 'Share',
  keys: [],
  enabled: ({ store }) => store.getState().session.phase.kind === 'ready',
  run: copyLink,
};
