/** At which level a run is told: by entities and their protocols (stage 3), or by functions (stage 2), as a story or on the reference architecture. */
import type { RecordId } from '#trace/record.ts';
import type { Story } from './story.ts';

export type Level = 'stage3' | 'stage2' | 'architecture';
export const LEVELS: readonly Level[] = ['architecture', 'stage2', 'stage3'];

let tellByFunctions: ((story: Story) => Story) | undefined;

/** What tells a run by functions is loaded when somebody first wants it. */
export async function loadFunctions(): Promise<void> {
  ({ tellByFunctions } = await import('./function-story.ts'));
}

/** Titles of the functions between which a transmission passes or inside which it stays; none before `loadFunctions` has come to its end, and of what stage 2 has no name for. */
export function functionsAt(story: Story, message: RecordId): readonly string[] {
  const stage2 = tellByFunctions?.(story).byFunctions?.stage2;
  const [from, to] = stage2?.holders.get(message) ?? [];
  return [...new Set([from, to])].flatMap((id) => stage2?.functions.find((each) => each.id === id)?.title ?? []);
}

/** The story of a run as this level tells it; until `loadFunctions` has come to its end, as stage 3 does. */
export const storyAtLevel = (story: Story, level: Level): Story => (level === 'stage3' ? story : (tellByFunctions?.(story) ?? story));
