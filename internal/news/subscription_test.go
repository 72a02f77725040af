package news

import (
	"strings"
	"testing"
	"time"
)

// TestSubscriptionTimes: leases, renewals, wakes and confirmations at their edges.
func TestSubscriptionTimes(t *testing.T) {
	for lease, want := range map[time.Duration]time.Duration{
		-1: LeaseAsked, 0: LeaseAsked, 1: 1, MaxGranted: MaxGranted, MaxGranted + 1: MaxGranted,
	} {
		if got := Granted(lease); got != want {
			t.Errorf("Granted(%v) = %v", lease, got)
		}
	}
	for lease, want := range map[time.Duration]time.Duration{
		time.Second: MinRenewal, MinRenewal: MinRenewal, 10 * time.Hour: 8 * time.Hour, LeaseAsked: 8 * 24 * time.Hour,
	} {
		if got := Renewal(lease); got != want {
			t.Errorf("Renewal(%v) = %v", lease, got)
		}
	}
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	for _, x := range []struct {
		woken    time.Duration // before now
		failures int
		want     time.Duration // after now
	}{
		{WakeGap, 0, 0}, {WakeGap - 1, 0, 1}, {0, 0, WakeGap}, {-time.Hour, 0, WakeGap}, {0, 3, 8 * WakeGap}, {0, 8, 256 * WakeGap}, {0, 1000, 256 * WakeGap}, {0, -1, WakeGap},
	} {
		s := Subscription{WokenAt: now.Add(-x.woken)}
		if got := s.Wake(now, x.failures).Sub(now); got != x.want {
			t.Errorf("woken %v ago, %d failures: in %v, want %v", x.woken, x.failures, got, x.want)
		}
	}
	if got := (Subscription{}).Wake(now, 5); !got.Equal(now) {
		t.Errorf("never woken: %v", got)
	}
	for age, want := range map[time.Duration]bool{-1: false, 0: true, ConfirmTime: true, ConfirmTime + 1: false} {
		s := Subscription{Topic: "t", State: Asked, AskedAt: now.Add(-age)}
		if s.Confirms("subscribe", "t", now) != want {
			t.Errorf("asked %v ago: confirms %v", age, !want)
		}
	}
	if s := (Subscription{Topic: "t", State: Asked}); s.Confirms("subscribe", "t", now) {
		t.Error("confirmed without being asked")
	}
}

// TestCheckHub: which hubs and topics can be subscribed to.
func TestCheckHub(t *testing.T) {
	long := "https://hub.example.org/" + strings.Repeat("x", MaxAddress-len("https://hub.example.org/"))
	for _, x := range []struct{ hub, topic, host string }{
		{"https://hub.example.org/", "https://paper.example.org/rss", "hub.example.org"},
		{"http://hub.example.org:8080/a?b=c", "http://paper.example.org/rss", "hub.example.org:8080"},
		{long, long, "hub.example.org"},
		{long + "x", "https://paper.example.org/rss", ""},
		{"https://hub.example.org/", long + "x", ""},
		{"ftp://hub.example.org/", "https://paper.example.org/rss", ""},
		{"https://hub.example.org/", "urn:topic", ""},
		{"https://hub.example.org/", "/rss", ""},
		{"", "", ""},
	} {
		if host, ok := CheckHub(x.hub, x.topic); host != x.host || ok != (x.host != "") {
			t.Errorf("%.60s %.60s: %q %v, want %q", x.hub, x.topic, host, ok, x.host)
		}
	}
}
