/**
 * The formats of secrets, as data: one row each, in files by what they open.
 * A row with `context` is trusted only where one of its words names the value or stands near it;
 * all others are recognised by themselves, wherever they are.
 */
import { AI } from './formats/ai.ts';
import { CLOUDS } from './formats/clouds.ts';
import { CODE_HOSTS } from './formats/code-hosts.ts';
import { DATABASES } from './formats/databases.ts';
import { DEVELOPER } from './formats/developer.ts';
import { IDENTITY } from './formats/identity.ts';
import { INFRASTRUCTURE } from './formats/infrastructure.ts';
import { KEYS } from './formats/keys.ts';
import { MEDIA } from './formats/media.ts';
import { MESSAGING } from './formats/messaging.ts';
import { MONITORING } from './formats/monitoring.ts';
import { PAYMENT } from './formats/payment.ts';
import { PLATFORMS } from './formats/platforms.ts';
import { REGISTRIES } from './formats/registries.ts';
import { WORK } from './formats/work.ts';
import type { FormatRow } from './formats/row.ts';

export type { FormatRow };

/** Every format. Where two match the same text, the more specific one wins, and the first of equals. */
export const FORMATS: readonly FormatRow[] = [
  ...CODE_HOSTS,
  ...REGISTRIES,
  ...INFRASTRUCTURE,
  ...CLOUDS,
  ...PLATFORMS,
  ...DATABASES,
  ...AI,
  ...PAYMENT,
  ...MESSAGING,
  ...WORK,
  ...MEDIA,
  ...IDENTITY,
  ...MONITORING,
  ...DEVELOPER,
  ...KEYS,
];
