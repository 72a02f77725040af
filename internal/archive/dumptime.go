package archive

import (
	"fmt"
	"strings"
	"time"
)

// sqlTime reads a time as databases write it: date and time with a blank or T
// between them, with or without fractions and a zone. zone is of those that name
// none; nil is UTC. Empty, and MySQL's year 0, is no time and no error.
func sqlTime(s string, zone *time.Location) (time.Time, error) {
	s = strings.TrimSpace(s)
	if s == "" || strings.HasPrefix(s, "0000-") {
		return time.Time{}, nil
	}
	if zone == nil {
		zone = time.UTC
	}
	for _, layout := range []string{
		"2006-01-02 15:04:05", "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05Z07",
		"2006-01-02T15:04:05", time.RFC3339, "2006-01-02",
	} {
		if t, err := time.ParseInLocation(layout, s, zone); err == nil {
			return t.UTC(), nil
		}
	}
	return time.Time{}, fmt.Errorf("time %.40q: want a date and a time", s)
}

// at is sqlTime for what must have a time.
func at(s string, zone *time.Location) (time.Time, error) {
	t, err := sqlTime(s, zone)
	if err == nil && t.IsZero() {
		err = fmt.Errorf("without a time")
	}
	return t, err
}
