package main

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

const (
	tileHeight = 8 // 256 hashes in a tile
	tilePrefix = "tile/8/"
)

// servedPath is the path of a tile in our log: the library's own has the height in it, and another word for
// entries.
func servedPath(tile tlog.Tile) string {
	path := strings.TrimPrefix(tile.Path(), tilePrefix)
	if tile.L < 0 {
		path = "entries" + strings.TrimPrefix(path, "data")
	}
	return "tile/" + path
}

// parsePath is servedPath's inverse.
func parsePath(path string) (tlog.Tile, error) {
	rest := strings.TrimPrefix(path, "tile/")
	if strings.HasPrefix(rest, "entries/") {
		rest = "data" + strings.TrimPrefix(rest, "entries")
	}
	tile, err := tlog.ParseTilePath(tilePrefix + rest)
	if err == nil && servedPath(tile) != path {
		err = fmt.Errorf("%s is not the path of a tile", path)
	}
	return tile, err
}

// folder is a log on disk as the library's source of tiles.
type folder string

func (f folder) Height() int                         { return tileHeight }
func (f folder) SaveTiles(_ []tlog.Tile, _ [][]byte) {}

func (f folder) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var found [][]byte
	for _, tile := range tiles {
		data, err := os.ReadFile(filepath.Join(string(f), servedPath(tile)))
		if err != nil {
			return nil, err
		}
		found = append(found, data)
	}
	return found, nil
}

// read gives a tile's bytes, as wide as the tile says.
func (f folder) read(tile tlog.Tile) ([]byte, error) {
	data, err := os.ReadFile(filepath.Join(string(f), servedPath(tile)))
	if err == nil && len(data) != tile.W*tlog.HashSize {
		err = fmt.Errorf("%s has %d bytes", servedPath(tile), len(data))
	}
	return data, err
}

// widened is the tile as wide as it is in a tree of the size.
func widened(tile tlog.Tile, size int64) tlog.Tile {
	tile.W = 1 << tileHeight
	if have := size>>uint(tile.L*tileHeight) - tile.N<<tileHeight; have < int64(tile.W) {
		tile.W = int(have)
	}
	return tile
}

// unchecked gives hashes as the tiles of a tree have them.
func (f folder) unchecked(size int64) tlog.HashReaderFunc {
	return func(indexes []int64) ([]tlog.Hash, error) {
		found := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			tile := widened(tlog.TileForIndex(tileHeight, index), size)
			data, err := f.read(tile)
			if err != nil {
				return nil, err
			}
			if found[i], err = tlog.HashFromTile(tile, data, index); err != nil {
				return nil, err
			}
		}
		return found, nil
	}
}

// rootOf is the hash of a full tile, the one that stands in its parent.
func rootOf(tile tlog.Tile, data []byte) (tlog.Hash, error) {
	level := tile.L*tileHeight + tileHeight - 1
	left, err := tlog.HashFromTile(tile, data, tlog.StoredHashIndex(level, 2*tile.N))
	if err != nil {
		return left, err
	}
	right, err := tlog.HashFromTile(tile, data, tlog.StoredHashIndex(level, 2*tile.N+1))
	return tlog.NodeHash(left, right), err
}

// check checks a tile against the signed tree, and gives the hashes in it.
//
// Partial tiles make up the root, which is computed from them; a full tile has its hash in its parent, and so on
// upwards. The library's own TileHashReader has to accept the tile too, but it is not enough: that of x/mod 0.7.0
// leaves some full tiles unchecked. It compares tiles with their parents from the len(stx)th on, as if each of the
// tree's len(stx) parts came from a tile of its own.
func (f folder) check(tree tlog.Tree, tile tlog.Tile) ([]tlog.Hash, error) {
	root, err := tlog.TreeHash(tree.N, f.unchecked(tree.N))
	if err != nil {
		return nil, err
	}
	if root != tree.Hash {
		return nil, errors.New("the tiles at the tree's right edge do not lead to its root")
	}
	for at := tile; at.W == 1<<tileHeight; {
		data, err := f.read(at)
		if err != nil {
			return nil, err
		}
		own, err := rootOf(at, data)
		if err != nil {
			return nil, err
		}
		above, err := f.unchecked(tree.N).ReadHashes([]int64{tlog.StoredHashIndex((at.L+1)*tileHeight, at.N)})
		if err != nil {
			return nil, err
		}
		if above[0] != own {
			return nil, fmt.Errorf("%s does not have its hash in the tile above", servedPath(at))
		}
		at = widened(tlog.Tile{H: tileHeight, L: at.L + 1, N: at.N >> tileHeight}, tree.N)
	}
	indexes := make([]int64, tile.W)
	for i := range indexes {
		indexes[i] = tlog.StoredHashIndex(tile.L*tile.H, tile.N<<tileHeight+int64(i))
	}
	return tlog.TileHashReader(tree, f).ReadHashes(indexes)
}

// checkEntries checks that every entry of a bundle has its hash in the tree.
func (f folder) checkEntries(tree tlog.Tree, bundle tlog.Tile) error {
	below := bundle
	below.L = 0
	known, err := f.check(tree, below)
	if err != nil {
		return err
	}
	data, err := os.ReadFile(filepath.Join(string(f), servedPath(bundle)))
	if err != nil {
		return err
	}
	for _, hash := range known {
		if len(data) < 2 {
			return errors.New("the bundle is cut short")
		}
		length := int(binary.BigEndian.Uint16(data))
		if len(data) < 2+length {
			return errors.New("the bundle is cut short")
		}
		if tlog.RecordHash(data[2:2+length]) != hash {
			return errors.New("an entry of the bundle does not have its hash in the tree")
		}
		data = data[2+length:]
	}
	if len(data) != 0 {
		return errors.New("the bundle goes on after its last entry")
	}
	return nil
}

// tilesOf lists the tiles and bundles of a tree; of a partial tile the library lists every smaller width too.
func tilesOf(size int64) []tlog.Tile {
	widest := map[[2]int64]tlog.Tile{}
	var order [][2]int64
	for _, tile := range tlog.NewTiles(tileHeight, 0, size) {
		at := [2]int64{int64(tile.L), tile.N}
		if _, known := widest[at]; !known {
			order = append(order, at)
		}
		widest[at] = tile
	}
	var found []tlog.Tile
	for _, at := range order {
		tile := widest[at]
		if tile.W == 0 {
			continue
		}
		found = append(found, tile)
		if tile.L == 0 {
			tile.L = -1
			found = append(found, tile)
		}
	}
	return found
}

func (k keys) tile(j job) error {
	tree, tile, err := k.treeAndTile(j)
	if err != nil {
		return err
	}
	_, err = folder(j.Log).check(tree, tile)
	return err
}

func (k keys) bundle(j job) error {
	tree, tile, err := k.treeAndTile(j)
	if err != nil {
		return err
	}
	return folder(j.Log).checkEntries(tree, tile)
}

// treeAndTile gives the signed tree and the tile as wide as it is in it.
func (k keys) treeAndTile(j job) (tlog.Tree, tlog.Tile, error) {
	tree, err := k.checkpoint(j.Checkpoint, false)
	if err != nil {
		return tree, tlog.Tile{}, err
	}
	wanted, err := parsePath(j.Path)
	if err != nil {
		return tree, wanted, err
	}
	for _, tile := range tilesOf(tree.N) {
		if tile == wanted {
			return tree, tile, nil
		}
	}
	return tree, wanted, fmt.Errorf("a tree of %d has no %s", tree.N, j.Path)
}

// wholeLog checks every tile and every entry of the tree that a checkpoint signs; gives how many files.
func (k keys) wholeLog(j job) (int, error) {
	tree, err := k.checkpoint(j.Checkpoint, false)
	if err != nil {
		return 0, err
	}
	if tree.N == 0 && tree.Hash != sha256.Sum256(nil) { // the library has a root of its own for the empty tree
		return 0, errors.New("the root is not that of the empty tree")
	}
	from, all := folder(j.Log), tilesOf(tree.N)
	for _, tile := range all {
		if tile.L < 0 {
			err = from.checkEntries(tree, tile)
		} else {
			_, err = from.check(tree, tile)
		}
		if err != nil {
			return 0, fmt.Errorf("%s: %w", servedPath(tile), err)
		}
	}
	return len(all), nil
}
