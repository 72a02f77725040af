package crawl

import (
	"net/http"
	"strings"
	"time"
)

// Bounds of the time for which a host is left alone after 429 or 503.
const (
	// MaxRetryAfter is the longest Retry-After that is obeyed; longer ones
	// count as this.
	MaxRetryAfter = 24 * time.Hour
	// MinBackOff is used when there is no Retry-After that can be understood;
	// it doubles with each such answer in a row, up to MaxBackOff.
	MinBackOff = time.Minute
	MaxBackOff = time.Hour
)

// readRetry reads a Retry-After (RFC 9110 §10.2.3), seconds or a date, as a
// time from 0 to MaxRetryAfter. ok is false when it is neither.
func readRetry(value string, now time.Time) (d time.Duration, ok bool) {
	value = strings.TrimSpace(value)
	if isDigits(value) {
		return retrySeconds(value), true
	}
	if at, err := http.ParseTime(value); err == nil {
		return min(max(at.Sub(now), 0), MaxRetryAfter), true
	}
	return 0, false
}

// readableRetry reports whether a Retry-After can be understood.
func readableRetry(value string) bool {
	_, ok := readRetry(value, time.Time{})
	return ok
}

// retryDelay is how long a Retry-After leaves the host alone; a date that is
// past, and 0, give 0: ask again when you like (and when the gap is over).
// Missing, negative and senseless values give the back-off after so many
// strikes before.
func retryDelay(value string, now time.Time, strikes int) time.Duration {
	if d, ok := readRetry(value, now); ok {
		return d
	}
	d := MinBackOff
	for range strikes {
		if d *= 2; d >= MaxBackOff {
			return MaxBackOff
		}
	}
	return d
}

// retrySeconds reads digits; any number of them.
func retrySeconds(digits string) time.Duration {
	var d time.Duration
	for _, c := range digits {
		if d = d*10 + time.Duration(c-'0')*time.Second; d >= MaxRetryAfter {
			return MaxRetryAfter
		}
	}
	return d
}

func isDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}
