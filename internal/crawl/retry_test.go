package crawl

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestRetryDelay(t *testing.T) {
	now := time.Date(2031, 5, 4, 9, 0, 0, 0, time.UTC)
	in := func(d time.Duration) string { return now.Add(d).Format(http.TimeFormat) }
	tests := []struct {
		name, value string
		strikes     int
		want        time.Duration
	}{
		{"seconds", "120", 0, 2 * time.Minute},
		{"seconds with spaces", " 120 ", 0, 2 * time.Minute},
		{"no wish", "0", 3, 0},
		{"at the limit", "86400", 0, MaxRetryAfter},
		{"over the limit", "86401", 0, MaxRetryAfter},
		{"absurd", strings.Repeat("9", 5000), 0, MaxRetryAfter},
		{"a date", in(time.Hour), 0, time.Hour},
		{"a date that is past", in(-time.Hour), 0, 0},
		{"a date at the limit", in(24 * time.Hour), 0, MaxRetryAfter},
		{"a date too far away", in(25 * time.Hour), 0, MaxRetryAfter},
		{"the end of time", "Fri, 31 Dec 9999 23:59:59 GMT", 0, MaxRetryAfter},
		{"an old form of date", now.Add(time.Hour).Format(time.RFC850), 0, time.Hour},
		{"the beginning of time", "Thu, 01 Jan 1970 00:00:00 GMT", 0, 0},
		{"a third form of date", now.Add(time.Hour).Format(time.ANSIC), 0, time.Hour},
		{"a date of now", in(0), 2, 0},
		{"just ahead", in(time.Second), 0, time.Second},
		{"a date that does not exist", "Fri, 31 Feb 2031 09:00:00 GMT", 0, MinBackOff},
		{"a date of year 0", "Sat, 01 Jan 0000 00:00:00 GMT", 0, 0},
		{"a date of year 10000", "Sat, 01 Jan 10000 00:00:00 GMT", 0, MinBackOff},
		{"a date of another zone", "Sun, 04 May 2031 11:00:00 CEST", 0, MinBackOff},
		{"a date without its day", "04 May 2031 10:00:00 GMT", 0, MinBackOff},
		{"in the form of RFC 3339", "2031-05-04T10:00:00Z", 0, MinBackOff},
		{"just below the limit", "86399", 0, MaxRetryAfter - time.Second},
		{"over 64 bits", "18446744073709551617", 0, MaxRetryAfter},
		{"that would wrap to a small number", "9223372037", 0, MaxRetryAfter},
		{"zeros before it", "000000000000000000000000120", 0, 2 * time.Minute},
		{"minus nothing", "-0", 0, MinBackOff},
		{"minus one", "-1", 2, 4 * MinBackOff},
		{"a sign", "+120", 0, MinBackOff},
		{"a power", "1e9", 0, MinBackOff},
		{"hexadecimal", "0x78", 0, MinBackOff},
		{"with a unit", "120s", 0, MinBackOff},
		{"two values", "120, 240", 0, MinBackOff},
		{"other digits", "１２０", 0, MinBackOff},
		{"broken bytes", "\xff\xfe", 0, MinBackOff},
		{"spaces alone", "   ", 0, MinBackOff},
		{"missing", "", 0, MinBackOff},
		{"missing again", "", 1, 2 * MinBackOff},
		{"missing the fifth time", "", 5, 32 * MinBackOff},
		{"missing the sixth time", "", 6, MaxBackOff},
		{"missing for ever", "", 1000, MaxBackOff},
		{"negative", "-99999999999", 0, MinBackOff},
		{"a fraction", "1.5", 0, MinBackOff},
		{"words", "soon", 0, MinBackOff},
	}
	for _, x := range tests {
		if got := retryDelay(x.value, now, x.strikes); got != x.want {
			t.Errorf("%s: got %v, want %v", x.name, got, x.want)
		}
	}
}

// A date is by the clock of the host that sent it, however wrong ours is; its
// answer says what time it has.
func TestRetryDate(t *testing.T) {
	theirs := time.Date(2031, 5, 4, 9, 0, 0, 0, time.UTC)
	in := theirs.Add(10 * time.Minute).Format(http.TimeFormat)
	for name, x := range map[string]struct {
		ours time.Time
		date string
		want time.Duration
	}{
		"both clocks right":        {theirs, theirs.Format(http.TimeFormat), 10 * time.Minute},
		"ours ten years behind":    {theirs.AddDate(-10, 0, 0), theirs.Format(http.TimeFormat), 10 * time.Minute},
		"ours ten years ahead":     {theirs.AddDate(10, 0, 0), theirs.Format(http.TimeFormat), 10 * time.Minute},
		"theirs not told":          {theirs.Add(time.Minute), "", 9 * time.Minute},
		"theirs not told, behind":  {theirs.AddDate(-10, 0, 0), "", MaxRetryAfter},
		"theirs not told, ahead":   {theirs.AddDate(10, 0, 0), "", 0},
		"theirs told in nonsense":  {theirs, "today", 10 * time.Minute},
		"theirs far from the wish": {theirs, "Thu, 01 Jan 1970 00:00:00 GMT", MaxRetryAfter},
	} {
		h := host{}
		a := busy(503, in)
		a.date = x.date
		if h.learn(a, 0, x.ours); h.quiet != x.want {
			t.Errorf("%s: %v, want %v", name, h.quiet, x.want)
		}
	}
}

func FuzzRetryDelay(f *testing.F) {
	f.Add("120", 0)
	f.Add("Fri, 31 Dec 9999 23:59:59 GMT", 3)
	f.Add("-1", 100)
	f.Fuzz(func(t *testing.T, value string, strikes int) {
		now := time.Date(2031, 5, 4, 9, 0, 0, 0, time.UTC)
		if d := retryDelay(value, now, strikes%10_000); d < 0 || d > MaxRetryAfter {
			t.Errorf("%q: %v", value, d)
		}
	})
}
