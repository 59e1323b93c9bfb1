/** Sizes of everything on the stage, in world units, in one place: layout and drawing must agree. */
export const GLYPH = 46;
export const GLYPH_RADIUS = 13;
export const NAME_SIZE = 14.5;
export const ROLE_SIZE = 13;
export const REFERENCE_SIZE = 13;
export const TITLE_SIZE = 16;
export const SUBTITLE_SIZE = 13;
export const BADGE_SIZE = 12;
export const BADGE_HEIGHT = 18;
/** Room for `registered`, and for `closed · 12 watchers`. */
export const BADGE_WIDTH = { ue: 92, server: 136 } as const;
export const BADGE_PAD = 7;
export const PILL_SIZE = 13.5;
export const PILL_HEIGHT = 26;

/** Baselines and boxes relative to the centre of an entity. */
export const NAME_BASELINE = 40;
export const ROLE_BASELINE = 55;
export const NAME_BOX = { top: 26, bottom: 45 } as const;
export const ROLE_BOTTOM = 59;
/** The badge sits on the upper edge of the glyph. */
export const BADGE_TOP = -37;
export const NAME_WIDTH = 142;

export const MARGIN = 8;
/** Between two territories, when nothing crosses but DNS. */
export const NARROW_GAP = 26;
/** Between two networks that exchange more than DNS: room to see a packet cross. */
export const BORDER_GAP = 64;
export const TITLE_HEIGHT = 45;
/** Columns of three rows, or one line. */
export const LEGEND = { size: 12, row: 16, column: 94, rows: 3 } as const;
