/** What an operator's wish makes of a link that still carries something. */
import type { Intent } from '#base/machine.ts';

/** `loses 33 %`, `1 s late`. */
export function impairmentText(intent: Intent): string {
  const [loss, late] = [intent['lossPerMille'], intent['lateMs']];
  const words = [
    ...(typeof loss === 'number' && loss > 0 ? [`loses ${Math.round(loss / 10)} %`] : []),
    ...(typeof late === 'number' && late > 0 ? [`${late / 1000} s late`] : []),
  ];
  return words.join(', ');
}
