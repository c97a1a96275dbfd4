package models_test

import (
	"os/exec"
	"testing"

	"rerate/models"
	"rerate/models/modelstest"
)

// A database is free as soon as nobody serves it any more, whatever programs are being started meanwhile: each has
// everything that this process has opened, until it runs.
func TestWhoLeavesADatabaseLeavesIt(t *testing.T) {
	t.Parallel()
	url := modelstest.Empty(t, models.SQLite)
	stop, ended := make(chan struct{}), make(chan error)
	const starters = 4
	for range starters {
		go func() {
			for {
				select {
				case <-stop:
					ended <- nil
					return
				default:
				}
				if err := exec.Command("true").Run(); err != nil {
					ended <- err
					return
				}
			}
		}()
	}
	for range 500 {
		leave, err := models.Serve(url)
		if err != nil {
			t.Error(err)
			break
		}
		leave()
	}
	close(stop)
	for range starters {
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
}
