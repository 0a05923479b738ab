// Reads a published log with golang.org/x/mod/sumdb/{note,tlog}, code that shares nothing with ours:
//
//	verify_log DIRECTORY VKEY [PROOFS.json]
//
// Tiles and root are rebuilt from the entries and compared; x/mod's own TileHashReader does not authenticate every tile
// that it reads, so it is not used.
package main

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type proofs struct {
	Inclusion []struct {
		Index int64
		Leaf  []byte
		Proof [][]byte
	}
	Consistency []struct {
		OldSize int64
		OldRoot []byte
		Proof   [][]byte
	}
}

func main() {
	size, root := openCheckpoint(os.Args[1], os.Args[2])
	hashes := rebuild(os.Args[1], size)
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		out := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			out[i] = hashes[index]
		}
		return out, nil
	})
	computed, err := tlog.TreeHash(size, reader)
	check(err)
	if computed != root {
		fail("the entries do not hash to the signed root")
	}
	checkTiles(os.Args[1], size, reader)
	if len(os.Args) > 3 {
		checkProofs(os.Args[3], size, root)
	}
	fmt.Printf("ok %d\n", size)
}

func openCheckpoint(directory, vkey string) (int64, tlog.Hash) {
	message, err := os.ReadFile(filepath.Join(directory, "checkpoint"))
	check(err)
	verifier, err := note.NewVerifier(vkey)
	check(err)
	opened, err := note.Open(message, note.VerifierList(verifier))
	check(err)
	lines := strings.Split(opened.Text, "\n")
	if len(lines) < 4 || lines[0] != verifier.Name() {
		fail("the checkpoint is of another log")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	check(err)
	root, err := tlog.ParseHash(lines[2])
	check(err)
	return size, root
}

func rebuild(directory string, size int64) []tlog.Hash {
	var hashes []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		out := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			out[i] = hashes[index]
		}
		return out, nil
	})
	for at := int64(0); at < size; {
		width := size - at
		if width > 256 {
			width = 256
		}
		path := tlog.Tile{H: 8, L: 0, N: at / 256, W: int(width)}.Path()
		data, err := os.ReadFile(filepath.Join(directory, strings.Replace(path, "tile/8/0/", "tile/entries/", 1)))
		check(err)
		for i := int64(0); i < width; i, at = i+1, at+1 {
			if len(data) < 2 || len(data) < 2+int(binary.BigEndian.Uint16(data)) {
				fail("a bundle is cut short")
			}
			length := int(binary.BigEndian.Uint16(data))
			added, err := tlog.StoredHashes(at, data[2:2+length], reader)
			check(err)
			hashes = append(hashes, added...)
			data = data[2+length:]
		}
		if len(data) != 0 {
			fail("a bundle goes on after its entries")
		}
	}
	return hashes
}

func checkTiles(directory string, size int64, reader tlog.HashReader) {
	for level, hashes := 0, size; hashes > 0; level, hashes = level+1, hashes>>8 {
		for at := int64(0); at < hashes; at += 256 {
			width := hashes - at
			if width > 256 {
				width = 256
			}
			checkTile(directory, tlog.Tile{H: 8, L: level, N: at / 256, W: int(width)}, reader)
		}
	}
}

func checkTile(directory string, tile tlog.Tile, reader tlog.HashReader) {
	expected, err := tlog.ReadTileData(tile, reader)
	check(err)
	found, err := os.ReadFile(filepath.Join(directory, strings.Replace(tile.Path(), "tile/8/", "tile/", 1)))
	check(err)
	if !bytes.Equal(expected, found) {
		fail("a tile does not follow from the entries: " + tile.Path())
	}
}

func checkProofs(path string, size int64, root tlog.Hash) {
	text, err := os.ReadFile(path)
	check(err)
	var claims proofs
	check(json.Unmarshal(text, &claims))
	for _, claim := range claims.Inclusion {
		check(tlog.CheckRecord(hashesOf(claim.Proof), size, root, claim.Index, tlog.RecordHash(claim.Leaf)))
	}
	for _, claim := range claims.Consistency {
		check(tlog.CheckTree(hashesOf(claim.Proof), size, root, claim.OldSize, hashOf(claim.OldRoot)))
	}
}

func hashesOf(list [][]byte) []tlog.Hash {
	var out []tlog.Hash
	for _, bytes := range list {
		out = append(out, hashOf(bytes))
	}
	return out
}

func hashOf(bytes []byte) (hash tlog.Hash) {
	copy(hash[:], bytes)
	return
}

func check(err error) {
	if err != nil {
		fail(err.Error())
	}
}

func fail(message string) {
	fmt.Println(message)
	os.Exit(1)
}
