// A log's published files (C2SP tlog-tiles), each taken only after it was led back to the signed root. What is asked of
// the server is the checkpoint and tiles, as any follower of the log does: no cookie, no referrer, nothing of the file.

import { equal, Refused } from "./bytes.js";
import { HASH, listRoot, treeRoot } from "./merkle.js";

const WIDTH = 256n;
const KEPT = 64; // level-0 tiles in memory; those above are few
const LONGEST = { checkpoint: 1_000_000, tile: Number(WIDTH) * HASH };

async function ask(url, longest) {
  let answer;
  try {
    answer = await fetch(url, {
      cache: "no-cache",
      credentials: "omit",
      mode: "same-origin",
      redirect: "error",
      referrerPolicy: "no-referrer",
    });
  } catch {
    throw new Refused("log-unreachable");
  }
  if (answer.status === 404) return null;
  if (!answer.ok) throw new Refused("log-unreachable");
  const bytes = new Uint8Array(await answer.arrayBuffer());
  if (bytes.length > longest) throw new Refused("log-damaged");
  return bytes;
}

/** The checkpoint's bytes as served below `base` (which ends in a slash); null before the first. */
export const fetchCheckpoint = (base) => ask(`${base}checkpoint`, LONGEST.checkpoint);

/** Path of a tile below the log's prefix, e.g. `tile/0/x001/x234/067` or `tile/1/000.p/12`. */
export function tilePath(level, index, width) {
  const groups = [];
  for (let rest = index; groups.length === 0 || rest > 0n; rest /= 1000n) {
    groups.unshift(`${groups.length ? "x" : ""}${String(rest % 1000n).padStart(3, "0")}`);
  }
  return `tile/${level}/${groups.join("/")}${width < WIDTH ? `.p/${width}` : ""}`;
}

/** The tree of one verified checkpoint, read from tiles. Nothing it returns was not led back to the signed root. */
export class SignedTree {
  constructor(base, size, root, fetchTile = (url) => ask(url, LONGEST.tile)) {
    Object.assign(this, { base, size, root, fetchTile });
    this.edge = new Map();
    this.tiles = new Map();
    this.recent = new Map();
    this.asked = 0;
  }

  /** Fetch the right edge and compare it with the root. Refuses where the log's files and signature disagree. */
  async open() {
    const read = async (height, index) => {
      const level = Math.floor(height / 8);
      const last = this.size >> BigInt(8 * level);
      const tile = this.edge.get(level) ?? (await this.fetch(level, last / WIDTH, last % WIDTH));
      this.edge.set(level, tile);
      return this.within(tile, height - 8 * level, index);
    };
    if (!equal(await treeRoot(this.size, read), this.root)) throw new Refused("log-root");
    return this;
  }

  /** Hash of the complete subtree of 2^height leaves; a reader as merkle.js wants it. */
  read = async (height, index) => {
    const level = Math.floor(height / 8);
    const first = (index << BigInt(height)) >> BigInt(8 * level);
    return this.within(await this.tile(level, first / WIDTH), height - 8 * level, index);
  };

  within(tile, height, index) {
    const start = Number((index << BigInt(height)) % WIDTH);
    return listRoot(tile.slice(start, start + (1 << height)));
  }

  /** Hashes of tile `index` of `level`, as wide as this tree has it. */
  async tile(level, index) {
    const full = (this.size >> BigInt(8 * level)) / WIDTH;
    if (index === full) return this.edge.get(level);
    const name = `${level} ${index}`;
    const kept = this.tiles.get(name) ?? this.recent.get(name);
    if (kept) return kept;
    const tile = await this.fetch(level, index, WIDTH);
    const above = await this.tile(level + 1, index / WIDTH);
    if (!equal(await listRoot(tile), above[Number(index % WIDTH)])) throw new Refused("log-root");
    if (level > 0) this.tiles.set(name, tile);
    else {
      this.recent.set(name, tile);
      if (this.recent.size > KEPT) this.recent.delete(this.recent.keys().next().value);
    }
    return tile;
  }

  async fetch(level, index, width) {
    this.asked += 1;
    let bytes = await this.fetchTile(this.base + tilePath(level, index, width));
    // A log may drop a partial tile once the full one is there.
    if (!bytes && width < WIDTH) bytes = await this.fetchTile(this.base + tilePath(level, index, WIDTH));
    const count = Number(width);
    if (!bytes || bytes.length % HASH || bytes.length < count * HASH) throw new Refused("log-damaged");
    return Array.from({ length: count }, (_, at) => bytes.subarray(at * HASH, (at + 1) * HASH));
  }

  /**
   * Index of a leaf hash among the leaves from `from` on, then among those before; null where it is in none.
   * `progress(done, all)` is called after each tile; it may throw to stop.
   */
  async find(hash, from, progress = () => {}) {
    const last = this.size ? (this.size - 1n) / WIDTH : -1n;
    const first = from < this.size ? from / WIDTH : last + 1n;
    const order = [];
    for (let at = first; at <= last; at += 1n) order.push(at);
    for (let at = 0n; at < first; at += 1n) order.push(at);
    for (const [done, index] of order.entries()) {
      const tile = await this.tile(0, index);
      const place = tile.findIndex((item) => equal(item, hash));
      if (place >= 0) return index * WIDTH + BigInt(place);
      progress(done + 1, order.length);
    }
    return null;
  }
}

