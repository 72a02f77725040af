package web

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"sync"
	"time"

	"stet/internal/news"
)

// access holds who may administer: one-time links not used yet, and sessions.
// Both live in memory only, as digests: a restart ends them, and a dump of the
// process does not open the door.
type access struct {
	now    func() time.Time
	secure bool // served over https: the cookie is bound to the host

	mu       sync.Mutex // protects all below
	links    map[news.Digest]time.Time
	sessions map[news.Digest]time.Time // to the end of each
}

func newAccess(now func() time.Time, secure bool) *access {
	return &access{now: now, secure: secure, links: map[news.Digest]time.Time{}, sessions: map[news.Digest]time.Time{}}
}

// AdminLink makes a new one-time link and gives its path with query. It works
// once, within [AdminLinkLife].
func (s *Site) AdminLink() string {
	token := rand.Text()
	s.access.admit(token)
	return "/admin?token=" + url.QueryEscape(token)
}

// admit makes a token good for one session within AdminLinkLife.
func (a *access) admit(token string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.links[news.Sum([]byte(token))] = a.now().Add(AdminLinkLife)
}

// enter uses a one-time link up and gives the cookie of a new session; false
// if the link is unknown, used or too old. Looking a digest up in a map leaks
// nothing that helps to guess the secret.
func (a *access) enter(token string) (*http.Cookie, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	now, link := a.now(), news.Sum([]byte(token))
	end, ok := a.links[link]
	delete(a.links, link)
	if !ok || !now.Before(end) {
		return nil, false
	}
	a.tidy(now)
	secret := rand.Text()
	a.sessions[news.Sum([]byte(secret))] = now.Add(SessionLife)
	return a.cookie(secret, int(SessionLife/time.Second)), true
}

// tidy drops sessions that ended, and the oldest while there are too many.
func (a *access) tidy(now time.Time) {
	var oldest news.Digest
	for len(a.sessions) > 0 {
		for d, end := range a.sessions {
			if !now.Before(end) {
				delete(a.sessions, d)
			} else if first, ok := a.sessions[oldest]; !ok || end.Before(first) {
				oldest = d
			}
		}
		if len(a.sessions) < MaxSessions {
			return
		}
		delete(a.sessions, oldest)
	}
}

// open reports whether the request belongs to a session.
func (a *access) open(r *http.Request) bool {
	c, err := r.Cookie(a.name())
	if err != nil {
		return false
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	end, ok := a.sessions[news.Sum([]byte(c.Value))]
	return ok && a.now().Before(end)
}

// leave ends the request's session and gives the cookie that takes it away.
func (a *access) leave(r *http.Request) *http.Cookie {
	if c, err := r.Cookie(a.name()); err == nil {
		a.mu.Lock()
		delete(a.sessions, news.Sum([]byte(c.Value)))
		a.mu.Unlock()
	}
	return a.cookie("", -1)
}

// name has the prefix that binds a cookie to host and https (RFC 6265bis) where
// browsers would take it; over plain http, as on loopback, they would not.
func (a *access) name() string {
	if a.secure {
		return "__Host-stet"
	}
	return "stet"
}

// cookie is out of reach of scripts, and not sent along with forms of others.
func (a *access) cookie(value string, maxAge int) *http.Cookie {
	return &http.Cookie{
		Name: a.name(), Value: value, Path: "/", MaxAge: maxAge,
		Secure: a.secure, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	}
}
