/**
 * Which of an image's layers came with its base image. Nothing in an image says so; its history shows it:
 * a base image ends with the command it starts by default, and what was built on top comes after.
 */
import type { HistoryStep, Image } from './model.ts';
import { instruction } from './config.ts';

/** The border between an image's base and what was built on top of it. */
export interface BaseLayers {
  /** Layers of the base, from the bottom; 0 where the history shows no base. */
  count: number;
  /** The name of the base, where a label gives it. */
  name: string | undefined;
}

const BASE_NAME = 'org.opencontainers.image.base.name';
const DEFAULT_COMMAND = /^(CMD|ENTRYPOINT)\b/;

/** Finds the border. An image that only names layers has none that can be seen. */
export function baseLayers(image: Image): BaseLayers {
  const name = image.labels.find(([key]) => key === BASE_NAME)?.[1];
  let at = image.history.length - 1;
  // The image's own closing steps come last.
  while (at >= 0 && image.history[at]?.layer === undefined) at--;
  for (; at >= 0; at--) {
    const step = image.history[at] as HistoryStep;
    if (step.layer !== undefined || !DEFAULT_COMMAND.test(instruction(step.createdBy))) continue;
    const below = image.history.slice(0, at).flatMap(({ layer }) => layer ?? []);
    return { count: Math.min(below.length, image.layers.length), name };
  }
  return { count: 0, name };
}
