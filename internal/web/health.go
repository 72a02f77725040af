package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

// healthyArticles is how many articles of the last day a source must have for
// the old health page to be content (K10).
const healthyArticles = 5

// healthCheck is /health/check and /readyz: "OK" after a read of the store (K9).
func (s *Site) healthCheck(w http.ResponseWriter, r *http.Request) error {
	if err := s.store.Ping(r.Context()); err != nil {
		s.log.ErrorContext(r.Context(), "web: store does not answer", "err", err)
		return &problem{Status: http.StatusServiceUnavailable, Title: "store does not answer", Plain: true}
	}
	return s.livez(w, r)
}

// livez says that the process answers, without a look at the store.
func (s *Site) livez(w http.ResponseWriter, _ *http.Request) error {
	h := w.Header()
	h.Set("Content-Type", "text/plain; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	fmt.Fprintln(w, "OK") // a reader who went away is nobody's fault
	return nil
}

// newsArticlesHealth is /news_articles/health: ["OK"|"WARNING", {source: n}],
// the articles of the last day that have a version, by source (K10).
func (s *Site) newsArticlesHealth(w http.ResponseWriter, r *http.Request) error {
	counts, err := s.store.Health(r.Context(), s.now().Add(-24*time.Hour))
	if err != nil {
		return err
	}
	if counts == nil {
		counts = map[string]int{}
	}
	verdict := "OK"
	for _, n := range counts {
		if n < healthyArticles {
			verdict = "WARNING"
		}
	}
	body, err := json.Marshal([]any{verdict, counts})
	if err != nil {
		return fmt.Errorf("health: %w", err)
	}
	w.Header().Set("Cache-Control", "no-store")
	send(w, r, "application/json", time.Time{}, body)
	return nil
}

// robots forbids nothing but the administration (K13).
func (s *Site) robots(w http.ResponseWriter, r *http.Request) error {
	send(w, r, "text/plain; charset=utf-8", time.Time{}, []byte("User-agent: *\nDisallow: /admin\n"))
	return nil
}
