/** What the layout gives: everything that stands still on the stage, in world units. */
import type { EntityId, TraceEntity, TraceNetwork } from '#trace/record.ts';
import type { Box, Path, Point } from './geometry.ts';

/** Which of the network colours a territory wears. */
export type Tint = 'visited' | 'home1' | 'home2' | 'other';

export interface Territory {
  readonly network: TraceNetwork;
  readonly box: Box;
  readonly tint: Tint;
  readonly title: string;
  readonly subtitle: string;
  readonly titleBox: Box;
}

export interface PlacedEntity {
  readonly entity: TraceEntity;
  readonly x: number;
  readonly y: number;
  /** Name under the glyph, and the role under the name. */
  readonly name: string;
  readonly role: string;
  readonly glyphBox: Box;
  readonly nameBox: Box;
  /** Room kept for its marks. */
  readonly badgeBox: Box;
  readonly territory: Territory;
}

export interface PlacedText {
  readonly text: string;
  /** The text as it is set, where one line finds no room. */
  readonly lines?: readonly string[];
  /** Middle of the text. */
  readonly x: number;
  readonly y: number;
  readonly box: Box;
}

export interface PlacedLink {
  /** Stable, for keys. */
  readonly id: string;
  readonly a: EntityId;
  readonly b: EntityId;
  readonly referencePoint: string;
  /** DNS, and what no reference point names: drawn only while it is in use. */
  readonly quiet: boolean;
  /** Between two security gateways (Za), or a node and its gateway (Zb): whole packets may pass here encrypted. */
  readonly tunnel: boolean;
  readonly path: Path;
  /** Where the path leaves the glyph of `a` and reaches that of `b`, in world units along it. */
  readonly from: number;
  readonly to: number;
  readonly label?: PlacedText;
}

export interface Border {
  readonly x: number;
  readonly top: number;
  readonly bottom: number;
}

export interface Halo {
  readonly name: string;
  readonly members: readonly EntityId[];
  readonly outline: string;
  readonly label?: PlacedText;
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly territories: readonly Territory[];
  readonly entities: readonly PlacedEntity[];
  readonly links: readonly PlacedLink[];
  readonly borders: readonly Border[];
  readonly halos: readonly Halo[];
  /** Room for the legend: beside a title where there is some, else in the lower part of a network, else a line below everything. */
  readonly legend: Box;
  readonly entityById: ReadonlyMap<EntityId, PlacedEntity>;
  /** By `routeKey(a, b)`, both ways round. */
  readonly linkByEnds: ReadonlyMap<string, PlacedLink>;
}

export const routeKey = (from: EntityId, to: EntityId): string => `${from} ${to}`;

/** Where a person dragged an entity: parts (0 to 1) of the room that it has in its territory, so that it survives another shape of the stage. */
export type Moved = Readonly<Record<EntityId, Point>>;

export interface LayoutOptions {
  /** Width of the stage divided by its height; the world is stretched towards it as far as it stays readable. */
  readonly aspect?: number;
  /** Width of the stage, in pixels of a window whose text is 16 of them high: where everything would be too small to be read, it stands closer. */
  readonly stageWidth?: number;
  readonly moved?: Moved;
  /** How many columns the legend has, where it stands beside a title; and how many things it explains. */
  readonly legendColumns?: number;
  readonly legendItems?: number;
}
