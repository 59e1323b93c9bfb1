/** Values out of an intent, which is JSON that a person or a file wrote. */
import type { Json } from '#base/machine.ts';

export const numberOr = (value: Json | undefined, otherwise: number): number => (typeof value === 'number' && value >= 0 ? value : otherwise);
export const textOr = (value: Json | undefined, otherwise: string): string => (typeof value === 'string' ? value : otherwise);
export const textsOf = (value: Json | undefined): string[] => (Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []);
