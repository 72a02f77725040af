package appraise

import (
	"stet/internal/diff"
	"stet/internal/news"
)

func significance(all []news.Finding, s diff.Script, w Weights) ([]news.Reason, float64, bool) {
	return nil, 0, false
}
