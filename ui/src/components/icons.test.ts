import KeyRound from '@lucide/svelte/icons/key-round';
import Trash2 from '@lucide/svelte/icons/trash-2';
import { render } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';

import Icon from '../../node_modules/@lucide/svelte/dist/Icon.svelte';

function drawing(container: HTMLElement) {
  const svg = container.querySelector('svg');
  if (!svg) throw new Error('no icon');
  const attributes = (element: Element) =>
    Object.fromEntries([...element.attributes].map(({ name, value }) => [name, value]));
  return {
    attributes: { ...attributes(svg), class: [...svg.classList].sort() },
    shapes: [...svg.children].map((shape) => [shape.localName, attributes(shape)] as const),
  };
}

describe('icons', () => {
  it('look as Lucide draws them, and are markup that nothing has to put together', () => {
    const plain = drawing(render(KeyRound).container);
    expect(plain.shapes.map(([tag]) => tag)).toEqual(['path', 'circle']);
    const icon = { name: 'key-round', size: 24, node: plain.shapes };
    const drawn = drawing(render(Icon, { icon: icon as never }).container);
    // Its own class tells what its component has made.
    expect(drawn.attributes.class).toContain('lucide-icon');
    expect(plain.attributes.class).not.toContain('lucide-icon');
    drawn.attributes.class = drawn.attributes.class.filter((name) => name !== 'lucide-icon');
    expect(plain).toEqual(drawn);
  });

  it('keep the name by which they are asked for', () => {
    expect(drawing(render(Trash2).container).attributes.class).toContain('lucide-trash-2');
  });
});
