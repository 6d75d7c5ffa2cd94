// Solves one challenge of ALTCHA, version 2: tries counters until the derived key begins as it must.
"use strict";
const bytes = (hex) => Uint8Array.from(hex.match(/../g) || [], (pair) => parseInt(pair, 16));
const hex = (array) => Array.from(array, (byte) => byte.toString(16).padStart(2, "0")).join("");
const MOST = 100000; // A server that asks for more is not asked again.

self.onmessage = async ({ data }) => {
  try {
    const [kind, hash] = data.algorithm.split("/");
    if (kind !== "PBKDF2") throw new Error("not ours");
    const nonce = bytes(data.nonce);
    const salt = bytes(data.salt);
    const password = new Uint8Array(nonce.length + 4);
    password.set(nonce);
    const counterAt = new DataView(password.buffer, nonce.length);
    for (let counter = 0; counter < MOST; counter += 1) {
      counterAt.setUint32(0, counter);
      const key = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
      const wanted = { name: "PBKDF2", hash, salt, iterations: data.cost };
      const derivedKey = hex(new Uint8Array(await crypto.subtle.deriveBits(wanted, key, data.keyLength * 8)));
      if (derivedKey.startsWith(data.keyPrefix)) {
        self.postMessage({ counter, derivedKey });
        return;
      }
    }
    throw new Error("no counter fits");
  } catch {
    self.postMessage(null);
  }
};
