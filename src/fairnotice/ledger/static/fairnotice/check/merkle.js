// The Merkle tree of RFC 6962 section 2.1 (RFC 9162 section 2.1) with SHA-256. Sizes and indexes are BigInt.
// A reader is an async function (height, index) -> hash of the complete subtree of 2^height leaves.

import { concat, equal, Refused, sha256 } from "./bytes.js";

export const HASH = 32;
export const MAX_PROOF = 63;

export const leafHash = (entry) => sha256(concat(Uint8Array.of(0), entry));
export const nodeHash = (left, right) => sha256(concat(Uint8Array.of(1), left, right));
export const emptyRoot = () => sha256(new Uint8Array());

const bits = (number) => (number === 0n ? 0 : number.toString(2).length);
const ones = (number) => number.toString(2).replaceAll("0", "").length;

/** Number of hashes that an inclusion proof has; index < size. */
export function inclusionLength(index, size) {
  const inner = bits(index ^ (size - 1n));
  return inner + ones(index >> BigInt(inner));
}

/** Refuse unless the leaf hash is entry `index` of the tree of `size` with this root (RFC 9162 section 2.1.3.2). */
export async function verifyInclusion(index, size, leaf, proof, root) {
  if (index >= size) throw new Refused("proof-index", { number: index + 1n, size });
  if (proof.length !== inclusionLength(index, size)) throw new Refused("proof-length");
  let [fn, sn, result] = [index, size - 1n, leaf];
  for (const item of proof) {
    if (fn & 1n || fn === sn) {
      result = await nodeHash(item, result);
      while (!(fn & 1n) && fn) [fn, sn] = [fn >> 1n, sn >> 1n];
    } else {
      result = await nodeHash(result, item);
    }
    [fn, sn] = [fn >> 1n, sn >> 1n];
  }
  if (!equal(result, root)) throw new Refused("proof-root", { number: index + 1n, size });
}

/** Root over leaves start to end, where start is aligned as the recursion of RFC 6962 aligns it. */
async function rangeRoot(start, end, read) {
  const parts = [];
  for (let at = start; at < end; ) {
    const height = BigInt(bits(end - at) - 1);
    parts.push(await read(Number(height), at >> height));
    at += 1n << height;
  }
  let result = parts.pop();
  while (parts.length) result = await nodeHash(parts.pop(), result);
  return result;
}

/** Root of the tree of the first `size` leaves. */
export async function treeRoot(size, read) {
  return size ? rangeRoot(0n, size, read) : emptyRoot();
}

/** Audit path of leaf `index` in the tree of `size`, leaf's sibling first (RFC 6962 section 2.1.1). */
export async function inclusionProof(index, size, read) {
  const path = [];
  let [start, end] = [0n, size];
  while (end - start > 1n) {
    const middle = start + (1n << BigInt(bits(end - start - 1n) - 1));
    if (index < middle) {
      path.push(await rangeRoot(middle, end, read));
      end = middle;
    } else {
      path.push(await rangeRoot(start, middle, read));
      start = middle;
    }
  }
  return path.reverse();
}

/** Root of a list of leaf hashes (of one tile, say). */
export async function listRoot(hashes) {
  let level = hashes;
  while (level.length > 1) {
    const pairs = [];
    for (let at = 0; at + 1 < level.length; at += 2) pairs.push(nodeHash(level[at], level[at + 1]));
    const next = await Promise.all(pairs);
    if (level.length % 2) next.push(level[level.length - 1]);
    level = next;
  }
  return level[0];
}
