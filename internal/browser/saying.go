package browser

import (
	"strings"
	"sync"
)

// maxSaying is how many bytes of what Chromium prints are kept.
const maxSaying = 4 << 10

// A saying keeps the end of what Chromium prints, for the error when it does
// not start.
type saying struct {
	mu   sync.Mutex // protects text
	text []byte
}

func (s *saying) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.text = append(s.text, b...)
	if over := len(s.text) - maxSaying; over > 0 {
		s.text = append(s.text[:0], s.text[over:]...)
	}
	return len(b), nil
}

// reason gives the line that tells why it ended: the first that says it is
// fatal, or the last.
func (s *saying) reason() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	lines := strings.Split(strings.TrimSpace(string(s.text)), "\n")
	for _, line := range lines {
		if strings.Contains(line, ":FATAL:") {
			return strings.ToValidUTF8(line, "")
		}
	}
	return strings.ToValidUTF8(lines[len(lines)-1], "")
}
