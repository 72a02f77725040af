package appraise

import "stet/internal/news"

func negations(e edited, add func(news.Finding)) {}
