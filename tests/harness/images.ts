/** Pictures as files: good ones, and those that lie. */
import { crc32, deflateSync } from 'node:zlib';
import { Buffer } from 'node:buffer';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

function chunk(kind: string, content: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(kind, 'latin1'), content]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}

function header(width: number, height: number): Buffer {
  const content = Buffer.alloc(13);
  content.writeUInt32BE(width, 0);
  content.writeUInt32BE(height, 4);
  content.set([8, 2], 8); // 8 bits, RGB
  return chunk('IHDR', content);
}

/** A PNG of one colour, with `comment` in its metadata. */
export function png(
  width: number,
  height: number,
  colour: [number, number, number],
  comment = '',
): Buffer {
  const row = Buffer.concat([Buffer.alloc(1), Buffer.alloc(width * 3, Buffer.from(colour))]);
  const pixels = Buffer.concat(Array.from({ length: height }, () => row));
  return Buffer.concat([
    SIGNATURE,
    header(width, height),
    ...(comment === '' ? [] : [chunk('tEXt', Buffer.from(`Comment\0${comment}`, 'latin1'))]),
    chunk('IDAT', deflateSync(pixels)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** A good PNG of exactly so many bytes. */
export function pngOfSize(bytes: number): Buffer {
  const bare = png(64, 64, [10, 120, 60], 'x').length;
  return png(64, 64, [10, 120, 60], 'x'.repeat(bytes - bare + 1));
}

/** A small file that claims to be a picture of 60,000 × 60,000 pixels. */
export function bomb(): Buffer {
  return Buffer.concat([
    SIGNATURE,
    header(60_000, 60_000),
    chunk('IDAT', deflateSync(Buffer.alloc(1 << 20))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** A picture that shows how it was cropped: light above, a horizon, dark below, a sun. */
export function landscape(width: number, height: number): Buffer {
  const pixels = Buffer.alloc((width * 3 + 1) * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const at = y * (width * 3 + 1) + 1 + x * 3;
      const sun = Math.hypot(x - width * 0.55, y - height * 0.42) < height * 0.16;
      const land = y > height * (0.66 + 0.06 * Math.sin((x / width) * 7));
      const down = y / height;
      pixels.set(
        sun
          ? [255, 236, 180]
          : land
            ? [38, 62 - 20 * down, 92]
            : [120 + 110 * down, 150 + 40 * down, 220],
        at,
      );
    }
  }
  return Buffer.concat([
    SIGNATURE,
    header(width, height),
    chunk('IDAT', deflateSync(pixels)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}
