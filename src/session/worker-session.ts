/** Placeholder until the engine is there. */
import type { SessionPort } from './port.ts';

export function createWorkerSession(): SessionPort {
  const missing = (): Promise<never> => Promise.reject(new Error('The engine is not built yet.'));
  return { scenarios: missing, run: missing, viewsAt: missing, exportRun: missing, cancel: () => undefined };
}
