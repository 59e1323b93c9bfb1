import { Link } from 'lucide-react';
import { linkOf } from '#store/open-link.ts';
import { notify } from '#store/runs.ts';
import { useAppState, useSimulator } from '#ui/simulator-context.tsx';
import { Button } from '#ui/widgets/Button.tsx';

/** Copies the link of this moment and says so; where the browser forbids copying, the address bar has it. */
export function ShareButton() {
  const simulator = useSimulator();
  const ready = useAppState((state) => state.session.phase.kind === 'ready');
  const share = async (): Promise<void> => {
    const link = linkOf(simulator);
    if (link === undefined) {
      notify(simulator, 'No link holds what was written into this run: it is too long. Save the run as a file (Export) to pass it on.', 'problem');
      return;
    }
    window.history.replaceState(window.history.state, '', link);
    try {
      await navigator.clipboard.writeText(window.location.href);
      notify(simulator, 'The link to this moment is copied: it holds the scenario, your changes and the moment, and nothing else.');
    } catch {
      notify(simulator, 'The browser does not allow copying here. The link to this moment is in the address bar: copy it from there.');
    }
  };
  return (
    <Button icon={<Link />} disabled={!ready} onPress={() => void share()}>
      Share
    </Button>
  );
}
