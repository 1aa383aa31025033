/** What the page remembers of the person: the theme and the panes' widths. Never anything of a file. */

export type Theme = 'system' | 'light' | 'dark';

interface Stored {
  theme: Theme;
  layersWidth: number;
  detailWidth: number;
}

const KEY = 'porthole settings';
const THEMES: readonly Theme[] = ['system', 'light', 'dark'];

/** Storage is optional: in a private window everything works and is forgotten. */
export class Settings {
  theme = $state<Theme>('system');
  layersWidth = $state(280);
  detailWidth = $state(600);
  /** Of the browser's own bar, by scheme, as the page's head has them. */
  #bars = [...document.querySelectorAll<HTMLMetaElement>('meta[name=theme-color]')].map((meta) => ({
    meta,
    colour: meta.content,
  }));

  /** Reads what is remembered at once, so that the page is never seen in another theme. */
  constructor() {
    try {
      const stored = JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Stored>;
      this.theme = THEMES.find((theme) => theme === stored.theme) ?? 'system';
      if (Number.isFinite(stored.layersWidth)) this.layersWidth = Number(stored.layersWidth);
      if (Number.isFinite(stored.detailWidth)) this.detailWidth = Number(stored.detailWidth);
    } catch {
      // no storage here
    }
    this.#apply();
  }

  nextTheme(): void {
    this.theme = THEMES[(THEMES.indexOf(this.theme) + 1) % THEMES.length] as Theme;
    this.#apply();
    this.save();
  }

  save(): void {
    const { theme, layersWidth, detailWidth } = this;
    try {
      localStorage.setItem(
        KEY,
        JSON.stringify({ theme, layersWidth, detailWidth } satisfies Stored),
      );
    } catch {
      // no storage here
    }
  }

  #apply(): void {
    const { theme } = this;
    if (theme === 'system') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = theme;
    const chosen = this.#bars.find(({ meta }) => meta.media.includes(theme));
    for (const { meta, colour } of this.#bars) meta.content = chosen?.colour ?? colour;
  }
}
