/**
 * What a server calls things about keys, and which columns its list has. Whether a column has
 * anything to show is a matter of the capabilities.
 */
import type { MessageKey } from '$ui/i18n/index.svelte';
import type { KeyWords } from '$ui/ipc';

export type ColumnId = 'title' | 'key' | 'scopes' | 'added' | 'lastUsed' | 'expired' | 'status';

export interface Vocabulary {
  /** The button that begins a new key, and the dialog behind it. */
  add: MessageKey;
  /** The field that a person knows a key by. */
  title: MessageKey;
  /** The heading of its column. */
  titleColumn: MessageKey;
  titleHint: MessageKey;
  /** Another key is called that. */
  taken: MessageKey;
  scopes: MessageKey;
  added: MessageKey;
  expires: MessageKey;
  /** Names the choice of an end in a form. */
  expiration: MessageKey;
  columns: readonly ColumnId[];
}

const vocabularies: Record<KeyWords, Vocabulary> = {
  title: {
    add: 'key-words.title.add',
    title: 'key-words.title.title',
    titleColumn: 'key-words.title.title',
    titleHint: 'key-words.title.hint',
    taken: 'key-words.title.taken',
    scopes: 'key-words.name.scopes',
    added: 'key-words.title.added',
    expires: 'key-words.title.expires',
    expiration: 'key-words.title.expiration',
    columns: ['title', 'key', 'scopes', 'added', 'lastUsed', 'expired', 'status'],
  },
  keyName: {
    add: 'key-words.key-name.add',
    title: 'key-words.key-name.title',
    titleColumn: 'key-words.key-name.title',
    titleHint: 'key-words.title.hint',
    taken: 'key-words.key-name.taken',
    scopes: 'key-words.key-name.scopes',
    added: 'key-words.name.added',
    expires: 'key-words.key-name.expires',
    expiration: 'key-words.key-name.expires',
    columns: ['title', 'key', 'expired', 'scopes', 'lastUsed', 'status'],
  },
  description: {
    add: 'key-words.description.add',
    title: 'key-words.description.title',
    titleColumn: 'key-words.description.title',
    titleHint: 'key-words.description.hint',
    taken: 'key-words.description.taken',
    scopes: 'key-words.name.scopes',
    added: 'key-words.description.added',
    expires: 'key-words.description.expires',
    expiration: 'key-words.description.expires',
    columns: ['title', 'key', 'scopes', 'lastUsed', 'status', 'added', 'expired'],
  },
  name: {
    add: 'key-words.description.add',
    title: 'key-words.name.title',
    titleColumn: 'key-words.name.column',
    titleHint: 'key-words.title.hint',
    taken: 'key-words.key-name.taken',
    scopes: 'key-words.name.scopes',
    added: 'key-words.name.added',
    expires: 'key-words.name.expires',
    expiration: 'key-words.title.expiration',
    columns: ['title', 'key', 'scopes', 'lastUsed', 'expired', 'status'],
  },
};

/** The words of a server. */
export function wordsOf(words: KeyWords): Vocabulary {
  return vocabularies[words];
}
