/** Sizes of everything on the stage, in world units, in one place: layout and drawing must agree. */
export const GLYPH = 46;
export const GLYPH_RADIUS = 13;
export const NAME_SIZE = 14.5;
export const ROLE_SIZE = 13;
export const REFERENCE_SIZE = 13;
export const TITLE_SIZE = 16;
export const SUBTITLE_SIZE = 13;
export const BADGE_SIZE = 13;
export const BADGE_HEIGHT = 18;
/** Room for `registered`, and for `closed · 12 watchers`. */
export const BADGE_WIDTH = { ue: 92, server: 144 } as const;
export const BADGE_PAD = 7;
export const PILL_SIZE = 13.5;
export const PILL_HEIGHT = 25;
/** Of a pill, beside its text and the mark of its direction. */
export const PILL_PAD = 27;

/** Baselines and boxes relative to the centre of an entity. */
export const NAME_BASELINE = 40;
export const ROLE_BASELINE = 55;
export const NAME_BOX = { top: 26, bottom: 45 } as const;
export const ROLE_BOTTOM = 59;
/** The badge sits on the upper edge of the glyph. */
export const BADGE_TOP = -37;
export const NAME_WIDTH = 142;

export const MARGIN = 8;
/** Where everything together is wider than the stage at this many of its pixels to a unit, it moves closer: smaller than this no name can be read from the last row. */
export const LEAST_SCALE = 0.9;
export const TITLE_HEIGHT = 45;
/** Columns of three rows, or one line. */
export const LEGEND = { size: 13, row: 16, column: 96, rows: 3 } as const;

/** The areas of functions, and the networks around them. */
export const AREA = { title: 14.5, member: 13.5, glyph: 36, top: 28, bottom: 24, pad: 10, between: 14, radius: 16, line: 18, port: 13, portRow: 18 } as const;
export const TERRITORY = { title: 34, side: 14, bottom: 16, gap: 22, size: 15.5, subtitle: 13, before: 16, between: 8, line: 16 } as const;
