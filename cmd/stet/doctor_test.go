package main

import (
	"strings"
	"testing"
)

// Without Chromium in PATH, that is said and nothing is wrong.
func TestNoChromium(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	c := Config{Data: t.TempDir()}
	if found, err := c.checkBrowser(t.Context()); err != nil || found != "no Chromium; no source needs one" {
		t.Errorf("%q, %v", found, err)
	}
}

// As root, Chromium has no sandbox: wrong as soon as a source uses it.
func TestBrowserAs(t *testing.T) {
	for _, tt := range []struct {
		user  int
		users []string
		found string // or what is wrong
		bad   bool
	}{
		{1000, []string{"post"}, "runs in its sandbox", false},
		{1000, nil, "runs in its sandbox", false},
		{0, nil, "would run without its sandbox, as root", false},
		{0, []string{"bell", "post"}, "needed by bell, post", true},
	} {
		found, err := browserAs(tt.user, tt.users)
		if err != nil {
			found = err.Error()
		}
		if (err != nil) != tt.bad || !strings.Contains(found, tt.found) {
			t.Errorf("user %d, sources %q: %q, %v", tt.user, tt.users, found, err)
		}
	}
}
