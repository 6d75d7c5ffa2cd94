package main

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// stored holds the hashes of a tree in the library's own order.
type stored []tlog.Hash

func (s stored) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	found := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		if index >= int64(len(s)) {
			return nil, fmt.Errorf("hash %d is not stored", index)
		}
		found[i] = s[index]
	}
	return found, nil
}

// cosigningKey signs as a witness does, at a fixed time.
type cosigningKey struct {
	cosigner
	private ed25519.PrivateKey
	time    uint64
}

func (c *cosigningKey) Sign(text []byte) ([]byte, error) {
	blob := make([]byte, 8)
	binary.BigEndian.PutUint64(blob, c.time)
	return append(blob, ed25519.Sign(c.private, cosignatureMessage(c.time, text))...), nil
}

// write puts bytes below the folder.
func write(folder, path string, data []byte) error {
	file := filepath.Join(folder, path)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	return os.WriteFile(file, data, 0o644)
}

// makeLog has the library make a log: for each published size the tiles, bundles, a cosigned checkpoint and a
// consistency proof from the size before; and inclusion proofs. Entry i is the text "entry i", a line feed after it.
func makeLog(j job, origin string) error {
	signer, err := newSigner(origin, j.Seed)
	if err != nil {
		return err
	}
	witness, err := newCosigner(j.Cosigner)
	if err != nil {
		return err
	}
	var hashes stored
	var entries [][]byte
	for i := 0; i < j.Count; i++ {
		entries = append(entries, []byte(fmt.Sprintf("entry %d\n", i)))
		more, err := tlog.StoredHashes(int64(i), entries[i], hashes)
		if err != nil {
			return err
		}
		hashes = append(hashes, more...)
	}
	old := 0
	for _, size := range j.Sizes {
		signed, err := signTree(int64(size), hashes, origin, signer, witness)
		if err != nil {
			return err
		}
		if err := write(j.Folder, fmt.Sprintf("checkpoints/%d", size), signed); err != nil {
			return err
		}
		if err := writeTiles(j.Folder, int64(size), hashes, entries); err != nil {
			return err
		}
		if old > 0 {
			proof, err := tlog.ProveTree(int64(size), int64(old), hashes)
			if err != nil {
				return err
			}
			head := fmt.Sprintf("old %d\n", old)
			if err := writeProof(j.Folder, fmt.Sprintf("consistency/%d-%d", old, size), head, proof, signed); err != nil {
				return err
			}
		}
		for _, wanted := range j.Prove {
			if wanted[0] != size {
				continue
			}
			proof, err := tlog.ProveRecord(int64(size), int64(wanted[1]), hashes)
			if err != nil {
				return err
			}
			head := fmt.Sprintf("%s\nindex %d\n", proofHeader, wanted[1])
			name := fmt.Sprintf("inclusion/%d-%d", size, wanted[1])
			if err := writeProof(j.Folder, name, head, proof, signed); err != nil {
				return err
			}
		}
		old = size
	}
	return nil
}

func writeProof(folder, name, head string, path []tlog.Hash, signed []byte) error {
	var text strings.Builder
	text.WriteString(head)
	for _, hash := range path {
		text.WriteString(hash.String() + "\n")
	}
	return write(folder, name, append([]byte(text.String()+"\n"), signed...))
}

func signTree(size int64, hashes stored, origin string, signers ...note.Signer) ([]byte, error) {
	root, err := tlog.TreeHash(size, hashes)
	if err != nil {
		return nil, err
	}
	text := strings.Replace(string(tlog.FormatTree(tlog.Tree{N: size, Hash: root})), treeHeader, origin+"\n", 1)
	return note.Sign(&note.Note{Text: text}, signers...)
}

func writeTiles(folder string, size int64, hashes stored, entries [][]byte) error {
	for _, tile := range tilesOf(size) {
		var data []byte
		var err error
		if tile.L < 0 {
			data = bundleOf(entries[tile.N<<tileHeight : tile.N<<tileHeight+int64(tile.W)])
		} else if data, err = tlog.ReadTileData(tile, hashes); err != nil {
			return err
		}
		if err := write(folder, servedPath(tile), data); err != nil {
			return err
		}
	}
	return nil
}

func bundleOf(entries [][]byte) []byte {
	var out bytes.Buffer
	for _, entry := range entries {
		length := make([]byte, 2)
		binary.BigEndian.PutUint16(length, uint16(len(entry)))
		out.Write(length)
		out.Write(entry)
	}
	return out.Bytes()
}

func newSigner(name, seed64 string) (note.Signer, error) {
	seed, err := base64.StdEncoding.DecodeString(seed64)
	if err != nil || len(seed) != ed25519.SeedSize {
		return nil, fmt.Errorf("a seed is 32 bytes in base64")
	}
	public := ed25519.NewKeyFromSeed(seed).Public().(ed25519.PublicKey)
	vkey, err := note.NewEd25519VerifierKey(name, public)
	if err != nil {
		return nil, err
	}
	hash := strings.SplitN(vkey, "+", 3)[1]
	private := base64.StdEncoding.EncodeToString(append([]byte{1}, seed...))
	return note.NewSigner("PRIVATE+KEY+" + name + "+" + hash + "+" + private)
}

func newCosigner(seed64 string) (note.Signer, error) {
	seed, err := base64.StdEncoding.DecodeString(seed64)
	if err != nil || len(seed) != ed25519.SeedSize {
		return nil, fmt.Errorf("a seed is 32 bytes in base64")
	}
	private := ed25519.NewKeyFromSeed(seed)
	public := private.Public().(ed25519.PublicKey)
	const name = "witness.example.net"
	return &cosigningKey{cosigner{name, cosignerHash(name, public), public}, private, 1767225600}, nil
}
