/** The window's words by their keys: for walking through it in any language. */
import { readdirSync, readFileSync } from 'node:fs';

export type Language = 'en' | 'zh-CN';

export class Words {
  private readonly messages: Record<string, string>;

  constructor(readonly language: Language) {
    const folder = new URL(`../../ui/src/i18n/${language}/`, import.meta.url);
    const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
    const read = (name: string): unknown => JSON.parse(readFileSync(new URL(name, folder), 'utf8'));
    this.messages = Object.assign({}, ...files.map(read)) as Record<string, string>;
  }

  /** The message, with `{name}` filled in. Plurals are not understood. */
  say(key: string, values: Record<string, string> = {}): string {
    return this.message(key).replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '');
  }

  /** A pattern for a message that begins, or ends, with what cannot be known. */
  like(key: string): RegExp {
    const parts = this.message(key)
      .split(/\{\w+\}/)
      .map(escaped);
    return new RegExp(`^${parts.join('.*')}`);
  }

  private message(key: string): string {
    const message = this.messages[key];
    if (message === undefined) {
      throw new Error(`${this.language} has no words for ${key}`);
    }
    return message;
  }
}

/** A text as a pattern that means it literally. */
export function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
