/** Digits of a whole number in groups of three from the right, with `space` between them: `12480` becomes `12 480`. */
export const inThousands = (digits: string, space: string): string => digits.replace(/\B(?=(\d{3})+$)/g, space);
