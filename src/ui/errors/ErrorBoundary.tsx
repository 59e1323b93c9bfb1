/** When a panel breaks: says what happened and what to do, and keeps the link, in which everything that the person did is written. */
import { Component, type ErrorInfo, type ReactNode } from 'react';
import { isFetchFailure } from '#store/fetch-failure.ts';
import { forgetFailures } from '#ui/widgets/late.ts';
import styles from './errors.module.css';

interface Props {
  readonly children: ReactNode;
}
interface State {
  readonly error: Error | undefined;
}

export class ErrorBoundary extends Component<Props, State> {
  override state: State = { error: undefined };

  static getDerivedStateFromError(error: unknown): State {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override componentDidCatch(error: Error, info: ErrorInfo): void {
    console.error(error, info.componentStack);
  }

  private again(): void {
    forgetFailures();
    this.setState({ error: undefined });
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === undefined) return this.props.children;
    return (
      <div role="alert" className={styles.page}>
        <h1 className={styles.title}>{isFetchFailure(error) ? 'A part of the page could not be fetched.' : 'A part of the page has broken.'}</h1>
        <p>
          {isFetchFailure(error)
            ? 'The network, or the server of this page, is not there; try again when it is back.'
            : 'This is a mistake of the simulator, not yours.'}{' '}
          Your scenario, your changes and the moment are in the address of this page: nothing is lost.
        </p>
        <p>
          <button type="button" className={styles.button} onClick={() => this.again()}>
            Show it again
          </button>{' '}
          or reload the page. If it breaks again, report this text together with the address:
        </p>
        <pre className={styles.text}>{error.message}</pre>
      </div>
    );
  }
}
