/** What the page remembers of the person: the theme and the panes' widths. Never anything of a file. */
import { get, set } from 'idb-keyval';

export type Theme = 'system' | 'light' | 'dark';

interface Stored {
  theme: Theme;
  layersWidth: number;
  detailWidth: number;
}

const KEY = 'settings';

/** Storage is optional: in a private window everything works and is forgotten. */
export class Settings {
  theme = $state<Theme>('system');
  layersWidth = $state(280);
  detailWidth = $state(600);

  async load(): Promise<void> {
    try {
      const stored = await get<Partial<Stored>>(KEY);
      if (stored?.theme) this.theme = stored.theme;
      if (stored?.layersWidth) this.layersWidth = stored.layersWidth;
      if (stored?.detailWidth) this.detailWidth = stored.detailWidth;
    } catch {
      // no storage here
    }
    this.#apply();
  }

  nextTheme(): void {
    const order: Theme[] = ['system', 'light', 'dark'];
    this.theme = order[(order.indexOf(this.theme) + 1) % order.length] as Theme;
    this.#apply();
    this.save();
  }

  save(): void {
    const { theme, layersWidth, detailWidth } = this;
    set(KEY, { theme, layersWidth, detailWidth } satisfies Stored).catch(() => undefined);
  }

  #apply(): void {
    if (this.theme === 'system') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = this.theme;
  }
}
