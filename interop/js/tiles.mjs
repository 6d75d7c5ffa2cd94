// Tiles, entry bundles and consistency proofs, from their specifications (C2SP tlog-tiles; RFC 9162 sections
// 2.1.1 and 2.1.4.2). @sigstore/verify has none of these; the hashes are those of @sigstore/core.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const { crypto } = createRequire(import.meta.url)("@sigstore/core");

const WIDTH = 256; // hashes in a full tile
const HASH = 32; // bytes
const LARGEST = 2n ** 40n; // entries; every tile of a tree is listed

function demand(holds, why) {
  if (!holds) throw new Error(why);
}

const hashOfEntry = (entry) => crypto.digest("sha256", Buffer.of(0), entry);
const hashOfPair = (left, right) => crypto.digest("sha256", Buffer.of(1), left, right);

/** The root over a row of hashes; the last one of an odd number is promoted as it is. */
function rootOf(row) {
  let left = row;
  while (left.length > 1) {
    const above = [];
    for (let at = 0; at < left.length; at += 2) {
      above.push(at + 1 < left.length ? hashOfPair(left[at], left[at + 1]) : left[at]);
    }
    left = above;
  }
  return left[0];
}

function pathOf(level, index, width) {
  const digits = String(index).padStart(Math.ceil(String(index).length / 3) * 3, "0");
  const groups = digits.match(/.../g);
  const name = [...groups.slice(0, -1).map((group) => `x${group}`), groups.at(-1)].join("/");
  return `tile/${level}/${name}${width < WIDTH ? `.p/${width}` : ""}`;
}

/** Every tile of a tree, the lowest level first: level, index, width, and its path as it is served. */
function tilesOf(size) {
  const found = [];
  for (let level = 0, count = size; count > 0; level += 1, count = Math.floor(count / WIDTH)) {
    for (let index = 0; index * WIDTH < count; index += 1) {
      const width = Math.min(WIDTH, count - index * WIDTH);
      found.push({ level, index, width, path: pathOf(level, index, width) });
    }
  }
  return found;
}

/** A log on disk and the size and root that were signed; no hash of it is believed that does not lead there. */
export class Tree {
  constructor(folder, { logSize, logHash }) {
    demand(logSize <= LARGEST, "the tree is too large for this verifier");
    this.folder = folder;
    this.size = Number(logSize);
    this.tiles = tilesOf(this.size);
    this.known = new Map();
    demand(this.rightEdge().equals(logHash), "the tiles at the tree's right edge do not lead to its root");
  }

  hashes({ width, path }) {
    if (!this.known.has(path)) {
      const data = readFileSync(join(this.folder, path));
      demand(data.length === width * HASH, `${path} has ${data.length} bytes`);
      const row = Array.from({ length: width }, (_, at) => data.subarray(at * HASH, (at + 1) * HASH));
      this.known.set(path, row);
    }
    return this.known.get(path);
  }

  /** The tile of a level that holds what stands at this place in the level. */
  holding(level, place) {
    return this.tiles.find((tile) => tile.level === level && tile.index === Math.floor(place / WIDTH));
  }

  /** The root, from the partial tiles: each level's, and behind it what is left of the levels below. */
  rightEdge() {
    let rest = [];
    for (const tile of this.tiles.filter(({ width }) => width < WIDTH)) {
      rest = [rootOf([...this.hashes(tile), ...rest])];
    }
    return rest[0] ?? this.onlyFull();
  }

  /** A tree of no entries; where there are any, the topmost tile is a partial one. */
  onlyFull() {
    demand(this.size === 0, "the tree has no right edge");
    return crypto.digest("sha256", Buffer.alloc(0));
  }

  /** A full tile has its hash in the one above, and so on, up to one that the signed root was made from. */
  check(tile) {
    for (let at = tile; at.width === WIDTH;) {
      const above = this.holding(at.level + 1, at.index);
      const kept = this.hashes(above)[at.index % WIDTH];
      demand(rootOf(this.hashes(at)).equals(kept), `${at.path} does not have its hash in the tile above`);
      at = above;
    }
    return this.hashes(tile);
  }

  /** Every entry of a bundle has its hash in the tile beside it. */
  checkEntries(tile) {
    const known = this.check(tile);
    const path = tile.path.replace("tile/0/", "tile/entries/");
    const data = readFileSync(join(this.folder, path));
    let at = 0;
    for (const hash of known) {
      demand(at + 2 <= data.length, `${path} is cut short`);
      const end = at + 2 + data.readUInt16BE(at);
      demand(end <= data.length, `${path} is cut short`);
      demand(hashOfEntry(data.subarray(at + 2, end)).equals(hash), `an entry of ${path} is not in the tree`);
      at = end;
    }
    demand(at === data.length, `${path} goes on after its last entry`);
  }

  /** One tile or bundle by the path at which it is served. */
  checkPath(path) {
    const bundle = path.startsWith("tile/entries/");
    const tile = this.tiles.find((one) => one.path === (bundle ? path.replace("/entries/", "/0/") : path));
    demand(tile, `a tree of ${this.size} has no ${path}`);
    if (bundle) this.checkEntries(tile);
    else this.check(tile);
  }

  /** Every tile and every entry; gives how many files. */
  checkAll() {
    for (const tile of this.tiles) {
      if (tile.level === 0) this.checkEntries(tile);
      else this.check(tile);
    }
    return this.tiles.length + this.tiles.filter(({ level }) => level === 0).length;
  }
}

/** Whether a proof leads from the root of `before` to that of `after`, both as the library reads checkpoints. */
export function verifyConsistency(before, after, proof) {
  const [old, size] = [before.logSize, after.logSize];
  demand(old > 0n && old <= size, "there is no proof between these sizes");
  if (old === size) {
    demand(proof.length === 0 && before.logHash.equals(after.logHash), "these are two trees of one size");
    return;
  }
  const path = (old & (old - 1n)) === 0n ? [before.logHash, ...proof] : proof;
  demand(path.length > 0, "the proof is cut short");
  let [fn, sn] = [old - 1n, size - 1n];
  const up = () => ([fn, sn] = [fn >> 1n, sn >> 1n]);
  while (fn & 1n) up();
  let [first, second] = [path[0], path[0]];
  for (const hash of path.slice(1)) {
    demand(sn !== 0n, "the proof goes on after its end");
    if (fn & 1n || fn === sn) {
      [first, second] = [hashOfPair(hash, first), hashOfPair(hash, second)];
      while (fn && !(fn & 1n)) up();
    } else second = hashOfPair(second, hash);
    up();
  }
  demand(sn === 0n, "the proof is cut short");
  demand(first.equals(before.logHash) && second.equals(after.logHash), "the proof leads to other roots");
}
