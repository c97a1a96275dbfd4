//go:build !linux

package models

import "os"

// syncData brings to the disk what was written to a file.
func syncData(file *os.File) error { return file.Sync() }
