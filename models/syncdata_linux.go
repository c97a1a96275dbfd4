package models

import (
	"errors"
	"os"
	"syscall"
)

// syncData brings to the disk what was written to a file, and of what is known about the file only what it is found by.
func syncData(file *os.File) error {
	for {
		if err := syscall.Fdatasync(int(file.Fd())); !errors.Is(err, syscall.EINTR) {
			return err
		}
	}
}
