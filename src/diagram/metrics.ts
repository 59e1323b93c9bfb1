/** Sizes of everything on the stage, in world units, in one place: layout and drawing must agree. */
export const GLYPH = 46;
export const GLYPH_RADIUS = 13;
export const NAME_SIZE = 13;
export const ROLE_SIZE = 11.5;
export const REFERENCE_SIZE = 11.5;
export const TITLE_SIZE = 14;
export const SUBTITLE_SIZE = 11.5;
export const BADGE_SIZE = 11;
export const BADGE_HEIGHT = 17;
/** No badge is wider: what does not fit is not said on the stage. */
export const BADGE_WIDTH = 96;
export const PILL_SIZE = 12;
export const PILL_HEIGHT = 25;

/** Baselines and boxes relative to the centre of an entity. */
export const NAME_BASELINE = 38;
export const ROLE_BASELINE = 52;
export const NAME_BOX = { top: 26, bottom: 43 } as const;
export const ROLE_BOTTOM = 56;
/** The badge sits on the upper edge of the glyph. */
export const BADGE_TOP = -32;
export const NAME_WIDTH = 128;

export const MARGIN = 8;
/** Between two territories, when nothing crosses but DNS. */
export const NARROW_GAP = 26;
/** Between two PLMNs, with a security gateway on each bank and the tunnel between them. */
export const BORDER_GAP = 72;
export const GATEWAY_WIDTH = 24;
export const TITLE_HEIGHT = 45;
/** Two columns of three rows, or one line. */
export const LEGEND = { size: 10.5, row: 14, column: 90, rows: 3, columns: 2 } as const;
