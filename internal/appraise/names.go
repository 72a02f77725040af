package appraise

import "stet/internal/news"

// names finds names that came or went in an edited sentence.
func names(e edited, add func(news.Finding)) {}
