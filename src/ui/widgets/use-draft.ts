/** What somebody has begun in a form and left. */
import { useState } from 'react';
import { keepDraft, selectDraft, type DraftName } from '#store/drafts.ts';
import { useAppState, useSimulator } from '#ui/simulator-context.tsx';

interface Draft<T> {
  readonly draft: T | undefined;
  /** Undefined gives it up. */
  readonly keep: (draft: T | undefined) => void;
  /** It was there when the form was opened. */
  readonly isFromBefore: boolean;
}

export function useDraft<T>(name: DraftName<T>): Draft<T> {
  const simulator = useSimulator();
  const draft = useAppState((state) => selectDraft(state, name));
  const [wasThere] = useState(draft !== undefined);
  return { draft, keep: (next) => keepDraft(simulator, name, next), isFromBefore: wasThere && draft !== undefined };
}
