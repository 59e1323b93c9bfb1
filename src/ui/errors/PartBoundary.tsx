/** Around a part of the page that is fetched when it is wanted: where it cannot be had, or breaks, the rest of the page stays, and a notice says what happened. */
import { Component, type ErrorInfo, type ReactNode } from 'react';
import { FETCH_FAILURE, isFetchFailure } from '#store/fetch-failure.ts';
import { notify } from '#store/runs.ts';
import { useSimulator } from '#ui/simulator-context.tsx';
import { forgetFailures } from '#ui/widgets/late.ts';

interface Props {
  /** `This dialog`. */
  readonly what: string;
  /** Puts the page back as it was without it. */
  readonly onBroken: () => void;
  readonly children: ReactNode;
}

export function PartBoundary({ what, onBroken, children }: Props) {
  const simulator = useSimulator();
  const tell = (error: Error): void => {
    forgetFailures();
    onBroken();
    notify(simulator, isFetchFailure(error) ? FETCH_FAILURE : `${what} has broken, which is a mistake of the simulator: ${error.message}`, 'problem');
  };
  return <Boundary onError={tell}>{children}</Boundary>;
}

class Boundary extends Component<{ readonly onError: (error: Error) => void; readonly children: ReactNode }, { readonly broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError(): { readonly broken: boolean } {
    return { broken: true };
  }

  override componentDidCatch(error: unknown, info: ErrorInfo): void {
    if (!isFetchFailure(error)) console.error(error, info.componentStack);
    this.props.onError(error instanceof Error ? error : new Error(String(error)));
  }

  override render(): ReactNode {
    return this.state.broken ? null : this.props.children;
  }
}
