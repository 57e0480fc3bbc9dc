/**
 * Reads the container of the page's data: a head in JSON, typed columns, tables of texts.
 *
 * For: main.js. `writers/review_container.py` writes it and describes the form.
 * Never: knows what a column means.
 */

/** @typedef {Uint8Array | Uint16Array | Uint32Array | Int32Array | Float64Array} Column */

const MAGIC = "tagsniff";
const HEAD_START = 16;
const ALIGNMENT = 8;

/** Texts by number. They are parts of one long text, which spares an object for each. */
export class TextTable {
  /**
   * @param {string} all the texts without anything between them
   * @param {Uint32Array} ends the end of each text in UTF-16 code units
   */
  constructor(all, ends) {
    this.all = all;
    this.ends = ends;
    this.length = ends.length;
  }

  /** @param {number} number @returns {number} where a text begins */
  startOf(number) {
    return number > 0 ? this.ends[number - 1] : 0;
  }

  /** @param {number} number @returns {string} */
  get(number) {
    return this.all.slice(this.startOf(number), this.ends[number]);
  }

  /**
   * @param {number} number
   * @param {number} most characters
   * @returns {string} the beginning of a text
   */
  begin(number, most) {
    const start = this.startOf(number);
    return this.all.slice(start, Math.min(this.ends[number], start + most));
  }

  /** @param {number} number @returns {number} the length of a text in UTF-16 code units */
  lengthOf(number) {
    return this.ends[number] - this.startOf(number);
  }
}

/** The columns and the head of a container. */
export class Container {
  /** @param {ArrayBuffer} buffer the bytes after decompression */
  constructor(buffer) {
    const bytes = new Uint8Array(buffer);
    if (String.fromCharCode(...bytes.subarray(0, MAGIC.length)) !== MAGIC) {
      throw new Error("the data of this page are damaged");
    }
    const headLength = new DataView(buffer).getUint32(MAGIC.length, true);
    /** @type {Record<string, any>} */
    this.head = JSON.parse(new TextDecoder().decode(bytes.subarray(HEAD_START, HEAD_START + headLength)));
    this.buffer = buffer;
    this.bodyStart = HEAD_START + headLength;
    if (this.bodyStart % ALIGNMENT) {
      throw new Error("the columns of this page are not where they should be");
    }
  }

  /** @param {string} name @returns {boolean} */
  has(name) {
    return name in this.head.columns;
  }

  /** @param {string} name @returns {Column} the column as it is in the container */
  column(name) {
    const place = this.head.columns[name];
    if (!place) {
      throw new Error(`the data of this page have no column ${name}`);
    }
    const [form, offset, count] = place;
    const start = this.bodyStart + offset;
    switch (form) {
      case "u8":
        return new Uint8Array(this.buffer, start, count);
      case "u16":
        return joinPlanes(new Uint16Array(count), new Uint8Array(this.buffer, start, 2 * count));
      case "u32":
        return joinPlanes(new Uint32Array(count), new Uint8Array(this.buffer, start, 4 * count));
      case "i32":
        return new Int32Array(this.buffer, start, count);
      case "f64":
        return new Float64Array(this.buffer, start, count);
      default:
        throw new Error(`unknown type ${form}`);
    }
  }

  /** @param {string} name @returns {TextTable} */
  texts(name) {
    const lengths = this.column(`${name}.lengths`);
    const bytes = this.column(`${name}.bytes`);
    if (!(bytes instanceof Uint8Array)) {
      throw new Error(`the table ${name} is damaged`);
    }
    const shared = this.column(`${name}.shared`);
    const rests = decodeText(bytes);
    const texts = new Array(lengths.length);
    const ends = new Uint32Array(lengths.length);
    let text = "";
    let start = 0;
    let end = 0;
    for (let at = 0; at < lengths.length; at++) {
      text = text.slice(0, shared[at]) + rests.slice(start, start + lengths[at]);
      start += lengths[at];
      end += text.length;
      texts[at] = text;
      ends[at] = end;
    }
    return new TextTable(texts.join(""), ends);
  }
}

/**
 * Fills a column from the lowest bytes of all its numbers, then the next ones.
 *
 * @template {Uint16Array | Uint32Array} C
 * @param {C} column
 * @param {Uint8Array} planes
 * @returns {C}
 */
function joinPlanes(column, planes) {
  const { length } = column;
  for (let plane = 0, start = 0; start < planes.length; plane++, start += length) {
    const shift = 8 * plane;
    for (let at = 0; at < length; at++) {
      column[at] |= planes[start + at] << shift;
    }
  }
  return column;
}

/**
 * Returns the text of UTF-8 bytes, in which a lone surrogate may have three bytes of its own.
 *
 * @param {Uint8Array} bytes
 * @returns {string}
 */
export function decodeText(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return decodeSurrogates(bytes);
  }
}

/** @param {Uint8Array} bytes @returns {string} */
function decodeSurrogates(bytes) {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const parts = [];
  let start = 0;
  for (let at = 0; at + 2 < bytes.length; at++) {
    // ED A0 80 to ED BF BF: U+D800 to U+DFFF.
    if (bytes[at] === 0xed && bytes[at + 1] >= 0xa0) {
      parts.push(decoder.decode(bytes.subarray(start, at)));
      parts.push(String.fromCharCode(0xd000 | ((bytes[at + 1] & 0x3f) << 6) | (bytes[at + 2] & 0x3f)));
      start = at + 3;
      at = start - 1;
    }
  }
  parts.push(decoder.decode(bytes.subarray(start)));
  return parts.join("");
}

/**
 * Returns the bytes of a container from the text of the data block: gzip in base64.
 *
 * @param {string} text
 * @returns {Promise<ArrayBuffer>}
 */
export async function unpack(text) {
  const packed = atob(text);
  const bytes = new Uint8Array(packed.length);
  for (let at = 0; at < packed.length; at++) {
    bytes[at] = packed.charCodeAt(at);
  }
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).arrayBuffer();
}
