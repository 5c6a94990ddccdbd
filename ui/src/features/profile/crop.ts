/** The square that is cut out of a picture, in the picture's pixels. */
export interface Crop {
  x: number;
  y: number;
  size: number;
}

export interface Picture {
  width: number;
  height: number;
}

/** The smallest square worth cutting out, where the picture is that large. */
const SMALLEST = 96;

export function limits(picture: Picture): { smallest: number; largest: number } {
  const largest = Math.min(picture.width, picture.height);
  return { smallest: Math.min(SMALLEST, largest), largest };
}

function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(value, high));
}

/** The same square, or the nearest one that lies inside the picture. */
export function inside(crop: Crop, picture: Picture): Crop {
  const { smallest, largest } = limits(picture);
  const size = clamp(crop.size, smallest, largest);
  return {
    x: clamp(crop.x, 0, picture.width - size),
    y: clamp(crop.y, 0, picture.height - size),
    size,
  };
}

/** The largest square in the middle. */
export function middle(picture: Picture): Crop {
  const { largest: size } = limits(picture);
  return { x: (picture.width - size) / 2, y: (picture.height - size) / 2, size };
}

export function moved(crop: Crop, right: number, down: number, picture: Picture): Crop {
  return inside({ ...crop, x: crop.x + right, y: crop.y + down }, picture);
}

/** The square with another size around the same centre. */
export function resized(crop: Crop, size: number, picture: Picture): Crop {
  const { smallest, largest } = limits(picture);
  const next = clamp(size, smallest, largest);
  const shift = (crop.size - next) / 2;
  return inside({ x: crop.x + shift, y: crop.y + shift, size: next }, picture);
}

/** In whole pixels, as the host wants it. */
export function whole(crop: Crop, picture: Picture): Crop {
  const { largest } = limits(picture);
  const size = clamp(Math.round(crop.size), 1, largest);
  return {
    x: clamp(Math.round(crop.x), 0, picture.width - size),
    y: clamp(Math.round(crop.y), 0, picture.height - size),
    size,
  };
}
