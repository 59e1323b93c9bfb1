/** Sizes of panels that hang on the window. */

/** The ladder has a third of a tall window; on a small projector less, which leaves the stage legible. */
export function usualLadderRem(view: Window): number {
  const rem = parseFloat(view.getComputedStyle(view.document.documentElement).fontSize) || 16;
  return Math.max(12.5, Math.round(((view.innerHeight < 800 ? 0.315 : 0.36) * view.innerHeight) / rem));
}
