import { Link } from 'lucide-react';
import { useAppState, useExecute } from '#ui/simulator-context.tsx';
import { Button } from '#ui/widgets/Button.tsx';
import { share } from './share.ts';

/** Copies the link of this moment and says so. */
export function ShareButton() {
  const execute = useExecute();
  const ready = useAppState((state) => state.session.phase.kind === 'ready');
  return (
    <Button icon={<Link />} disabled={!ready} onPress={() => execute(share)}>
      {share.label}
    </Button>
  );
}
