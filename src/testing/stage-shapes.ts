/** Shapes of the stage for tests of its layout: in a window of 1280 by 720 and in one of 1920 by 1080 whose text is larger, beside the inspector, above caption and ladder. */
export const STAGE_SHAPES = [
  ['1280x720', { aspect: 2.88, stageWidth: 896 }],
  ['1920x1080', { aspect: 3.24, stageWidth: 1216 }],
] as const;
