package survey

import (
	"context"
	"errors"
	"time"

	"rerate/internal/intercom"
	"rerate/internal/jobs"
)

// mostGivenUp is how many jobs that were given up are shown.
const mostGivenUp = 50

// GivenUp lists the work of a workspace that has failed as often as it may, the newest first.
func (s *Service) GivenUp(ctx context.Context, workspace string) ([]jobs.GivenUp, error) {
	return s.queue.GivenUp(ctx, workspace, mostGivenUp)
}

// RetryGivenUp has it tried once more.
func (s *Service) RetryGivenUp(ctx context.Context, workspace string, id int64) error {
	err := s.queue.TryAgain(ctx, workspace, id)
	if errors.Is(err, jobs.ErrNoSuchJob) {
		return Error{Code: NotFound, Sentence: "This work is not waiting for anybody: it has been tried again already, or was deleted after a week.", Cause: err}
	}
	s.tryNow(workspace)
	return err
}

// heldBack says how long no call can be made for a workspace, or answers false. It reads nothing, so that thousands of jobs
// that have to wait take next to nothing from those of others.
func (s *Service) heldBack(workspace string) (wait time.Duration, held bool) {
	if client := s.knownClient(workspace); client != nil {
		return client.Held()
	}
	return 0, false
}

// Trouble reports whether this process has paused its calls for a workspace because Intercom failed again and again.
func (s *Service) Trouble(workspace string) (intercom.Trouble, bool) {
	if client := s.knownClient(workspace); client != nil {
		return client.Trouble()
	}
	return intercom.Trouble{}, false
}

// tryNow ends the pause of a workspace's calls for one of them: somebody asks for it.
func (s *Service) tryNow(workspace string) {
	if client := s.knownClient(workspace); client != nil {
		client.TryNow()
	}
}

func (s *Service) knownClient(workspace string) *intercom.Client {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.clients[workspace].client
}
