package folio

import (
	"context"
	"math/rand/v2"
	"time"

	"google.golang.org/grpc/codes"
)

const (
	firstWait   = 100 * time.Millisecond
	longestWait = 5 * time.Second
)

// patience waits between attempts to get a lost connection back: 0.1 s doubled up to 5 s, less up to a half by chance,
// at least as long as the server asks for.
type patience struct {
	limit        time.Duration
	wait         time.Duration
	firstFailure time.Time
}

func newPatience(limit time.Duration) *patience { return &patience{limit: limit, wait: firstWait} }

// reset says that something went well: patience begins anew.
func (p *patience) reset() { p.wait, p.firstFailure = firstWait, time.Time{} }

// after waits before the next attempt. It returns why there is to be none: the error, where it is not one that time
// heals or the patience is at its end, or that of the context.
func (p *patience) after(ctx context.Context, err error) error {
	failed := asError(err)
	if failed.Code != codes.Unavailable && failed.Code != codes.ResourceExhausted && !isBusy(failed) {
		return err
	}
	now := time.Now()
	if p.firstFailure.IsZero() {
		p.firstFailure = now
	}
	wait := max(p.wait/2+rand.N(p.wait/2), failed.RetryAfter)
	if now.Add(wait).Sub(p.firstFailure) > p.limit {
		return err
	}
	p.wait = min(p.wait*2, longestWait)
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return typed(ctx.Err(), nil)
	}
}

// isBusy says that the server still holds an import by its id: over a connection that it does not know to be lost, or
// for somebody else.
func isBusy(failed *Error) bool {
	return failed.Code == codes.Aborted && failed.Reason == "IMPORT_ID_BUSY"
}
