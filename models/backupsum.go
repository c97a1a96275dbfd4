package models

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"hash"
	"io"
	"os"
)

// A backup ends with the SHA-256 of all before it and backupMark. SQLite's own check does not see a byte that changed inside a
// text. SQLite takes no notice of what comes after its last page, and drops it when it writes to the file: a database that was
// changed since has no sum rather than a wrong one.
const backupMark = "rerate backup 1\n"

const sumSize = sha256.Size + len(backupMark)

// The fields of SQLite's header that change when a file is only opened: whether it has a log, and counters of changes
// (https://sqlite.org/fileformat.html). The sum leaves them out.
var unsummed = [][2]int64{{18, 20}, {24, 28}, {92, 96}, {96, 100}}

// sqliteMagic begins every SQLite database.
const sqliteMagic = "SQLite format 3\x00"

// backupHash is a hash of a database file that is written to it from the first byte on.
type backupHash struct {
	hash.Hash
	at int64
}

func newBackupHash() *backupHash { return &backupHash{Hash: sha256.New()} }

func (h *backupHash) Write(p []byte) (int, error) {
	end := h.at + int64(len(p))
	if h.at < unsummed[len(unsummed)-1][1] {
		p = bytes.Clone(p)
		for _, field := range unsummed {
			for at := max(field[0], h.at); at < min(field[1], end); at++ {
				p[at-h.at] = 0
			}
		}
	}
	h.at = end
	return h.Hash.Write(p)
}

// addSum ends a copy with its sum.
func addSum(file *os.File) error {
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	h := newBackupHash()
	if _, err := io.Copy(h, file); err != nil {
		return err
	}
	_, err := file.Write(append(h.Sum(nil), backupMark...))
	return err
}

// What is wrong with a file that should be a backup. Each goes on after "it is".
var (
	errNotSQLite = errors.New("not a SQLite database")
	errCutOff    = errors.New("not whole: it ends in the middle of a page")
	errChanged   = errors.New("not what was written: its bytes have another sum than it ends with")
)

// copySummed copies a backup without its sum, and reports whether it had one.
func copySummed(to io.Writer, from *os.File) (summed bool, err error) {
	info, err := from.Stat()
	if err != nil {
		return false, err
	}
	head := make([]byte, 18)
	if n, err := from.ReadAt(head, 0); err != nil || n < len(head) || string(head[:16]) != sqliteMagic {
		return false, errNotSQLite
	}
	size, end := info.Size(), make([]byte, sumSize)
	if size > int64(sumSize) {
		if _, err := from.ReadAt(end, size-int64(sumSize)); err != nil {
			return false, err
		}
	}
	if summed = string(end[sha256.Size:]) == backupMark; summed {
		size -= int64(sumSize)
	}
	page := int64(head[16])<<8 | int64(head[17])
	if page == 1 {
		page = 65536
	}
	if page == 0 || size%page != 0 {
		return false, errCutOff
	}
	h := newBackupHash()
	if _, err := io.Copy(io.MultiWriter(to, h), io.NewSectionReader(from, 0, size)); err != nil {
		return false, err
	}
	if summed && !bytes.Equal(h.Sum(nil), end[:sha256.Size]) {
		return false, errChanged
	}
	return summed, nil
}
